"""`redstick recommend`: who should go, and why not the others."""

import json
from dataclasses import replace

import pytest
from tests import small_town

from redstick.cli.cities import build_geocoder
from redstick.geo.city import Closure
from redstick.geo.city.folder import load_city, save_city

PLAN = """
redstick_plan = 1
version = "2026-03"
title = "Plan of the town"
time_zone = "America/Chicago"

[types]
"Structure Fire" = "Fire"

[[rules]]
id = "any fire"
groups = ["Fire"]

[[rules.send]]
id = "engine"
kinds = ["ENGINE"]
count = 2

[[rules.send]]
id = "boat"
kinds = ["BOAT"]
"""


def asked(run, town, *more, at="12TH ST & BLDER AVE", kind="ENGINE"):
    """A recommendation in the town."""
    return run("recommend", "--city", town / "city", "--type", kind, "--at", at, *more)


def reasons(found):
    """Unit to reason, over the whole answer."""
    return {said["unit"]: said["reason"] for said in [*found["chosen"], *found["refused"]]}


def test_every_unit_appears_once_with_its_reason(run, town):
    """At station 1 the first engine is chosen, the others are slower by so much, the truck is no engine."""
    found = asked(run, town, "--json").json
    assert reasons(found) == {"E01": "CHOSEN", "E02": "SLOWER", "E03": "SLOWER", "T01": "CAPABILITY"}
    units = {said["unit"]: said for said in [*found["chosen"], *found["refused"]]}
    assert units["E02"]["behind_s"] == units["E02"]["travel_s"] - units["E01"]["travel_s"] > 0
    assert (found["roster"], found["unfilled"], found["calibrated"]) == (4, [], False)
    assert "is TRUCK, needed is ENGINE" in asked(run, town).out


def test_a_closure_changes_who_is_recommended_in_one_step(run, town, tmp_path):
    """The streets round station 1 are closed for a fair: the next question is answered by station 3, and says why."""
    before = asked(run, town, "--json", at="15TH ST & DLDER AVE").json
    corner = list(small_town.degrees(*small_town.STATIONS["01"]))
    streets = small_town.streets()["features"]
    closed = [one["properties"]["id"] for one in streets if corner in map(list, one["geometry"]["coordinates"])]
    fair = Closure("fair", tuple(closed), "a fair")
    save_city(tmp_path / "city", replace(load_city(town / "city"), closures=(fair,)), build_geocoder)
    after = asked(run, tmp_path, "--json", at="15TH ST & DLDER AVE").json
    assert (reasons(before)["E01"], reasons(before)["E03"]) == ("CHOSEN", "SLOWER")
    assert (reasons(after)["E01"], reasons(after)["E03"]) == ("UNREACHABLE", "CHOSEN")


def test_several_kinds_several_units_and_a_ceiling(run, town):
    """Two of either kind are taken where both stand; what takes longer than is of use is refused for that."""
    units = reasons(asked(run, town, "--count", 2, "--json", kind="ENGINE,TRUCK").json)
    assert sorted(name for name, reason in units.items() if reason == "CHOSEN") == ["E01", "T01"]
    far = asked(run, town, "--ceiling-s", 30, "--json").json
    assert {reasons(far)[unit] for unit in ("E02", "E03")} == {"OVER_CEILING"}


def test_a_type_is_looked_up_in_the_plan(run, town, tmp_path):
    """Two engines by the rule of its group; the boat that nobody has is named as unfilled, and why."""
    path = tmp_path / "plan.toml"
    path.write_text(PLAN)
    found = asked(run, town, "--plan", path, "--json", kind="Structure Fire").json
    assert [said["unit"] for said in found["chosen"]] == ["E01", "E02"]
    assert (found["plan"]["version"], found["plan"]["title"]) == ("2026-03", "Plan of the town")
    assert [rule["rule"] for rule in found["plan"]["rules"]] == ["any fire"]
    [lacking] = found["unfilled"]
    assert (lacking["requirement"], lacking["missing"], lacking["why"]) == ("boat", 1, {"CAPABILITY": 4})


def test_without_a_plan_the_default_of_the_group_answers_and_says_so(run, town):
    """A structure fire takes engines and a ladder; what the town does not have is named."""
    found = asked(run, town, "--json", kind="Structure fire").json
    assert [said["unit"] for said in found["chosen"]] == ["E01", "E02", "T01"]
    assert found["plan"]["title"].startswith("Default")
    assert [lacking["requirement"] for lacking in found["unfilled"]] == ["chief", "medic"]


def test_a_random_shift_is_the_same_for_the_same_seed(run, town):
    """Place and statuses come from the seed; chosen and refused are the roster, whatever the seed."""
    for seed in range(12):
        found = asked(run, town, "--seed", seed, "--json", at="random")
        again = asked(run, town, "--seed", seed, "--json", at="random")
        assert found.out == again.out
        assert (
            len(found.json["chosen"]) + len(found.json["refused"]) == found.json["roster"] == len(reasons(found.json))
        )
    places = {asked(run, town, "--seed", seed, "--json", at="random").json["place"]["x"] for seed in range(12)}
    assert len(places) > 6


def test_the_record_of_an_answer_proves_it(run, town, tmp_path):
    """It is written under the digest that the answer names, and its answer follows from its question."""
    from redstick.dispatch.recommendation.record import digest_of, holds, read

    path = tmp_path / "record.json"
    found = asked(run, town, "--seed", 5, "--record", path, "--json", at="random", kind="Structure fire").json
    assert found["digest"] == digest_of(path.read_text())
    assert holds(read(path.read_text()))
    assert json.loads(path.read_text())["question"]["roster"]


def test_a_place_in_the_sea_is_taken_and_flagged(run, town):
    """Whoever says so may be right; the answer says how far the nearest road is."""
    found = asked(run, town, "--json", at="29.0,-91.0").json
    assert found["place"]["off_road_m"] > 100_000
    assert "from the nearest road" in asked(run, town, at="29.0,-91.0").out
    assert "from the nearest road" not in asked(run, town).out


def test_a_record_that_cannot_be_written_is_one_clear_line(run, town, tmp_path):
    """A folder stands where the file should."""
    done = asked(run, town, "--record", tmp_path)
    assert (done.code, done.err.count("\n")) == (1, 1)


@pytest.mark.parametrize(("more", "options", "said"), [
    ({"kind": "SUBMARINE"}, (), "no unit is of this kind; there are: ENGINE, TRUCK"),
    ({"at": "99 NOWHERE LN"}, (), "not found"),
    ({"at": "250 13TH AVE"}, (), "it may mean"),
    ({"at": "random"}, (), "needs --seed"),
    ({}, ("--when", "noon"), "expected a time"),
    ({}, ("--plan", "/nowhere/plan.toml"), "cannot be read"),
    ({"kind": "Structure fire"}, ("--count", 2), "go with kinds of unit"),
])  # fmt: skip
def test_what_is_not_certain_is_not_assumed(run, town, more, options, said):
    """An unknown kind and a place that is not one place are misuses; the line says what it might mean."""
    done = asked(run, town, *options, **more)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert said in done.err
