"""Audiences: what is rendered for whom, and when. Each test states one fact."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.server import audiences as room
from redstick.server.audiences import Audiences

KEYS = [f"row/{number}" for number in range(4)]
STEPS = st.lists(
    st.tuples(st.dictionaries(st.sampled_from(KEYS), st.integers(0, 2)), st.sampled_from("pfsd")), max_size=20
)


class Counted:
    """A view of numbers; the public sees only the even ones. 0 is no row."""

    name = "counted"

    def __init__(self):
        self.rendered = []

    def touched(self, states, fact):
        """A fact is the keys that it changed."""
        return fact

    def row(self, states, key, audience):
        """The number."""
        self.rendered.append((audience, key))
        number = states.get(key, 0)
        return {"n": number} if number and (audience == "floor" or number % 2 == 0) else None

    def keys(self, states):
        """All that stand."""
        return list(states)


def rows_of(board):
    """Rows of a board, decoded."""
    return {key: msgspec.json.decode(row) for key, row in board.snapshot().rows.items()}


@pytest.fixture
def boards():
    """Two audiences of one view, of which a seat follows the floor's."""
    made = Audiences(Counted(), ("floor", "public"), {}, 0, 0)
    made.boards["floor"].subscribe()
    return made


def test_what_nobody_follows_is_not_rendered(boards):
    """A frame renders for the audience that has a seat; the other is owed the row, once, until somebody asks."""
    view = boards._view
    for number in (1, 2):
        boards.note({KEYS[0]: number}, [[KEYS[0]]])
        boards.publish({KEYS[0]: number}, number, number, followed=True)
    assert view.rendered == [("floor", KEYS[0])] * 2
    boards.publish({KEYS[0]: 2}, 3, 3)
    assert view.rendered[2:] == [("public", KEYS[0])]
    assert rows_of(boards.boards["public"]) == {KEYS[0]: {"n": 2}}


def test_what_is_owed_stays_small(boards, monkeypatch):
    """Beyond a limit the oldest rows are drawn, so many more than came: what has ended is not owed for ever."""
    monkeypatch.setattr(room, "MOST_OWED", 2)
    monkeypatch.setattr(room, "SLICE", 1)
    states = dict.fromkeys(KEYS, 2)
    boards.note(states, [KEYS[:2]])
    boards.publish(states, 1, 1, followed=True)
    assert rows_of(boards.boards["public"]) == {}
    boards.note(states, [KEYS[2:3]])
    boards.publish(states, 2, 2, followed=True)
    assert list(rows_of(boards.boards["public"])) == KEYS[:2]


def test_a_debt_is_drawn_in_slices(boards, monkeypatch):
    """Whoever asks a board that nobody followed holds nobody up: so many rows at a time, until it owes none."""
    monkeypatch.setattr(room, "SLICE", 3)
    states = dict.fromkeys(KEYS, 2)
    boards.note(states, [KEYS])
    assert boards.draw_some("public", states, 1, 1)
    assert list(rows_of(boards.boards["public"])) == KEYS[:3]
    assert not boards.draw_some("public", states, 1, 1)
    assert list(rows_of(boards.boards["public"])) == KEYS


def test_who_follows_never_hears_half_of_a_position(boards, monkeypatch):
    """A board that is followed is not drawn in slices: its next frame holds all of what is marked, or none."""
    monkeypatch.setattr(room, "SLICE", 3)
    states = dict.fromkeys(KEYS, 2)
    boards.note(states, [KEYS])
    assert not boards.draw_some("floor", states, 1, 1)
    assert rows_of(boards.boards["floor"]) == {}
    boards.publish(states, 1, 1, followed=True)
    assert list(rows_of(boards.boards["floor"])) == KEYS


@given(STEPS)
def test_whoever_asks_sees_what_is_there(steps):
    """However it was published: a board that is asked shows what a fresh one does, and who follows hears it all."""
    states = {}
    boards = Audiences(Counted(), ("floor", "public"), states, 0, 0)
    seats = []
    for at, (changed, how) in enumerate(steps, 1):
        states |= changed
        boards.note(states, [list(changed)])
        if how == "d":
            boards.draw_some("public", states, at, at)
        else:
            boards.publish(states, at, at, followed=how == "f")
        if how == "s":
            seats.append(boards.boards["public"].subscribe())
    boards.publish(states, len(steps) + 1, 0)
    fresh = Audiences(Counted(), ("floor", "public"), states, 0, 0)
    for audience, board in boards.boards.items():
        assert rows_of(board) == rows_of(fresh.boards[audience])
    for snapshot, seat in seats:
        frame = seat.cut()
        heard = {key: row for key, row in snapshot.rows.items() if key not in frame.gone} | frame.rows
        assert heard == boards.boards["public"].snapshot().rows
