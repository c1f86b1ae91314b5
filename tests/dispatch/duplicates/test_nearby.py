"""Duplicate and nearby calls: each test states one fact."""

import pytest
from tests.dispatch.rules.conftest import Desk

from redstick.dispatch.duplicates.nearby import Limits, Report, find, of_call, of_incident
from redstick.dispatch.duplicates.scoring import STRONG
from redstick.dispatch.place import Place
from redstick.dispatch.rules.calls import ReceiveCall
from redstick.dispatch.rules.incidents import AddNote, CloseIncident, MoveIncident, OpenIncident
from redstick.dispatch.rules.links import MergeIncidents
from redstick.dispatch.state import Dispatch
from redstick.kernel.values import Instant

MINUTE = 60_000
METRE = 90  # in 1e-7 degrees of latitude
OAK = Place("12 Oak Street", -911_000_000, 304_000_000, quality="rooftop")


def north(metres: int, text: str = "9 Elm Street", quality: str = "rooftop", uncertainty_m: int | None = None) -> Place:
    """A place so many metres north of the oak."""
    return Place(text, OAK.x, (OAK.y or 0) + metres * METRE, quality=quality, uncertainty_m=uncertainty_m)


@pytest.fixture
def desk():
    """A fire at the oak, called in a moment ago."""
    desk = Desk()
    desk.run(ReceiveCall("a", "911", callback="225-555-0100", place=OAK))
    desk.run(OpenIncident("i", kind="Structure fire", group="fire", place=OAK, call="a"))
    return desk


def listed(desk, report: Report) -> list[str]:
    return [one.incident for one in find(desk.state, report)]


def test_it_is_listed_within_300_m_and_20_minutes(desk):
    """And not beyond either."""
    at = desk.now + 20 * MINUTE
    assert listed(desk, Report(at, north(295))) == ["i"]
    assert listed(desk, Report(at, north(310))) == []
    assert listed(desk, Report(at + 1, north(295))) == []


def test_an_unsure_position_reaches_as_far_as_it_is_unsure(desk):
    """A phone that may be off by 900 m is not kept from a fire 800 m away."""
    assert listed(desk, Report(desk.now, north(800, uncertainty_m=900))) == ["i"]


def test_every_further_call_renews_the_time(desk):
    """A fire that is called in again is fresh again."""
    desk.now += 15 * MINUTE
    desk.run(ReceiveCall("b", "911", place=OAK))
    desk.run(OpenIncident("j", place=OAK, call="b"))
    desk.run(MergeIncidents("i", "j"))
    desk.now += 15 * MINUTE
    assert listed(desk, Report(desk.now, OAK)) == ["i"]


def test_what_was_closed_a_short_while_ago_is_listed_as_closed(desk):
    """For half an hour."""
    desk.run(CloseIncident("i", "fire out"))
    [one] = find(desk.state, Report(desk.now + 30 * MINUTE, OAK))
    assert one.closed
    assert listed(desk, Report(desk.now + 31 * MINUTE, OAK)) == []


def test_the_same_number_is_listed_wherever_it_is(desk):
    """However it is written."""
    report = Report(desk.now, north(9000), callback="+1 (225) 555-0100")
    assert listed(desk, report) == ["i"]
    assert listed(desk, Report(desk.now, north(9000), callback="225-555-0199")) == []
    assert listed(desk, Report(desk.now, north(9000), callback="")) == []


def test_the_same_address_is_listed_without_a_position(desk):
    """The words were written down before anything was found on the map."""
    assert listed(desk, Report(desk.now, Place("12, OAK street"))) == ["i"]


def test_the_score_is_the_sum_of_its_terms_and_each_says_why(desk):
    """Nobody is asked to believe a number."""
    desk.run(AddNote("i", "Smoke from the roof"))
    report = Report(desk.now, OAK, "Structure fire", "fire", "2255550100", "There is smoke coming from a roof")
    [one] = find(desk.state, report)
    assert one.score == sum(term.points for term in one.terms) == sum(term.most for term in one.terms) == 100
    assert [term.name for term in one.terms] == ["distance", "time", "kind", "number", "street", "words"]
    assert "same number" in one.terms[3].words
    assert one.terms[5].words == "both say: roof, smoke"


def test_a_second_fire_beside_the_first_is_not_worded_as_the_same(desk):
    """Another kind, another number, another street, a quarter of an hour later: listed, and weakly."""
    [one] = find(desk.state, Report(desk.now + 15 * MINUTE, north(250), "Fall", "ems", "555-0199", "hip hurts"))
    assert one.score < STRONG // 2
    assert not one.strong


def test_a_neighbour_who_sees_the_same_fire_is_worded_as_probably_the_same(desk):
    """Forty metres away, a minute later, another number."""
    [one] = find(desk.state, Report(desk.now + MINUTE, north(40, "14 Oak Street"), "Structure fire", "fire"))
    assert one.strong


def test_it_only_suggests(desk):
    """Looking changes no byte; the call is attached by a person or not at all."""
    desk.run(ReceiveCall("b", "911", callback="225-555-0100", place=OAK))
    before = repr(desk.state)
    assert [one.incident for one in of_call(desk.state, "b")] == ["i"]
    assert repr(desk.state) == before


def test_an_incident_is_not_its_own_duplicate_and_a_replaced_one_is_nobodys(desk):
    """After a move the other one is found; after the merge nothing is left to suggest."""
    desk.run(OpenIncident("j", kind="Structure fire", group="fire", place=north(5000)))
    assert of_incident(desk.state, "j", desk.now) == []
    desk.run(MoveIncident("j", north(20)))
    assert [one.incident for one in of_incident(desk.state, "j", desk.now)] == ["i"]
    desk.run(MergeIncidents("i", "j"))
    assert of_incident(desk.state, "i", desk.now) == []


def test_equal_scores_stand_in_the_order_of_ids():
    """The same list on every seat."""
    state, now = Dispatch(), Instant(0)
    desk = Desk()
    for name in ("c", "a", "b"):
        desk.run(OpenIncident(name, place=OAK))
    assert [one.incident for one in find(desk.state, Report(desk.now, OAK), Limits())] == ["a", "b", "c"]
    assert find(state, Report(now, OAK)) == []
