"""A small house for tests: every kind of step once."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from ivr.clock import ManualClock
from ivr.handlers import installed
from ivr.reception import Reception
from ivr.scripted import ScriptedCall, live_through
from ivr.table import load

HOUSE = """
house:
  name: {zh: 试验公司, en: Test Company}
  country: CN
  timezone: Asia/Shanghai
  languages: {zh: {zh: 普通话, en: Mandarin}, en: {zh: 英语, en: English}}
numbers:
  "1000": {to: menu/main, hours: office}
  "2000": {to: department/sales, language: en}
  "*": {to: menu/main, hours: office}
hours:
  office: {mon-fri: "09:00-12:00, 13:30-18:00"}
operator:
  name: {zh: 总机, en: the operator}
  ring: {phones: [8001]}
menus:
  main:
    name: {zh: 主菜单, en: main menu}
    direct_dial: yes
    keys:
      1: department/sales
      2: department/support
      3: announcement/address
      9: language/en
      0: operator
departments:
  sales:
    name: {zh: 销售部, en: Sales}
    hours: office
    ring: {phones: [8001, 8002], how: together, time: 25s}
    closed: message/sales
    ends: {busy: hold/sales, otherwise: message/sales}
  support:
    name: {zh: 技术支持, en: Support}
    ring: {phones: [8003, 8004], how: in-turn, time: 20s}
extensions:
  8001: {name: {zh: 张三, en: Zhang San}}
  8002: {name: {zh: 李四, en: Li Si}}
  8003: {name: {zh: 王五, en: Wang Wu}}
  8004: {name: {zh: 赵六, en: Zhao Liu}, do_not_disturb: yes}
holds:
  sales: {for: department/sales, rounds: 3}
messages:
  sales: {shortest: 1s}
announcements:
  address: {name: {zh: 地址, en: address}, say: {zh: 我们在天河路一号。, en: We are at 1 Tianhe Road.}, then: menu/main}
"""

SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)  # a Friday, open
LUNCH = datetime(2026, 11, 20, 12, 30, tzinfo=SHANGHAI)
NIGHT = datetime(2026, 11, 20, 23, 0, tzinfo=SHANGHAI)


def house(text: str = HOUSE):
    return load(text, name="house.yaml")


def caller(at: datetime = MORNING, table=None, **script) -> ScriptedCall:
    """A caller who dials 1000 at `at`, with the script given."""
    return ScriptedCall(table or house(), ManualClock(at.astimezone(UTC)), **script)


def lives_through(call: ScriptedCall) -> list[str]:
    """The whole call; the names of what was heard, in order."""
    live_through(call, Reception(installed()))
    return [one.name for one in call.heard]
