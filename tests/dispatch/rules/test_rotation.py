"""Rotation: nobody chooses, and everybody can check. Each test states one fact."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dispatch.live_desk import LiveDesk

from redstick.dispatch.rules.incidents import OpenIncident
from redstick.dispatch.rules.rotation import (
    Answer,
    AnswerRotation,
    ContractorSuspended,
    Listed,
    OfferRotation,
    OwnerRequested,
    RequestContractor,
    RestoreContractor,
    RotationAnswered,
    SetRotation,
    Skip,
    SuspendContractor,
)

HEAVY = ["heavy"]


@pytest.fixture
def desk():
    """Three towers on the list of the north; only C lifts heavy."""
    desk = LiveDesk()
    desk.run(OpenIncident("i"))
    desk.run(SetRotation("tow north", "tow", "north", [Listed("A"), Listed("B"), Listed("C", HEAVY)]))
    return desk


def pointer(desk):
    """Who is next."""
    return desk.state.rotations["tow north"].pointer


def offer(desk, name, **more):
    """Offer work; gives who it went to, and who was passed over."""
    [offered] = desk.run(OfferRotation("tow north", name, "i", **more))
    return offered.contractor, [skip.contractor for skip in offered.skipped]


def answer(desk, name, said=Answer.ACCEPTED, reason=""):
    """What the contractor said."""
    desk.run(AnswerRotation("tow north", name, said, "Ana", reason))


def test_the_pointer_moves_on_acceptance_and_on_a_refusal_that_is_written_down(desk):
    """An offer alone moves nothing; no answer is a refusal that says so."""
    assert offer(desk, "1") == ("A", [])
    assert pointer(desk) == "A"
    answer(desk, "1")
    assert pointer(desk) == "B"
    offer(desk, "2")
    assert desk.refused(AnswerRotation("tow north", "2", Answer.REFUSED, "Ana")) == "reason_needed"
    answer(desk, "2", Answer.NO_ANSWER, "rang for two minutes")
    assert pointer(desk) == "C"


def test_a_withdrawn_offer_is_no_turn(desk):
    """The owner drove off: whoever was called is next again."""
    offer(desk, "1")
    answer(desk, "1", Answer.WITHDRAWN, "car is gone")
    assert pointer(desk) == "A"


def test_an_owners_wish_moves_nothing(desk):
    """Listed or not, it is written down and nobody's turn was had."""
    desk.run(RequestContractor("tow north", "A", "i", "Ana"), RequestContractor("tow north", "Z", "i", "Ana"))
    assert pointer(desk) == "A"
    assert [event.contractor for event in desk.happened(OwnerRequested)] == ["A", "Z"]


def test_a_skip_carries_its_reason_and_keeps_the_turn(desk):
    """Who cannot do it, is suspended, or is passed over by name with a reason, is next for the next."""
    assert offer(desk, "1", capabilities=HEAVY) == ("C", ["A", "B"])
    answer(desk, "1")
    assert desk.refused(OfferRotation("tow north", "2", "i", skips=[Skip("A", " ")])) == "skip_without_reason"
    assert offer(desk, "2", skips=[Skip("A", "their truck blocks the lane")]) == ("B", ["A"])
    answer(desk, "2")
    assert pointer(desk) == "A"


def test_nobody_left_says_why(desk):
    """With the reason for each."""
    desk.run(SuspendContractor("tow north", "C", "Ben", "licence lapsed"))
    refused = desk.ask(OfferRotation("tow north", "1", "i", HEAVY)).rejection
    assert refused.code == "nobody_left"
    assert refused.data["skipped"] == {"A": "lacks heavy", "B": "lacks heavy", "C": "Ben: licence lapsed"}


def test_one_offer_is_open_at_a_time(desk):
    """Whoever is on the telephone is named."""
    offer(desk, "1")
    assert desk.ask(OfferRotation("tow north", "2", "i")).rejection.data == {"offer": "1", "contractor": "A"}
    assert desk.refused(SuspendContractor("tow north", "A", "Ben", "x")) == "offer_open"
    assert desk.refused(SetRotation("tow north", "tow", "north", [Listed("A")])) == "offer_open"


