"""`redstick recommend`: who is nearest, and why not the others."""

import pytest


def asked(run, town, *more, at="12TH ST & BLDER AVE", kind="ENGINE"):
    """A recommendation in the town."""
    return run("recommend", "--city", town / "city", "--type", kind, "--at", at, *more)


def test_every_unit_appears_once_with_its_reason(run, town):
    """At station 1 the first engine is chosen, the others are slower by so much, the truck is no engine."""
    units = {unit["unit"]: unit for unit in asked(run, town, "--json").json}
    assert {name: unit["reason"] for name, unit in units.items()} == {
        "E01": "CHOSEN", "E02": "SLOWER", "E03": "SLOWER", "T01": "CAPABILITY",
    }  # fmt: skip
    assert units["E02"]["behind_s"] == units["E02"]["travel_s"] - units["E01"]["travel_s"] > 0
    assert "is TRUCK, needed is ENGINE" in asked(run, town).out


def test_several_kinds_several_units_and_a_ceiling(run, town):
    """Two of either kind are taken where both stand; what takes longer than is of use is refused for that."""
    units = {
        unit["unit"]: unit["reason"] for unit in asked(run, town, "--count", 2, "--json", kind="ENGINE,TRUCK").json
    }
    assert sorted(name for name, reason in units.items() if reason == "CHOSEN") == ["E01", "T01"]
    far = asked(run, town, "--ceiling-s", 30, "--json").json
    assert {unit["reason"] for unit in far if unit["unit"] in {"E02", "E03"}} == {"OVER_CEILING"}


@pytest.mark.parametrize(("more", "said"), [
    ({"kind": "SUBMARINE"}, "no unit is of this kind; there are: ENGINE, TRUCK"),
    ({"at": "99 NOWHERE LN"}, "not found"),
    ({"at": "250 13TH AVE"}, "it may mean"),
])  # fmt: skip
def test_what_is_not_certain_is_not_assumed(run, town, more, said):
    """An unknown kind and a place that is not one place are misuses; the line says what it might mean."""
    done = asked(run, town, **more)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert said in done.err
