"""What `ivr doctor` finds."""

import shutil
from contextlib import closing
from datetime import UTC, datetime

import gevent
import pytest

from ivr.clock import ManualClock
from ivr.data_folder import FOLDERS
from ivr.doctor import examine
from ivr.gevent_clock import SystemClock
from ivr.health import Health, Report
from ivr.records import patient_server
from ivr.settings import Settings
from ivr.share import shared
from ivr.store import Store
from ivr.table import load
from ivr.tables import Archive, Live
from ivr.tables.lines import Lines
from tests.esl.control_peer import ControlPeer
from tests.house import HOUSE

CLOCK = ManualClock(datetime(2026, 11, 20, tzinfo=UTC))


def change(conf, old: str, new: str) -> None:
    """Another value in vars.xml."""
    told = (conf / "vars.xml").read_text()
    assert old in told
    (conf / "vars.xml").write_text(told.replace(old, new))


@pytest.fixture
def machine(tmp_path):
    """A machine on which everything but the running line is in place."""
    data = tmp_path / "data"
    for folder in (data, *(data / name for name in FOLDERS)):
        folder.mkdir()
        folder.chmod(0o2770)
    conf = tmp_path / "conf"
    shutil.copytree(shared("freeswitch-conf"), conf)
    for old, new in [("/var/lib/ivr", str(data)), ("change-me-too", "a1"), ("change-me", "b2")]:
        change(conf, old, new)
    return Settings(table=shared("routes.yaml"), data=data), conf


def worse(machine, level="error"):
    settings, conf = machine
    return [what for found, what in examine(settings, CLOCK, conf) if found == level]


def test_a_machine_in_order_has_no_errors(machine):
    assert worse(machine) == []
    assert [what.split(":")[0] for what in worse(machine, "warning")] == [
        "no line listens for calls on 127.0.0.1", "no line listens for call records on 127.0.0.1",
    ]  # fmt: skip


def test_a_gateway_for_emergencies_is_insisted_on(machine):
    _settings, conf = machine
    (conf / "sip_profiles" / "internal" / "carrier.xml").unlink()
    assert worse(machine) == ["no SIP profile has a gateway named 'carrier': 110, 119 and 120 lead nowhere (rule F4)"]
    change(conf, "ivr_emergency_gateway=carrier", "ivr_emergency_gateway=")
    assert worse(machine) == ["ivr_emergency_gateway is not set: 110, 119 and 120 lead nowhere (rule F4)"]


@pytest.fixture
def lived(machine):
    """The same machine, on which a table is live."""
    machine = with_table(machine, HOUSE)
    archive, table = Archive(machine[0].data / "tables"), load(HOUSE)
    archive.keep(table)
    archive.set_live(Live(table.version, CLOCK.now(), "start", "routes.yaml"))
    return machine, archive


def test_the_live_table_and_the_lines_that_have_another(lived):
    machine, archive = lived
    since = f"version {archive.live().version} is live since 2026-11-20 00:00:00 UTC, by start"
    assert since in worse(machine, "ok")
    Lines(archive.folder / "lines").tell("127.0.0.1:8084", "a" * 12, 0, CLOCK.now())
    told = [what for what in worse(machine, "warning") if what.startswith("the line ")]
    assert [what.partition(") ")[2] for what in told] == ["has version aaaaaaaaaaaa, which is not live"]


def test_a_table_that_is_not_what_is_live(lived):
    machine, archive = lived
    version = archive.live().version
    since = f"version {version} is live since 2026-11-20 00:00:00 UTC, by start"
    better = HOUSE.replace("试验公司", "更好公司")
    file = with_table(machine, better)[0].table
    assert f"{file} is not what is live: `ivr reload` takes it or says why not; {since}" in worse(machine, "warning")
    archive.set_live(archive.live().then(load(better).version, CLOCK.now(), "root", "routes.yaml").back(CLOCK.now()))
    assert worse(machine)[0].startswith(f"{file} was live and failed (`ivr tables list`); version {version} is live")
    with_table(machine, "numbers: {}\n")
    assert worse(machine)[1].startswith(f"version {version} is live since")
    assert worse(machine)[1].endswith(f"the last good table, in place of {file}")


def with_table(machine, text: str):
    """The same machine, with this routing table."""
    settings, conf = machine
    table = settings.data.parent / "routes.yaml"
    table.write_text(text)
    return Settings(table=table, data=settings.data), conf


