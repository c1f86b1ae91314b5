"""Cursor on Target out: what each audience is told, when again, and that real datagrams arrive."""

import asyncio
import socket

import pytest
from tests.dispatch.live_desk import HOUR, MINUTE, SECOND, LiveDesk

from redstick.cli.cot import Misuse, read_settings
from redstick.dispatch.exchange.public import Disclosure
from redstick.dispatch.place import Place
from redstick.dispatch.rules.incidents import MoveIncident, OpenIncident
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.protocols.cot.event import check, read_event
from redstick.server.cot import AGAIN_MS, CotOut, Receiver

FIELD, PUBLIC = Receiver("field.example", 4242), Receiver("public.example", 4242, "public")
HERE = Place("1234 Main St Apt 5", -911_234_567, 304_123_456)


@pytest.fixture
def desk():
    """A unit that was seen, a fire, and a matter that is withheld from the public."""
    desk = LiveDesk()
    desk.run(EnrollUnit("E1", "engine"), ReportStatus("E1", "AR", x=1, y=2))
    desk.run(
        OpenIncident("fire", "26-1", "Brush fire", place=HERE), OpenIncident("home", "26-2", "Domestic", place=HERE)
    )
    return desk


@pytest.fixture
def out(desk):
    """A sender to both audiences; `sent` is what it put on the network."""
    sent = []
    out = CotOut((FIELD, PUBLIC), "cad.example", Disclosure(withheld=("Domestic",)), lambda: {"dispatch": desk.state},
                 lambda: desk.now, lambda data, to: sent.append((data, to[0])))  # fmt: skip
    out.sent = sent
    return out


def told(out, host):
    """Events that a receiver was sent since the last look, each valid."""
    found = [data for data, to in out.sent if to == host]
    assert [check(data) for data in found] == [[]] * len(found)
    return [read_event(data) for data in found]


def test_the_field_is_told_units_and_incidents_at_once(out):
    """With their places as they are, and no address, caller or note."""
    out.tell()
    assert {event.callsign for event in told(out, "field.example")} == {"E1", "26-1", "26-2"}
    assert not any("Main" in event.remarks for event in told(out, "field.example"))


def test_the_public_is_told_late_and_coarse_and_of_some_kinds_nothing(desk, out):
    """No unit, no number, the middle of a cell, and no id of the incident."""
    out.tell()
    assert told(out, "public.example") == []
    desk.now += 15 * MINUTE
    out.tell()
    [event] = told(out, "public.example")
    assert (event.callsign, event.remarks) == ("Brush fire", "Active, 1200 block Main St")
    assert (event.point.x - 25_000) % 50_000 == (event.point.y - 25_000) % 50_000 == 0
    assert "fire@" not in event.uid.replace(" ", "")


def test_what_is_the_same_is_told_again_before_it_goes_stale_and_not_sooner(desk, out):
    """A map that was switched on late is right soon; a quiet city sends little."""
    out.tell()
    first = len(out.sent)
    desk.now += 10 * SECOND
    out.tell()
    assert len(out.sent) == first
    desk.run(MoveIncident("fire", Place("elsewhere", 5, 5)))
    out.tell()
    assert len(out.sent) == first + 1
    desk.now += AGAIN_MS
    out.tell()
    assert len(out.sent) == first + 1 + first


def test_a_network_that_refuses_holds_up_nobody(desk):
    """It is tried again in the next round of telling."""

    def refuse(data, to):
        raise OSError("no route")

    out = CotOut((FIELD,), "cad.example", Disclosure(), lambda: {"dispatch": desk.state}, lambda: desk.now, refuse)
    out.tell()
    desk.now += HOUR
    out.tell()


@pytest.mark.sockets
def test_a_datagram_arrives(desk):
    """Over a real socket."""

    async def story():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
            listening.bind(("127.0.0.1", 0))
            listening.settimeout(20)
            to = Receiver("127.0.0.1", listening.getsockname()[1])
            out = CotOut((to,), "cad.example", Disclosure(), lambda: {"dispatch": desk.state}, lambda: desk.now)
            out.start()
            data = await asyncio.to_thread(listening.recv, 65_536)
            await out.close()
            return data

    assert check(asyncio.run(story())) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "element = 5",
        'element = "x"\n[[receivers]]\nhost = "192.0.2.7"\nport = 0',
        'element = "x"\nreceivers = []\nz = 1',
        'element = "x"\n[[receivers]]\nhost = "map.example"\nport = 1',
    ],
)
def test_settings_that_cannot_be_used_are_refused_in_words(tmp_path, text):
    """With the file and what was wrong."""
    file = tmp_path / "cot.toml"
    file.write_text(text)
    with pytest.raises(Misuse, match=r"cot\.toml"):
        read_settings(file)
