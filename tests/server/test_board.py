"""The board: each test states one fact."""

import asyncio

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.server.board import Board

KEYS = st.sampled_from(["unit/A", "unit/B", "incident/1", "incident/2", "clock"])
CHANGES = st.tuples(st.dictionaries(KEYS, st.fixed_dictionaries({"n": st.integers(0, 3)})), st.lists(KEYS, max_size=3))
HISTORIES = st.lists(st.tuples(CHANGES, st.booleans()), max_size=25)


def rows_of(message):
    """Rows of a snapshot or a frame, decoded."""
    return {key: msgspec.json.decode(row) for key, row in message.rows.items()}


class Reader:
    """A seat that applies frames as the console does."""

    def __init__(self, board):
        snapshot, self.seat = board.subscribe()
        self.at, self.rows = snapshot.at, rows_of(snapshot)

    def read(self):
        """Take the next frame; it must begin where this reader stands."""
        frame = self.seat.cut()
        assert frame.start == self.at
        for key in frame.gone:
            self.rows.pop(key, None)
        self.rows |= rows_of(frame)
        self.at = frame.end
        return frame


def lived(history):
    """A board that lived a history, with a reader that read after each change marked so, and one that never did."""
    board = Board()
    eager, lazy = Reader(board), Reader(board)
    for now, ((changed, gone), reads) in enumerate(history):
        board.publish(now, changed, [key for key in gone if key not in changed])
        if reads:
            eager.read()
    return board, eager, lazy


@given(HISTORIES)
def test_every_reader_comes_to_know_what_the_board_knows(history):
    """However seldom it reads: frames add up to the snapshot, row for row, position for position."""
    board, eager, lazy = lived(history)
    for reader in (eager, lazy):
        reader.read()
        assert reader.rows == rows_of(board.snapshot())
        assert reader.at == board.at


@given(HISTORIES)
def test_a_slow_reader_costs_no_more_than_the_rows(history):
    """What waits for a seat is at most the newest version of each key that there ever was, not the history."""
    _, _, lazy = lived(history)
    assert len(lazy.seat._rows) + len(lazy.seat._gone) <= 5
    frame = lazy.read()
    assert not frame.rows.keys() & set(frame.gone)


@given(HISTORIES)
def test_what_did_not_change_is_not_told(history):
    """Publishing the rows that are known, and ending keys that are not, moves nothing."""
    board, eager, _ = lived(history)
    eager.read()
    before = board.at
    board.publish(99, rows_of(board.snapshot()), ["unit/unheard-of"])
    frame = eager.read()
    assert board.at == before
    assert (frame.rows, frame.gone, frame.now) == ({}, [], 99)


def test_a_reader_that_left_is_forgotten():
    """Nothing is kept for it any more."""
    board = Board()
    reader = Reader(board)
    reader.seat.leave()
    board.publish(1, {"unit/A": {"n": 1}})
    assert reader.seat._rows == {}
    reader.seat.leave()  # leaving twice is no fault


def test_leaving_while_others_are_told_disturbs_nobody():
    """One seat leaves, the next change reaches the one that stayed."""
    board = Board()
    gone, stays = Reader(board), Reader(board)
    gone.seat.leave()
    board.publish(1, {"unit/A": {"n": 1}})
    stays.read()
    assert stays.rows == {"unit/A": {"n": 1}}


def test_a_row_is_encoded_once_for_all_seats():
    """Two hundred seats hold the same bytes, not two hundred copies."""
    board = Board()
    readers = [Reader(board) for _ in range(200)]
    board.publish(1, {"unit/A": {"n": 1}})
    assert len({id(reader.seat._rows["unit/A"]) for reader in readers}) == 1


def test_a_frame_waits_for_a_change_no_longer_than_its_patience():
    """At once when something is there; empty, with the time, when nothing came."""

    async def waiting():
        board = Board()
        _, seat = board.subscribe()
        empty = await seat.frame(0.01)
        asyncio.get_running_loop().call_soon(board.publish, 7, {"clock": {"n": 1}})
        full = await seat.frame(60.0)
        return empty, full

    empty, full = asyncio.run(waiting())
    assert (empty.rows, empty.start, empty.end) == ({}, 0, 0)
    assert (rows_of(full), full.start, full.end, full.now) == ({"clock": {"n": 1}}, 0, 1, 7)


@pytest.mark.parametrize("name", ["from", "to", "now", "rows", "gone"])
def test_a_frame_speaks_the_words_of_the_console(name):
    """The names on the wire are those that web/src/feed/feed.ts reads."""
    board = Board()
    reader = Reader(board)
    assert name in msgspec.json.decode(msgspec.json.encode(reader.read()))