def test_a_line_that_freeswitch_does_not_ask_and_one_of_several_that_it_asks(machine):
    _, conf = machine
    for number in "12":
        change(conf, f"ivr_line_{number}=127.0.0.1:8084", f"ivr_line_{number}=10.0.0.1:8084")
    assert worse(machine) == ["neither ivr_line_1 nor ivr_line_2 is 127.0.0.1:8084, where this line listens"]
    change(conf, "ivr_line_1=10.0.0.1:8084", "ivr_line_1=127.0.0.1:8084|10.0.0.1:8084")
    assert worse(machine) == []


def test_an_emergency_number_of_the_table_that_freeswitch_does_not_know(machine):
    text = shared("routes.yaml").read_text().replace("  country: CN", "  emergency: [12395]\n  country: CN")
    assert worse(with_table(machine, text)) == [
        "house.emergency has 12395, FreeSWITCH does not know: ivr_emergency_more=12395 (rule F4)",
    ]


WITH_ENTRY = HOUSE.replace('  "2000": {to', '  "4119": {to: department/support, emergency: yes}\n  "2000": {to')


def test_emergency_entries_need_a_door_that_freeswitch_knows(machine):
    machine = with_table(machine, WITH_ENTRY)
    _, conf = machine
    assert [what for what in worse(machine, "warning") if "(rule F3)" in what] == [
        "ivr_emergency_entries is none, the table's numbers with `emergency: yes` are 4119: ivr_emergency_entries=4119 "
        "(rule F3)",
        "emergencies come in where all callers do, and past the hard limit nobody is let in: give them a door of their "
        "own with --emergency-listen (rule F3)",
    ]
    change(conf, "ivr_emergency_entries=none", "ivr_emergency_entries=4119")
    with_door = Settings(table=machine[0].table, data=machine[0].data, emergency_listen="0.0.0.0:8087"), conf
    assert worse(with_door) == [
        "neither ivr_emergency_line_1 nor ivr_emergency_line_2 is 0.0.0.0:8087, where this line takes emergencies "
        "(rule F3)"
    ]
    change(conf, "ivr_emergency_line_2=127.0.0.1:8084", "ivr_emergency_line_2=10.0.0.2:8087")
    assert worse(with_door) == []
    assert "no line listens for emergencies on 0.0.0.0:8087" in [
        what.split(" (")[0] for what in worse(with_door, "warning")
    ]


def test_entries_that_freeswitch_has_and_the_table_has_not(machine):
    _, conf = machine
    change(conf, "ivr_emergency_entries=none", "ivr_emergency_entries=4119")
    assert (
        "ivr_emergency_entries is 4119, the table's numbers with `emergency: yes` are none: ivr_emergency_entries=none"
        " (rule F3)"
    ) in worse(machine, "warning")


@pytest.fixture
def asked(machine):
    """`asked(*reports)`: what is found of a line that says this of itself."""

    def found(*reports):
        settings, conf = machine
        server = patient_server(("127.0.0.1", 0), Health(lambda: reports).wsgi, SystemClock(), 5)
        server.start()
        told = Settings(table=settings.table, data=settings.data, health_listen=f"127.0.0.1:{server.server_port}")
        try:
            # In a thread, as another program asks
            return gevent.get_hub().threadpool.apply(lambda: list(examine(told, CLOCK, conf)))
        finally:
            server.stop(1)

    return found


def test_a_line_that_is_well_says_so(asked):
    found = asked(Report(worker=0))
    assert ("ok", "the line: well: 1 of 1 workers live") in found
    assert ("ok", "the line: ready: 1 of 1 workers take calls") in found


def test_a_line_that_is_not_says_why(asked):
    found = asked(Report(worker=0, lag=2.0, draining=True))
    assert [what for level, what in found if level == "error"] == [
        "the line: not well: worker 0 is held up: 2.0 s behind", "the line: not ready: every worker is full or stops",
    ]  # fmt: skip


def test_figures_that_tell_of_trouble_are_named_with_their_sum(asked):
    found = asked(Report(worker=0, over=2, accepted=900, calls=3), Report(worker=1, over=1, switches_down=1))
    assert [what for level, what in found if level == "warning" and "docs/health.md" in what] == [
        "the line: connections closed past the hard limit: 3 (zongji_over_total, docs/health.md)",
        "the line: switches under control that cannot be asked: 1 (zongji_switches_down, docs/health.md)",
    ]


