"""The frozen record: whole, provable, and the same everywhere."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dispatch.recommendation.made_up import NOON, STATIONS, Line, unit

from redstick.dispatch.plans.requirement import Requirement
from redstick.dispatch.recommendation.question import Question
from redstick.dispatch.recommendation.recommending import recommend
from redstick.dispatch.recommendation.record import UnreadableRecord, digest_of, holds, read, written
from redstick.kernel.values import refuse_floats

PLAN = (Requirement("engines", ("ENGINE",), count=2), Requirement("medic", capabilities=("als",)))


def question(distances=(100, 300, 700, 5_500)):
    """A question with units near, far and behind the bridge; one of them on the road with an old position."""
    roster = tuple(unit(f"E{i}", x, capabilities=("als",) if i % 2 else ()) for i, x in enumerate(distances))
    return Question((0, 0), NOON, PLAN, (*roster, unit("R1", 400, seen_s=200)), STATIONS, plan="fire", plan_version="3")


@given(st.lists(st.integers(0, 600).map(lambda x: x * 10), max_size=8))
def test_a_record_proves_itself(distances):
    """The answer is worked out again from what stands in the text, without the roads."""
    asked = question(distances)
    text = written(asked, recommend(asked, Line()))
    record = read(text)
    assert holds(record)
    assert written(record.question, record.answer) == text


def test_without_roads_it_proves_itself_too():
    """The straight line's times are part of it."""
    asked = question()
    assert holds(read(written(asked, recommend(asked, None))))


def test_a_record_that_was_changed_is_found_out():
    """Another unit put first does not follow from the question; every changed byte changes the digest."""
    asked = question()
    answer = recommend(asked, Line())
    swapped = msgspec.structs.replace(answer, chosen=(*answer.chosen[1:], answer.chosen[0]))
    assert not holds(read(written(asked, swapped)))
    later = msgspec.structs.replace(asked, now=NOON + 1)
    assert digest_of(written(later, answer)) != digest_of(written(asked, answer))


def test_all_inputs_are_in_it():
    """Plan and its version, the roads, closures, statuses and positions with their times."""
    text = written(question(), recommend(question(), Line()))
    for part in (
        '"plan":"fire"',
        '"plan_version":"3"',
        '"roads":"line"',
        '"seen_at":1699999800000',
        '"road":"closure"',
    ):
        assert part in text


def test_it_holds_no_floats():
    """Integers and text, at every depth."""
    refuse_floats(Question)
    refuse_floats(type(read(written(question(), recommend(question(), Line())))))


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"question":{}}', "\ud800"])
def test_what_is_no_record_is_refused_with_what_was_expected(text):
    """Never an exception of another kind."""
    with pytest.raises(UnreadableRecord, match="expected"):
        read(text)
