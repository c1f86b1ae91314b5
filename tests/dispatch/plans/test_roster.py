"""Who meets a requirement, at which price, and how much a whole roster can give."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redstick.dispatch.plans.faults import PlanTextError
from redstick.dispatch.plans.requirement import Requirement, Substitute
from redstick.dispatch.plans.roster import RosterUnit, fillable, price_s
from redstick.dispatch.plans.roster_file import read_roster

ENGINE = RosterUnit("E1", "ENGINE", "1", ("aed", "foam"), "fire", 4)


@pytest.mark.parametrize(("asked", "price"), [
    ({}, 0),
    ({"kinds": ("TRUCK", "ENGINE")}, 0),
    ({"kinds": ("TRUCK",)}, None),
    ({"capabilities": ("foam", "aed")}, 0),
    ({"capabilities": ("foam", "aerial")}, None),
    ({"agency": "fire"}, 0),
    ({"agency": "ems"}, None),
    ({"min_staffing": 4}, 0),
    ({"min_staffing": 5}, None),
    ({"kinds": ("TRUCK",), "substitutes": (Substitute(("ENGINE",), (), 90), Substitute((), ("foam",), 60))}, 60),
    ({"kinds": ("TRUCK",), "agency": "ems", "substitutes": (Substitute(("ENGINE",)),)}, None),
    ({"kinds": ("ENGINE",), "substitutes": (Substitute(("ENGINE",), (), 90),)}, 0),
])  # fmt: skip
def test_what_a_unit_costs(asked, price):
    """Nothing where it is what is asked for, the cheapest substitute's penalty, none where something hard fails."""
    assert price_s(Requirement("one", **asked), ENGINE) == price


def test_unknown_staffing_meets_no_number():
    """Missing data is no silent pass."""
    assert price_s(Requirement("one", min_staffing=1), RosterUnit("E2", "ENGINE")) is None


UNITS = st.lists(
    st.tuples(st.sampled_from("ET"), st.sampled_from(["", "x", "y"])), max_size=5
).map(lambda found: [RosterUnit(f"U{n}", kind, crew=crew) for n, (kind, crew) in enumerate(found)])  # fmt: skip
ASKED = st.lists(
    st.tuples(st.sampled_from([("E",), ("T",), ("E", "T")]), st.integers(1, 2)), max_size=3
).map(lambda found: [Requirement(f"r{n}", kinds, count=count) for n, (kinds, count) in enumerate(found)])  # fmt: skip


@settings(max_examples=80)
@given(ASKED, UNITS, st.booleans())
def test_the_roster_gives_as_much_as_the_best_of_all_ways(asked, roster, by_crew):
    """Equal to trying every order of the units, with and without crews."""
    slots = [one for one in asked for _ in range(one.count)]
    best = 0
    for order in permutations(roster):
        for start in range(len(slots) or 1):
            filled, crews = 0, set()
            for slot, unit in zip([*slots[start:], *slots[:start]], order, strict=False):
                if price_s(slot, unit) is None or (by_crew and unit.crew and unit.crew in crews):
                    continue
                filled += 1
                crews.add(unit.crew)
            best = max(best, filled)
    assert fillable(asked, roster, by_crew=by_crew) == best


def test_a_roster_is_read_from_csv(tmp_path):
    """One unit a row; capabilities with semicolons; what is not there is unknown."""
    path = tmp_path / "roster.csv"
    path.write_text("id,kind,capabilities,staffing,crew\nE1,ENGINE,aed; foam,4,a\nT1,TRUCK,,,\n")
    assert read_roster(path) == (
        RosterUnit("E1", "ENGINE", "", ("aed", "foam"), "", 4, "a"),
        RosterUnit("T1", "TRUCK"),
    )


@pytest.mark.parametrize(("text", "said"), [
    ("id,kind\n", "expected at least one unit"),
    ("id,kind\nE1,\n", "line 2: unit E1: expected an id and a kind"),
    ("id,kind\nE1,ENGINE\nE1,ENGINE\n", "line 3: unit E1: expected each unit once"),
    ("id,kind\nE1,ENGINE,4\n", "line 2: unit E1: expected no more cells"),
    ("id,kind,colour\nE1,ENGINE,red\n", "the header: expected the columns id and kind"),
])  # fmt: skip
def test_a_bad_roster_is_told_by_its_line(tmp_path, text, said):
    """File, line, unit and what was expected."""
    path = tmp_path / "roster.csv"
    path.write_text(text)
    with pytest.raises(PlanTextError, match=said):
        read_roster(path)
