"""What passes between a handler and the channel is what was written, or nothing."""

import pytest

from ivr.errors import Refused
from ivr.esl import commands
from ivr.esl.packing import CARRIED, STATE


@pytest.mark.parametrize("packing", [STATE, CARRIED], ids=["state", "carried"])
@pytest.mark.parametrize(
    "values",
    [{"Phase": "x"}, {"phase": "a b"}, {"phase": "${x}"}, {"p": "a&b~c"}, {"p": "x;ivr_next=ring"}, {"p": "x\n"}],
    ids=str,
)
def test_what_cannot_be_written_is_refused(packing, values):
    with pytest.raises(Refused):
        packing.packed(values)


@pytest.mark.parametrize("packing", [STATE, CARRIED], ids=["state", "carried"])
@pytest.mark.parametrize(
    "value", ["Phase~x", "phase~a b", "phase~${x}", "p~a&b", "p~a~b", "p~x&", "p~x\n", "${system}"]
)
def test_what_somebody_else_wrote_is_nothing(packing, value):
    assert packing.unpacked(value) == {}


@pytest.mark.parametrize("packing", [STATE, CARRIED], ids=["state", "carried"])
def test_too_much_is_refused(packing):
    keys = [chr(ord("a") + n) for n in range(packing.most + 1)]
    for values in ({"p": "x" * (packing.longest + 1)}, dict.fromkeys(keys, "1")):
        with pytest.raises(Refused):
            packing.packed(values)
        assert packing.unpacked("&".join(f"{key}~{value}" for key, value in values.items())) == {}


@pytest.mark.parametrize("values", [{}, {"phase": ""}, {"phase": "music", "round": "2", "to": "menu/main_2-a"}])
def test_values_come_back_as_they_were_written(values):
    assert STATE.unpacked(STATE.packed(values)) == values


@pytest.mark.parametrize("packing", [STATE, CARRIED], ids=["state", "carried"])
def test_the_most_of_it_fits_into_a_variable(packing):
    keys = [chr(ord("a") + n) * 32 for n in range(packing.most)]
    values = dict.fromkeys(keys, "x" * packing.longest)
    value = packing.packed(values)
    assert commands.variables({"ivr_carried": value}) == f"^^;ivr_carried={value}"
    assert packing.unpacked(value) == values
