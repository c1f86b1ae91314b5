"""Who is recommended, and why not the others."""

import math

from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.recommendation.nearest import Candidate, Reason, Requirement, recommend
from redstick.dispatch.status_table import Status


class Straight:
    """Ten metres a second; beyond x = 500 there is no bridge."""

    def seconds_to(self, target, origins):
        """Times from each origin."""
        return [(None, "closure") if x > 500 else (math.dist((x, y), target) / 10, "reached") for x, y in origins]


def unit(name, x=0, **more):
    """An engine in quarters."""
    facts = {"kind": "ENGINE", "capabilities": (), "status": Status.AQ, "incident": "", "at": (x, 0), "age_s": 0}
    return Candidate(name, **(facts | {"at_station": True} | more))


def reasons(verdicts):
    """Unit to reason."""
    return {verdict.unit: verdict.reason for verdict in verdicts}


def test_the_nearest_go_and_the_rest_say_by_how_much_they_are_slower():
    """Two of three, in the order of their times."""
    verdicts = recommend([unit("A", 300), unit("B", 100), unit("C", 200)], (0, 0), Requirement(count=2), Straight())
    assert [(v.unit, v.reason, v.travel_s, v.behind_s) for v in verdicts] == [
        ("B", Reason.CHOSEN, 10, 0),
        ("C", Reason.CHOSEN, 20, 0),
        ("A", Reason.SLOWER, 30, 10),
    ]


def test_each_refusal_names_its_first_reason():
    """Kind, capability, status, exclusion, position, road, ceiling."""
    roster = [
        unit("ambulance", kind="MEDIC"),
        unit("plain"),
        unit("busy", capabilities=("foam",), incident="i1"),
        unit("off", capabilities=("foam",), status=Status.OFF),
        unit("conflict", capabilities=("foam",)),
        unit("lost", capabilities=("foam",), at=None),
        unit("island", 501, capabilities=("foam",)),
        unit("far", 400, capabilities=("foam",)),
        unit("good", 10, capabilities=("foam",)),
    ]
    need = Requirement(("ENGINE",), ("foam",), 1, ceiling_s=30, excluded=("conflict",))
    assert reasons(recommend(roster, (0, 0), need, Straight())) == {
        "ambulance": Reason.CAPABILITY,
        "plain": Reason.CAPABILITY,
        "busy": Reason.NOT_AVAILABLE,
        "off": Reason.NOT_AVAILABLE,
        "conflict": Reason.EXCLUDED,
        "lost": Reason.NO_POSITION,
        "island": Reason.UNREACHABLE,
        "far": Reason.OVER_CEILING,
        "good": Reason.CHOSEN,
    }


def test_ties_go_to_the_fresher_position_then_to_the_id():
    """Equal seconds are told apart the same way every time."""
    roster = [unit("B", 100), unit("A", 100), unit("C", 102, age_s=0), unit("D", 100, age_s=5)]
    verdicts = recommend(roster, (0, 0), Requirement(count=4), Straight())
    assert [verdict.unit for verdict in verdicts] == ["A", "B", "C", "D"]


UNITS = st.lists(
    st.builds(
        unit,
        st.text("ABCDEFGH", min_size=1, max_size=3),
        st.integers(0, 600),
        status=st.sampled_from(list(Status)),
        kind=st.sampled_from(["ENGINE", "MEDIC"]),
        age_s=st.integers(0, 99),
    ),
    unique_by=lambda candidate: candidate.id,
    max_size=20,
)


@given(UNITS, st.integers(1, 5), st.randoms(use_true_random=False))
def test_every_unit_of_the_roster_appears_once(roster, count, chance):
    """Chosen and refused together are the roster, whatever its order; and never more are chosen than needed."""
    need = Requirement(("ENGINE",), count=count)
    verdicts = recommend(roster, (0, 0), need, Straight())
    assert sorted(v.unit for v in verdicts) == sorted(u.id for u in roster)
    assert sum(v.chosen for v in verdicts) <= count
    shuffled = list(roster)
    chance.shuffle(shuffled)
    assert recommend(shuffled, (0, 0), need, Straight()) == verdicts