def test_what_was_missed_while_suspended_is_not_made_up(desk):
    """Restored with the turns of its peers; who is new begins with theirs too."""
    desk.run(SuspendContractor("tow north", "A", "Ben", "audit"))
    for number in range(4):
        offer(desk, f"{number}", skips=[Skip("C", "too big for it")])
        answer(desk, f"{number}")
    desk.run(RestoreContractor("tow north", "A", "Ben"))
    desk.run(SetRotation("tow north", "tow", "north", [Listed("A"), Listed("B"), Listed("C", HEAVY), Listed("D")]))
    turns = {one.id: one.turns for one in desk.state.rotations["tow north"].contractors}
    assert turns == {"A": 4, "B": 4, "C": 0, "D": 4}


def test_what_cannot_be_read_is_refused(desk):
    """Unknown lists, contractors, offers and incidents; lists without a name, without anyone, or with one twice."""
    assert desk.refused(SetRotation(" ", "tow", "north", [Listed("A")])) == "rotation_unnamed"
    assert desk.refused(SetRotation("x", "tow", "north", [])) == "no_contractors"
    assert desk.refused(SetRotation("x", "tow", "north", [Listed("A"), Listed("A")])) == "contractor_named_twice"
    assert desk.refused(OfferRotation("x", "1", "i")) == "rotation_unknown"
    assert desk.refused(OfferRotation("tow north", "1", "z")) == "incident_unknown"
    assert desk.refused(AnswerRotation("tow north", "1", Answer.ACCEPTED, "Ana")) == "offer_unknown"
    assert desk.refused(SuspendContractor("tow north", "Z", "Ben", "x")) == "contractor_unknown"
    assert desk.refused(RestoreContractor("tow north", "A", " ")) == "name_needed"
    assert desk.refused(RequestContractor("tow north", "A", "i", "")) == "name_needed"


NAMES = ["A", "B", "C", "D", "E"]
ACTS = st.one_of(
    st.tuples(st.just("offer"), st.sampled_from([*Answer]), st.booleans()),
    st.tuples(st.just("suspend"), st.sampled_from(NAMES[3:]), st.just(False)),
    st.tuples(st.just("restore"), st.sampled_from(NAMES[3:]), st.just(False)),
    st.tuples(st.just("join"), st.sampled_from(["F", "G"]), st.booleans()),
    st.tuples(st.just("owner"), st.sampled_from(NAMES), st.just(False)),
)


@given(st.lists(st.booleans(), min_size=5, max_size=5), st.lists(ACTS, max_size=60))
def test_over_whole_random_shifts_equally_eligible_contractors_differ_by_at_most_one_turn(heavy, acts):
    """Whatever is offered, refused, withdrawn, suspended or joined; and the log alone gives the same pointer."""
    desk = LiveDesk()
    desk.run(OpenIncident("i"))
    listed = [Listed(name, HEAVY if lifts else []) for name, lifts in zip(NAMES, heavy, strict=True)]
    desk.run(SetRotation("r", "tow", "north", listed))
    for number, (kind, what, flag) in enumerate(acts):
        if kind == "offer":
            if desk.ask(OfferRotation("r", f"{number}", "i", HEAVY if flag else [])).accepted:
                desk.run(AnswerRotation("r", f"{number}", what, "Ana", "as they said"))
        elif kind == "suspend":
            desk.run(SuspendContractor("r", what, "Ben", "audit"))
        elif kind == "restore":
            desk.run(RestoreContractor("r", what, "Ben"))
        elif kind == "owner":
            desk.run(RequestContractor("r", what, "i", "Ana"))
        elif what not in {one.contractor for one in listed}:
            listed.append(Listed(what, HEAVY if flag else []))
            desk.run(SetRotation("r", "tow", "north", listed))
    turns = Counter(event.contractor for event in desk.happened(RotationAnswered) if event.turn)
    away = {event.contractor for event in desk.happened(ContractorSuspended)}
    for lifts in (False, True):
        peers = [n for n, can in zip(NAMES, heavy, strict=True) if can is lifts and n not in away]
        counts = [turns[name] for name in peers]
        assert max(counts, default=0) - min(counts, default=0) <= 1
    before = desk.state.rotations["r"]
    desk.restart()
    assert desk.state.rotations["r"] == before
    assert desk.state.rotations["r"].pointer == before.pointer
