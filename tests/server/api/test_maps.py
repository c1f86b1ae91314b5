"""`redstick serve --cot`: a map is told of a live city."""

import shutil
import socket

import pytest

from redstick.protocols.cot.event import read_event

from .conftest import Person, Server

pytestmark = pytest.mark.sockets


def test_a_map_is_told_of_an_incident_by_the_server(enrolled, tmp_path):
    """One datagram over UDP, from the settings in a file."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(30)
        settings = tmp_path / "cot.toml"
        port = listening.getsockname()[1]
        settings.write_text(f'element = "cad.example"\n[[receivers]]\nhost = "127.0.0.1"\nport = {port}\n')
        running = Server(shutil.copytree(enrolled, tmp_path / "data"), "--cot", str(settings))
        try:
            place = {"text": "1 Main St", "x": 10, "y": 20}
            opened = Person(running, "dan").ask("open-incident", incident="i", kind="Brush fire", place=place)
            assert opened.status_code == 200, opened.text
            event = read_event(listening.recv(65_536))
        finally:
            assert running.end() == ""
    assert (event.callsign, event.point.x) == ("1", 10)
