"""A foreign EIDO as commands: opened once, told with its source, never taken over silently."""

import msgspec
import pytest
from tests.dispatch.live_desk import LiveDesk

from redstick.dispatch.exchange.eido import eido_of
from redstick.dispatch.exchange.incoming import commands_of
from redstick.dispatch.place import Place
from redstick.dispatch.rules.incidents import AddNote, MoveIncident, OpenIncident
from redstick.dispatch.rules.units import ReportStatus
from redstick.protocols.eido.codec import decode


@pytest.fixture
def other():
    """The desk of a neighbour."""
    return LiveDesk()


@pytest.fixture
def sent(desk, profile):
    """The fire as our EIDO tells it now."""
    return lambda: eido_of(desk.state, "inc_0000000001", desk.now, profile)


def take(other, eido):
    """Ask what it makes; each command must be accepted."""
    commands = commands_of(other.state, eido)
    other.run(*commands)
    return commands


def test_it_opens_an_incident_with_its_calls(other, sent):
    """With what was said there, unverified here, and its source at every piece."""
    take(other, sent())
    [incident] = other.state.incidents.values()
    assert (incident.kind, incident.number) == ("Structure fire", "4101")
    assert (incident.place.text, incident.place.source) == (
        "1234 Main St Apt 5, Baton Rouge",
        "eido:cad.parish.example",
    )
    assert not incident.place.in_geofile
    [call] = other.state.calls.values()
    assert (call.incident, call.callback, call.source) == (incident.id, "+12255550100", "eido:cad.parish.example")
    told = [note.text for note in incident.notes]
    assert any(text.startswith("Smoke & <flames> [eido:cad.parish.example, ecc.parish.example, ") for text in told)
    assert any(text.startswith("E1: NotAvailable, Assigned, EnRoute [") for text in told)


def test_the_same_again_asks_nothing(other, sent):
    """However often it comes."""
    eido = sent()
    assert take(other, eido)
    assert commands_of(other.state, eido) == []


def test_what_is_new_is_a_note_and_what_is_old_is_nothing(desk, other, sent):
    """A change adds its own line; the older EIDO, should it come late, adds none."""
    before = sent()
    take(other, before)
    desk.now += 60_000
    desk.run(ReportStatus("E1", "ONS"), MoveIncident("inc_0000000001", Place("2 Oak St", -910_000_000, 304_000_000)))
    commands = take(other, sent())
    assert {type(command) for command in commands} == {AddNote}
    assert any("OnScene" in command.text for command in commands)
    assert commands_of(other.state, before) == []


def test_a_place_is_not_taken_over_silently(desk, other, sent):
    """The incident stays where it was opened; a person reads the note and decides."""
    take(other, sent())
    desk.run(MoveIncident("inc_0000000001", Place("2 Oak St", -910_000_000, 304_000_000)))
    take(other, sent())
    [incident] = other.state.incidents.values()
    assert incident.place.text == "1234 Main St Apt 5, Baton Rouge"
    assert any(note.text.startswith("location: 2 Oak St") for note in incident.notes)


def test_the_published_sample_opens_an_incident(other, third_party):
    """A call transfer of another state, with its two places and its caller."""
    eido = decode(third_party("ng911/eido/Samples/Sample call transfer EIDO.json").read_bytes())
    assert {OpenIncident} < {type(command) for command in take(other, eido)}
    [call] = other.state.calls.values()
    assert call.callback == "8195551212"


def test_an_eido_without_an_incident_component_opens_one_all_the_same(other, sent):
    """Everything but the agencies may be missing."""
    bare = msgspec.structs.replace(
        sent(), incident_component=None, call_component=(), person_component=(), location_component=(),
        emergency_resource_component=(), dispatch_component=(), notes_component=(), callback_component=(),
    )  # fmt: skip
    assert [type(command) for command in take(other, bare)] == [OpenIncident]
