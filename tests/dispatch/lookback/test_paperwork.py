"""What a report says, before it is set: nothing of the world is markup or a formula, and no number of who called."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.lookback.answers import Line
from redstick.dispatch.lookback.paperwork import Clockwork, incident_csv, incident_paper, plain, written
from redstick.dispatch.reads.report_sheets import FORMULA_STARTS
from redstick.dispatch.rules.assignments import Assignment
from redstick.dispatch.rules.calls import Call
from redstick.dispatch.rules.incidents import Incident

WHEN = Clockwork("America/Chicago")
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)


def line(says):
    """A line of the journal."""
    return Line(1, 1_700_000_000_000, 0, "dispatch.note_added", says, "dan", [])


@given(st.lists(st.tuples(TEXT, TEXT), max_size=5))
def test_no_cell_is_a_formula_and_every_text_comes_back(rows):
    """A reader of CSV finds each cell as it was, or behind an apostrophe."""
    found = list(csv.reader(io.StringIO(written(("one", "other"), rows), newline="")))[1:]
    assert len(found) == len(rows)
    for cells, said in zip(found, rows, strict=True):
        for cell, text in zip(cells, said, strict=True):
            assert not cell.startswith(FORMULA_STARTS)
            assert cell.removeprefix("'") == text.removeprefix("'")


@given(TEXT)
def test_whatever_is_said_becomes_a_document_without_markup(text):
    """A note that looks like the typesetter's own words is a string in it."""
    incident = Incident("i1", 1_700_000_000_000, kind=text)
    made = incident_paper(incident, [line(text)], [], WHEN, callers=False).text()
    assert made.count("#heading(level: 1") == 1
    assert all(sign < "\u2e80" for sign in plain(text))


def test_the_number_of_who_called_is_told_only_when_it_is_asked_for():
    """On paper and in the table, whatever the line is."""
    calls = [Call("c1", 1_700_000_000_000, source="trunk 1", callback="225-555-0100")]
    lines = [line("Call received by trunk 1 225-555-0100"), line("Note: call 225-555-0100 back")]
    incident = Incident("i1", 1_700_000_000_000, calls=["c1"])
    for callers in (False, True):
        table = incident_csv(lines, calls, WHEN, callers=callers)
        paper = incident_paper(incident, lines, calls, WHEN, callers=callers).text()
        assert ["225-555-0100" in made for made in (table, paper)] == [callers, callers]
        assert "Call received by trunk 1" in table


def test_times_of_a_unit_stand_in_the_order_in_which_they_happen():
    """Dispatched before en route, available last."""
    incident = Incident(
        "i1", 1, assignments={"E1": Assignment("E1", 1, {"available": 9, "dispatched": 2, "en_route": 3})}
    )
    made = incident_paper(incident, [], [], WHEN, callers=False).text()
    places = [made.index(word) for word in ("Dispatched", "En route", "Available")]
    assert places == sorted(places)
