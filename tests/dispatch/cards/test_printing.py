"""What is printed for work without the system."""

from datetime import UTC

import pytest
from tests.dispatch.live_desk import DAY, LiveDesk

from redstick.dispatch.cards.printing import free_numbers, page, text
from redstick.dispatch.place import Place
from redstick.dispatch.rules.assignments import AssignUnits
from redstick.dispatch.rules.cards import ReserveCards
from redstick.dispatch.rules.cautions import About, Caution, EnterCaution, Shape
from redstick.dispatch.rules.incidents import AddNote, CloseIncident, OpenIncident
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus


@pytest.fixture
def desk():
    """One fire with a unit, a note and a caution that is sensitive; one incident that is over."""
    desk = LiveDesk()
    home = Place("12 Oak <St>", in_geofile=True)
    secret = Caution("c", Shape.CAUTION, About.PLACE, "weapon", "rifle by the door", "crew", "Ana", desk.now,
                     desk.now + DAY, home, sensitive=True)  # fmt: skip
    desk.run(EnterCaution(secret), EnrollUnit("E2", "engine"), ReportStatus("E2", "AQ"))
    desk.run(OpenIncident("i1", "26-7", "structure fire", priority=1, place=home), AssignUnits("i1", ["E2"]))
    desk.run(AddNote("i1", "flames showing"), OpenIncident("i2", "26-8"), CloseIncident("i2", "01"))
    desk.run(ReserveCards("seat 1", 3))
    return desk


def both(desk):
    """The page and the text."""
    return page(desk.state, "seat 1", desk.now, UTC).render(), text(desk.state, "seat 1", desk.now, UTC)


def test_open_incidents_are_printed_and_closed_ones_are_not(desk):
    """With place, units, times and notes, on the page and in plain text."""
    for printed in both(desk):
        for said in ("26-7", "structure fire", "E2", "22:13:20", "flames showing", "P-000003"):
            assert said in printed
        assert "26-8" not in printed


def test_a_sensitive_text_is_not_printed(desk):
    """Paper lies about: it says that there is something to ask for."""
    for printed in both(desk):
        assert "sensitive, ask to be shown it" in printed
        assert "rifle" not in printed


def test_the_page_escapes_what_people_typed_and_names_its_tables(desk):
    """A place that reads like markup is shown as those characters; every table has a caption and scoped heads."""
    printed = both(desk)[0]
    assert "12 Oak &lt;St&gt;" in printed
    assert "12 Oak <St>" not in printed
    assert printed.count("<caption>") == 2
    assert 'scope="col"' in printed


def test_a_number_is_printed_until_it_was_entered(desk):
    """Only this seat's."""
    desk.run(ReserveCards("seat 2", 2))
    assert free_numbers(desk.state, "seat 1") == ["P-000001", "P-000002", "P-000003"]
    assert free_numbers(desk.state, "seat 2") == ["P-000004", "P-000005"]
