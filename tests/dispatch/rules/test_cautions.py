"""Cautions never disappear by themselves. Each test states one fact."""

import msgspec
import pytest
from tests.dispatch.live_desk import DAY, LiveDesk

from redstick.dispatch.place import Place
from redstick.dispatch.rules.cautions import (
    About,
    Caution,
    CautionOverdue,
    CautionViewed,
    EnterCaution,
    MarkCautionOverdue,
    RemoveCaution,
    RenewCaution,
    Shape,
    ViewCaution,
)
from redstick.dispatch.rules.incidents import OpenIncident


@pytest.fixture
def desk():
    """A dog is known at an address, to be looked at again in 30 days."""
    desk = LiveDesk()
    desk.run(EnterCaution(caution(desk)), OpenIncident("i"))
    return desk


def caution(desk, **changes):
    """A caution as it should be, but for `changes`."""
    sound = Caution(
        "c1",
        Shape.CAUTION,
        About.PLACE,
        "dog",
        "loose in the yard",
        "crew of E2",
        "Ana",
        desk.now,
        desk.now + 30 * DAY,
        Place("12 Oak St", in_geofile=True),
    )
    return msgspec.structs.replace(sound, **changes)


def test_past_its_review_date_it_stands_and_says_so(desk):
    """Not a millisecond earlier; and a year later it stands still."""
    desk.wait(30 * DAY - 1)
    assert not desk.state.cautions["c1"].overdue
    desk.wait(1)
    assert desk.state.cautions["c1"].overdue
    desk.wait(365 * DAY)
    assert desk.state.cautions["c1"].overdue
    assert len(desk.happened(CautionOverdue)) == 1


def test_a_named_person_renews_it(desk):
    """It is overdue no more, and is again when the new date has passed."""
    desk.wait(31 * DAY)
    assert desk.refused(RenewCaution("c1", " ", desk.now + DAY)) == "name_needed"
    assert desk.refused(RenewCaution("c1", "Ana", desk.now)) == "review_date_needed"
    desk.run(RenewCaution("c1", "Ana", desk.now + DAY))
    assert not desk.state.cautions["c1"].overdue
    desk.wait(DAY)
    assert desk.state.cautions["c1"].overdue


def test_a_renewal_in_time_moves_the_date(desk):
    """The old date passes unseen."""
    desk.run(RenewCaution("c1", "Ana", desk.now + 60 * DAY))
    desk.wait(31 * DAY)
    assert not desk.state.cautions["c1"].overdue


def test_only_a_named_person_with_a_reason_removes_it(desk):
    """And nothing fires for it afterwards."""
    assert desk.refused(RemoveCaution("c1", "Ana", " ")) == "name_and_reason_needed"
    assert desk.refused(RemoveCaution("c1", "", "moved")) == "name_and_reason_needed"
    desk.run(RemoveCaution("c1", "Ana", "they moved"))
    desk.wait(40 * DAY)
    assert desk.state.cautions == {}
    assert desk.happened(CautionOverdue) == []
    assert desk.refused(RenewCaution("c1", "Ana", desk.now + DAY)) == "caution_unknown"


def test_each_look_at_a_sensitive_one_is_written_down(desk):
    """By whom and what for, each time; one that is not sensitive needs no asking."""
    desk.run(EnterCaution(caution(desk, id="c2", sensitive=True)))
    assert desk.refused(ViewCaution("c1", "Ana", "i")) == "not_sensitive"
    assert desk.refused(ViewCaution("c2", " ", "i")) == "name_needed"
    assert desk.refused(ViewCaution("c2", "Ana")) == "reason_needed"
    assert desk.refused(ViewCaution("c9", "Ana", "i")) == "caution_unknown"
    desk.run(ViewCaution("c2", "Ana", "i"), ViewCaution("c2", "Ana", "i"), ViewCaution("c2", "Ben", why="review"))
    assert [(event.by, event.incident, event.why) for event in desk.happened(CautionViewed)] == [
        ("Ana", "i", ""),
        ("Ana", "i", ""),
        ("Ben", "", "review"),
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"id": "c1"}, "caution_known"),
        ({"source": " "}, "source_and_author_needed"),
        ({"author": ""}, "source_and_author_needed"),
        ({"text": ""}, "text_needed"),
        ({"text": "x" * 4_001}, "text_too_long"),
        ({"review_at": 0}, "review_date_needed"),
        ({"effective_at": 10**15}, "review_date_needed"),
        ({"place": Place()}, "place_needed"),
        ({"about": About.PERSON}, "key_needed"),
        ({"buffer_m": 5_001}, "buffer_out_of_range"),
    ],
)
def test_what_is_incomplete_is_refused(desk, changes, code):
    """Source, author, text, a review date ahead, and what it is about: each is mandatory."""
    assert desk.refused(EnterCaution(caution(desk, **{"id": "new", **changes}))) == code


def test_nobody_but_the_kernel_says_that_it_is_overdue(desk):
    """The date does."""
    assert desk.refused(MarkCautionOverdue("c1")) == "not_permitted"
