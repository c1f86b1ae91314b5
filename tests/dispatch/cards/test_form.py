"""The form of a card: what is printed blank is what is read, and nothing is guessed."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.cards.card import PaperCard, UnitLine
from redstick.dispatch.cards.form import blank, read, write

CHICAGO = ZoneInfo("America/Chicago")
TYPED = """
REDSTICK CARD P-000017
Date: 2024-06-02
Received: 23:50:10
Opened: 23:51
Place: 12 Oak St: rear
Kind: structure fire
Priority: 1
Unit: E2, dispatched 23:52, on scene 2024-06-03 00:01:30, available ____
Note: flames showing
Callback: ____________
"""
NOON = 1_717_300_000_000


def test_a_card_is_read_as_it_was_written():
    """Times by the wall clock beside the seat; behind midnight with their date; what stayed blank is empty."""
    card, faults = read(TYPED, CHICAGO)
    assert faults == []
    [unit] = card.units
    assert (card.number, card.place, card.priority, card.callback) == ("P-000017", "12 Oak St: rear", 1, "")
    assert card.opened_at == 1_717_390_260_000  # 2024-06-03T04:51Z
    assert unit == UnitLine("E2", 1_717_390_320_000, None, 1_717_390_890_000, None)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Opened: 25:00", "hour must be"),
        ("Opened: noon", "Invalid isoformat"),
        ("Priority: high", "expected 1 to 5"),
        ("Kind: a\nKind: b", "kind stands twice"),
        ("Unit: E2, arrived 10:00", "expected one of dispatched"),
        ("Unit: E2, on scene 10:00, on scene 10:01", "on scene stands twice"),
        ("Weather: fine", "'Weather' is no field"),
        ("flames", "expected `name: value`"),
        ("Date: 2024-13-01", "month must be"),
    ],
)
def test_what_cannot_be_read_is_a_fault_with_its_line(line, said):
    """And there is no card: half a card would be a guess."""
    card, faults = read(f"Date: 2024-06-02\n{line}\nOpened: 10:00", UTC)
    assert card is None
    assert any(said in fault and fault.startswith("line ") for fault in faults), faults


def test_a_time_without_a_date_and_a_card_without_an_opening_are_faults():
    """Nobody could say when it was."""
    assert "before any `Date:`" in read("Opened: 10:00", UTC)[1][0]
    assert "no line `Opened:`" in read("Date: 2024-06-02", UTC)[1][0]


def test_a_blank_card_reads_as_nothing_but_its_number():
    """Lines to write on are no values."""
    card, faults = read(blank("P-000001") + "Date: 2024-06-02\nOpened: 10:00\n", UTC)
    assert faults == []
    assert (card.number, card.place, card.notes, [unit.times() for unit in card.units]) == (
        "P-000001",
        "",
        [],
        [[]] * 4,
    )


WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8).map(lambda text: f"x{text}")
TIMES = st.none() | st.integers(0, 40 * 3600).map(lambda seconds: NOON + seconds * 1000)
UNITS = st.builds(UnitLine, WORDS, TIMES, TIMES, TIMES, TIMES)
CARDS = st.builds(
    PaperCard,
    st.just("P-000001"),
    st.integers(0, 40 * 3600).map(lambda seconds: NOON + seconds * 1000),
    st.just("") | WORDS,
    kind=st.just("") | WORDS,
    priority=st.integers(1, 5),
    received_at=TIMES,
    answered_at=TIMES,
    callback=st.just("") | WORDS,
    units=st.lists(UNITS, max_size=3),
    notes=st.lists(WORDS, max_size=3),
    closed_at=TIMES,
    disposition=st.just("") | WORDS,
)


@given(CARDS)
def test_a_card_that_is_written_and_read_is_the_same_card(card):
    """To the second, over midnight too."""
    assert read(write(card, CHICAGO), CHICAGO) == (card, [])