def test_a_line_that_says_nothing_of_itself(machine):
    settings, conf = machine
    told = Settings(table=settings.table, data=settings.data, health_listen="127.0.0.1:1")
    assert worse((told, conf), "warning")[-1] == (
        "no line answers /health on 127.0.0.1:1 ([Errno 111] Connection refused)"
    )


def test_line_and_freeswitch_must_share_one_folder(machine):
    settings, conf = machine
    change(conf, f"ivr_data={settings.data}", "ivr_data=/elsewhere")
    assert worse(machine) == [f"ivr_data is '/elsewhere', the line's --data {settings.data}: must be one folder"]


def test_a_folder_open_to_everybody_and_a_missing_one(machine):
    settings, _conf = machine
    (settings.data / "spool").chmod(0o777)
    assert worse(machine) == [
        f"{settings.data}/spool is open to everybody (mode 777): chmod 2770 {settings.data}/spool"
    ]
    shutil.rmtree(settings.data)
    assert worse(machine)[0].startswith(f"{settings.data} is not there: create it")


def test_the_samples_passwords_are_not_for_use(machine):
    _settings, conf = machine
    change(conf, "ivr_event_password=a1", "ivr_event_password=change-me-too")
    assert worse(machine) == ["ivr_event_password is still the sample's: choose another"]


def test_a_broken_table_is_named(machine):
    broken, conf = with_table(machine, "hose: 1\n")
    assert worse((broken, conf)) == [f"{broken.table} cannot be used; `ivr check {broken.table}` says why (4 errors)"]


def test_a_file_that_is_no_database_is_named(machine):
    settings, _conf = machine
    file = settings.data / "zongji.db"
    file.write_text("a house book of paper\n" * 100)
    assert worse(machine) == [f"the database: {file}: file is not a database"]


def test_a_database_of_another_version_is_a_warning(machine):
    settings, _conf = machine
    with closing(Store.under(settings.data)) as store:
        store.migrate()
        with store.writing() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    assert (
        f"the database has shape 0001, the program {Store.newest()}: it is brought up when the line starts"
    ) in worse(machine, "warning")


def controlled(machine, peer, monkeypatch, password="s3cret"):
    settings, conf = machine
    monkeypatch.setenv("IVR_CONTROL_PASSWORD", password)
    return Settings(table=settings.table, data=settings.data, control=f"127.0.0.1:{peer.port}"), conf


def test_a_switch_under_control_is_asked_how_it_is(machine, monkeypatch):
    with ControlPeer(password="s3cret") as peer:
        found = worse(controlled(machine, peer, monkeypatch), "ok")
        assert f"switch 127.0.0.1:{peer.port}: FreeSWITCH 1.10.12, up 26 h 3 min, 0 of 3000 sessions" in found
        assert peer.last.lines[-1] == "exit"


def test_a_switch_that_cannot_be_controlled_is_a_warning_with_its_reason(machine, monkeypatch):
    with ControlPeer(password="s3cret") as peer:
        found = worse(controlled(machine, peer, monkeypatch, "wr0ng"), "warning")
        assert found[-1] == (
            f"a switch is not under control: 127.0.0.1:{peer.port}: the switch refused the password; give"
            " ivr_event_password of its vars.xml in IVR_CONTROL_PASSWORD or --control-password-file"
        )
    found = worse(controlled(machine, peer, monkeypatch), "warning")
    assert found[-1] == f"a switch is not under control: 127.0.0.1:{peer.port}: Connection refused"


def test_control_without_a_password_and_with_one_for_everybody(machine, monkeypatch, tmp_path):
    settings, conf = machine
    monkeypatch.delenv("IVR_CONTROL_PASSWORD", raising=False)
    bare = Settings(table=settings.table, data=settings.data, control="127.0.0.1:1")
    assert worse((bare, conf)) == [
        "--control: the password is missing; give it in IVR_CONTROL_PASSWORD, or in a file with --control-password-file"
    ]
    file = tmp_path / "password"
    file.write_text("s3cret")
    file.chmod(0o644)
    told = Settings(table=settings.table, data=settings.data, control="127.0.0.1:1", control_password_file=str(file))
    assert worse((told, conf)) == [f"{file} is open to everybody: chmod 640 {file}"]
