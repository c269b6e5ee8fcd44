"""In which time zone times are shown: the house's, else the machine's."""

from zoneinfo import ZoneInfo

import pytest

from ivr.cli import zones
from ivr.cli.zones import house_zone, machine_zone
from tests.house import HOUSE


@pytest.fixture(autouse=True)
def machine(tmp_path, monkeypatch):
    """A machine in Berlin, and no table."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("IVR_TABLE", raising=False)
    monkeypatch.setenv("TZ", "Europe/Berlin")
    return tmp_path


def test_the_houses_by_the_table_that_is_here(machine):
    (machine / "routes.yaml").write_text(HOUSE)
    assert house_zone() == ZoneInfo("Asia/Shanghai")


def test_the_houses_by_the_table_that_is_named(machine, monkeypatch):
    (machine / "routes.yaml").write_text(HOUSE)
    (machine / "other.yaml").write_text(HOUSE.replace("Asia/Shanghai", "Asia/Tokyo"))
    monkeypatch.setenv("IVR_TABLE", "other.yaml")
    assert house_zone() == ZoneInfo("Asia/Tokyo")


def test_the_houses_also_where_the_table_has_faults(machine):
    (machine / "routes.yaml").write_text(HOUSE.replace("closed: message/sales", "closed: message/sale"))
    assert house_zone() == ZoneInfo("Asia/Shanghai")


def test_the_houses_where_it_is_written_in_another_file(machine):
    (machine / "house.yaml").write_text("house: {timezone: Asia/Tokyo}\n")
    (machine / "routes.yaml").write_text("include: house.yaml\n")
    assert house_zone() == ZoneInfo("Asia/Tokyo")


def test_the_machines_where_no_table_can_be_used(machine):
    assert house_zone() == ZoneInfo("Europe/Berlin")
    (machine / "routes.yaml").write_text(HOUSE.replace("Asia/Shanghai", "Asia/Nowhere"))
    assert house_zone() == ZoneInfo("Europe/Berlin")


def test_the_machines_by_where_its_localtime_leads(machine, monkeypatch):
    monkeypatch.delenv("TZ")
    (machine / "zoneinfo" / "Europe").mkdir(parents=True)
    (machine / "zoneinfo" / "Europe" / "Paris").touch()
    (machine / "localtime").symlink_to(machine / "zoneinfo" / "Europe" / "Paris")
    monkeypatch.setattr(zones, "LOCALTIME", machine / "localtime")
    assert machine_zone() == ZoneInfo("Europe/Paris")


def test_a_machine_whose_zone_has_no_name_has_an_offset(machine, monkeypatch):
    monkeypatch.delenv("TZ")
    (machine / "localtime").touch()
    monkeypatch.setattr(zones, "LOCALTIME", machine / "localtime")
    assert machine_zone().utcoffset(None) is not None
    assert not isinstance(machine_zone(), ZoneInfo)
