"""What T.140 shows, and in which pieces it is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.protocols.rtt.presenting import MOST_APART, MOST_PIECE, PIECE_MS, Pieces, Presenter


@pytest.mark.parametrize(
    ("came", "shown"),
    [
        ("\ufeffhelp", "help"),
        ("a\r\nb\u2028c\nd\re\u2029", "a\nb\nc\nd\ne\n"),
        ("helo\b\blp", "helo\b\blp"),
        ("a\ufffdb", "a\ufffdb"),
        ("\u009b31mred\u009b0m", "red"),
        ("x\u0098for programs\u009cy", "xy"),
        ("\u0098" + "z" * MOST_APART + "seen", "seen"),
        ("\x07\x00\x1b\x7fa\tb", "a\tb"),
        ("¿Dónde está? 救命", "¿Dónde está? 救命"),
    ],
)
def test_what_is_shown(came, shown):
    """However the characters are spread over packets."""
    assert Presenter().show(came) == shown
    presenter = Presenter()
    assert "".join(presenter.show(sign) for sign in came) == shown


@given(st.text())
def test_what_is_shown_has_no_control_but_ends_of_lines_erasing_and_tabs(came):
    """Whatever came."""
    assert all(sign in "\n\b\t" or sign >= " " for sign in Presenter().show(came))


@given(st.lists(st.tuples(st.text(max_size=300), st.floats(0, 500)), max_size=30))
def test_pieces_are_the_text_and_none_waits_longer_than_it_may(typed):
    """Cut in whatever way: put together they are what was typed; at most 200 characters each, kept 700 ms at most."""
    pieces, now, kept = Pieces(), 0.0, []
    for text, later in typed:
        now += later
        while pieces.due_ms is not None and pieces.due_ms <= now:
            kept += pieces.take(pieces.due_ms)
        pieces.add(text, now)
        assert pieces.due_ms is None or pieces.due_ms <= now + PIECE_MS
    kept += pieces.flush()
    assert "".join(kept) == "".join(text for text, _ in typed)
    assert all(0 < len(piece) <= MOST_PIECE for piece in kept)
    assert pieces.due_ms is None


def test_somebody_who_types_makes_a_line_or_two_a_second():
    """Ten characters a second for ten seconds: not a hundred pieces, and each line that ends at once."""
    pieces, kept = Pieces(), []
    for at in range(100):
        pieces.add("\n" if at == 50 else "x", at * 100.0)
        kept += [(at, piece) for piece in pieces.take(at * 100.0)]
    assert len(kept) <= 16
    assert any(at == 50 and piece.endswith("\n") for at, piece in kept)
