"""The Mermaid text, whole; and nothing that the table's words could do to it."""

import re

from ivr.drawing import flow, mermaid
from ivr.table import load
from tests.house import HOUSE, house

EVIL = '"]; end %% <script>alert(1)</script> | `x` }} ]) --> n1 #quot;'


def test_the_house():
    assert (
        mermaid(flow(house(), "en")).split("  classDef")[0]
        == """\
%% Test Company / 试验公司, house.yaml
flowchart LR
  n1(["<b>1000<br/>any other number</b><br/>◷ Mon–Fri 09:00–12:00, 13:30–18:00"]):::number
  n2(["<b>2000</b><br/>English"]):::number
  n3{{"<b>main menu</b><br/><i>主菜单</i><br/>9 English<br/>☎ or an extension, dialled at once<br/>\
3: ♪ address"}}:::menu
  n4["<b>Sales</b><br/><i>销售部</i><br/>◷ Mon–Fri 09:00–12:00, 13:30–18:00<br/>☎ 8001 + 8002, 25 s<br/>\
closed, lunch, otherwise: ✉ message<br/>busy: ⧗ waits 3 × 20 s, then ✉ message"]:::department
  n5["<b>Support</b><br/><i>技术支持</i><br/>◷ day and night<br/>☎ 8003 → 8004, each 20 s<br/>\
not answered: ✉ message"]:::department
  n6["<b>the operator</b><br/><i>总机</i><br/>◷ day and night<br/>☎ 8001, 25 s<br/>not answered: ✉ message"]:::operator
  n1 --> n3
  n2 --> n4
  n3 -->|"1"| n4
  n3 -->|"2"| n5
  n3 -->|"0, no key, wrong keys"| n6
"""
    )


def test_what_a_table_says_can_end_nothing():
    text = HOUSE.replace("en: Sales}", f"en: '{EVIL}'}}").replace("en: Test Company", f"en: '{EVIL}'")
    lines = mermaid(flow(load(text, name="a\tb.yaml"), "en")).splitlines()
    plain = mermaid(flow(house(), "en")).splitlines()
    assert len(lines) == len(plain)
    for line in lines:
        # Outside of quotes there is only what we have written.
        outside = re.sub(r'"[^"]*"', "", line)
        assert re.fullmatch(
            r"%%.*|flowchart LR|  n\d+[\[({]*[\])}]*:::\w+|  n\d+ -[-.]+>(\|\|)? n\d+|  classDef .*", outside
        )
        assert "<script" not in line
