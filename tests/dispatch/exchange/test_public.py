"""What the public is told: late, coarse, and of some kinds nothing; judged by a check that sees planted breaches."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.exchange.public import Disclosure, breaches, disclosed
from redstick.dispatch.place import Place
from redstick.dispatch.rules.incidents import Incident

NOON = 1_700_000_000_123
MINUTE = 60_000
PLACES = st.builds(
    Place,
    st.builds("{} {}{}".format, st.integers(0, 99_999), st.sampled_from(["Main St", "Oak Ave"]),
              st.sampled_from(["", " Apt 5", " #12", ", Unit 3", " Suite 9"])) | st.text(),
    st.none() | st.integers(-1_800_000_000, 1_800_000_000),
    st.none() | st.integers(-900_000_000, 900_000_000),
)  # fmt: skip
INCIDENTS = st.builds(
    Incident, st.just("inc"), st.integers(NOON, NOON + 10**7),
    kind=st.sampled_from(["Fall", "Sexual assault", "Noise"]), group=st.sampled_from(["ems", "police"]), place=PLACES,
    closed_at=st.none() | st.integers(NOON + 10**7, NOON + 10**9),
)  # fmt: skip
POLICIES = st.builds(
    Disclosure, st.integers(0, 10**7), st.integers(0, 10**6), st.integers(1, 10**6),
    st.lists(st.sampled_from(["Sexual assault", "ems"])).map(tuple), addresses=st.booleans(),
)  # fmt: skip


def incident(**other):
    """An incident of noon at a house."""
    return Incident(
        "inc", NOON, kind="Fall", group="ems", place=Place("1234 Main St Apt 5", -911_234_567, 304_123_456), **other
    )


@given(INCIDENTS, st.integers(0, 10**9), POLICIES)
def test_whatever_is_told_keeps_to_the_policy(one, later, policy):
    """Any incident, any moment, any policy."""
    told = disclosed(one, NOON + later, policy)
    assert told is None or breaches(told, one, NOON + later, policy) == []


def test_nothing_is_told_before_its_time():
    """To the millisecond."""
    policy = Disclosure(delay_ms=15 * MINUTE)
    assert disclosed(incident(), NOON + 15 * MINUTE - 1, policy) is None
    assert disclosed(incident(), NOON + 15 * MINUTE, policy) is not None


@pytest.mark.parametrize("withheld", [("Fall",), ("ems",)])
def test_a_withheld_kind_is_never_told(withheld):
    """By its kind or by its group, however late."""
    assert disclosed(incident(), NOON + 10**9, Disclosure(withheld=withheld)) is None


def test_a_closed_incident_is_told_for_a_while():
    """And then no more."""
    closed = incident(closed_at=NOON + MINUTE)
    policy = Disclosure(delay_ms=0, keep_ms=MINUTE)
    assert disclosed(closed, NOON + 2 * MINUTE, policy) is not None
    assert disclosed(closed, NOON + 2 * MINUTE + 1, policy) is None


def test_a_house_is_its_block_and_its_cell():
    """No house number, no apartment; every house of a cell is told at the same point."""
    told = disclosed(incident(), NOON + 10**7, Disclosure())
    assert told.block == "1200 block Main St"
    neighbour = incident()
    neighbour.place = Place("1236 Main St", -911_234_000, 304_123_999)
    again = disclosed(neighbour, NOON + 10**7, Disclosure())
    assert (again.x, again.y, again.block) == (told.x, told.y, told.block)


def test_nothing_else_is_in_it():
    """No id, number, caller, narrative or unit: the fields are these."""
    told = msgspec.to_builtins(disclosed(incident(closed_at=NOON + 1), NOON + 10**7, Disclosure()))
    assert told.keys() == {"kind", "status", "opened_at", "block", "x", "y", "closed_at"}  # and zones, where there are


@pytest.mark.parametrize(
    "planted",
    [
        {"x": -911_234_567},
        {"y": 304_123_456},
        {"opened_at": NOON},
        {"block": "1234 Main St"},
        {"block": "1200 block Main St #5"},
    ],
)
def test_a_planted_breach_is_seen(planted):
    """The check knows nothing of how the policy is applied, and sees each."""
    told = disclosed(incident(), NOON + 10**7, Disclosure())
    assert breaches(told, incident(), NOON + 10**7, Disclosure()) == []
    worse = msgspec.structs.replace(told, **planted)
    assert len(breaches(worse, incident(), NOON + 10**7, Disclosure())) == 1
    assert "told before its time" in breaches(told, incident(), NOON, Disclosure())
    assert breaches(told, incident(), NOON + 10**7, Disclosure(withheld=("Fall",)))
