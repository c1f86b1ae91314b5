"""Alarms of central stations: taken once, or refused with the reason."""

import pytest
from tests.dispatch.live_desk import MINUTE, LiveDesk

from redstick.dispatch.exchange.alarms import TOO_OLD_MS, progress_of, take_alarm, take_update, verify_addresses
from redstick.dispatch.place import Place
from redstick.dispatch.rules.incidents import CloseIncident
from redstick.protocols.asap.messages import Accept, Alarm, Reason, Reject, Side, Update, read_message, write_message

SHOP = Place("9 Oak St", 1, 2, "Baton Rouge", "rooftop", "verified", in_geofile=True)


def verified(address, municipality):
    """The one address that was verified beforehand."""
    return SHOP if (address, municipality) == ("9 Oak St", "Baton Rouge") else None


@pytest.fixture
def desk():
    return LiveDesk()


@pytest.fixture
def alarm(desk):
    """A burglar alarm of a minute ago, as it came over the wire."""

    def alarm(**other):
        said = {
            "station": "Central & Sons", "id": "77", "kind": "burglary", "sent_at": desk.now, "zone": "back door",
            "happened_at": desk.now - MINUTE, "address": "9 Oak St", "municipality": "Baton Rouge",
            "premises": "Oak Jewelers", "callback": "800 555 0100",
        }  # fmt: skip
        return read_message(write_message(Alarm(**{**said, **other})))

    return alarm


def test_an_alarm_becomes_a_call_with_its_incident(desk, alarm):
    """With its verified place and what the station said; the answer names the incident."""
    taken = take_alarm(desk.state, alarm(), desk.now, verified)
    desk.run(*taken.commands)
    [call], [incident] = desk.state.calls.values(), desk.state.incidents.values()
    assert (call.source, call.callback, call.incident) == ("alarm", "800 555 0100", incident.id)
    assert (incident.kind, incident.group, incident.place) == ("Burglar alarm", "police", SHOP)
    assert incident.notes[0].text == "Alarm 77 of Central & Sons: burglary; Oak Jewelers; back door"
    assert taken.answer == Accept(station="Central & Sons", id="77", incident=incident.id)


def test_the_same_alarm_again_asks_nothing(desk, alarm):
    """It is accepted again, even when it would be too old by now."""
    taken = take_alarm(desk.state, alarm(), desk.now, verified)
    desk.run(*taken.commands)
    first = alarm()
    desk.now += 2 * TOO_OLD_MS
    again = take_alarm(desk.state, first, desk.now, verified)
    assert again.commands == ()
    assert again.answer == taken.answer


def test_two_stations_may_use_the_same_number(desk, alarm):
    """An alarm is known by its station and its number together."""
    for station in ("A", "B"):
        desk.run(*take_alarm(desk.state, alarm(station=station), desk.now, verified).commands)
    assert len(desk.state.incidents) == 2


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"address": "10 Oak St"}, Reason.BAD_ADDRESS),
        ({"kind": "flood of frogs"}, Reason.BAD_TYPE),
        ({"happened_at": 0}, Reason.TOO_OLD),
        ({"happened_at": 4_000_000_000_000}, Reason.OTHER),
    ],
)
def test_a_refusal_names_its_reason_and_opens_nothing(desk, alarm, other, reason):
    """Bad address, bad type, too old, from the future: the station calls by voice."""
    taken = take_alarm(desk.state, alarm(**other), desk.now, verified)
    assert taken.commands == ()
    assert isinstance(taken.answer, Reject)
    assert (taken.answer.reason, bool(taken.answer.text)) == (reason, True)


def test_updates_go_both_ways(desk, alarm):
    """The station's become notes, each once; ours tell how far it is."""
    desk.run(*take_alarm(desk.state, alarm(), desk.now, verified).commands)
    update = Update(
        station="Central & Sons", id="77", update="2", side=Side.STATION, sent_at=desk.now, text="keyholder on the way"
    )
    taken = take_update(desk.state, update)
    desk.run(*taken.commands)
    [incident] = desk.state.incidents.values()
    assert "keyholder on the way" in incident.notes[-1].text
    assert take_update(desk.state, update).commands == ()
    assert progress_of(desk.state, alarm(), desk.now).update == "Active"
    desk.run(CloseIncident(incident.id, "false alarm"))
    assert progress_of(desk.state, alarm(), desk.now).text == "Closed: false alarm"


def test_an_update_of_an_unknown_alarm_is_refused(desk, alarm):
    """And there is no progress to tell."""
    update = Update(station="X", id="1", update="1", side=Side.STATION, sent_at=desk.now, text="hello")
    assert isinstance(take_update(desk.state, update), Reject)
    assert progress_of(desk.state, alarm(), desk.now) is None


def test_the_report_of_addresses_says_which_would_be_refused():
    """Before the first alarm, not by it."""
    report = verify_addresses([("9 Oak St", "Baton Rouge"), ("10 Oak St", ""), ("9 Oak St", "Zachary")], verified)
    assert (report.asked, report.verified) == (3, 1)
    assert report.refused == ("10 Oak St", "9 Oak St, Zachary")
