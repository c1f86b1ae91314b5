"""Recordings: what was received is on disk as it came, verifies from there, and is not lost by a crash."""

import subprocess
import sys

import msgspec
import pytest

from redstick.adapters.voice.media import Media
from redstick.adapters.voice.recording import INDEX, SEGMENT_MS, Link, Recorder, faults, packets, read_links, salvage
from redstick.comms.ports import RecordingFailed, Segment
from redstick.comms.rules.recordings import first_link, next_link
from redstick.protocols.captures.rtp import Rtp

KILLED = """
import os, signal, sys
from pathlib import Path
from redstick.adapters.voice.recording import Recorder
from redstick.protocols.captures.rtp import Rtp
recorder = Recorder("leg", Path(sys.argv[1]), lambda _: None)
for number in range(1_250):
    recorder.keep(Rtp(0, number, 160 * number, 0, (), bytes([number % 256]) * 160), 20.0 * number)
os.kill(os.getpid(), signal.SIGKILL)
"""


def packet(number):
    """20 ms that can be told from their neighbours."""
    return Rtp(0, number, 160 * number, 0, (), bytes([number % 256]) * 160)


@pytest.fixture
def kept(tmp_path):
    """25 seconds of a leg: three closed segments; what was told."""
    told = []
    recorder = Recorder("leg", tmp_path, told.append)
    for number in range(1_250):
        recorder.keep(packet(number), 20.0 * number)
    recorder.close()
    recorder.close()
    return told


def test_a_recording_is_what_was_received_with_its_times(kept, tmp_path):
    """Every packet, when it came; each segment is told with the hash of exactly the bytes on disk."""
    assert [(type(one), one.index) for one in kept] == [(Segment, 0), (Segment, 1), (Segment, 2)]
    got = [one for segment in kept for one in packets(tmp_path / segment.path)]
    assert got == [(20_000 * number, packet(number)) for number in range(1_250)]
    assert [one.bytes for one in kept] == [(tmp_path / one.path).stat().st_size for one in kept]
    assert [(one.sha256, one.chain) for one in kept] == [(one.sha256, one.chain) for one in read_links(tmp_path)]
    assert list(faults("leg", tmp_path)) == []


def test_whatever_is_changed_on_disk_is_found(kept, tmp_path):
    """A bit, a file that is gone, a link that was left out, another leg's recording in this place."""
    middle, index = tmp_path / kept[1].path, tmp_path / INDEX
    whole, lines = middle.read_bytes(), index.read_bytes()
    middle.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
    assert list(faults("leg", tmp_path)) == ["000001.rtp has other bytes than when it was closed"]
    middle.unlink()
    assert list(faults("leg", tmp_path)) == ["000001.rtp is gone"]
    middle.write_bytes(whole)
    index.write_bytes(b"\n".join(lines.split(b"\n")[1:]))
    assert next(faults("leg", tmp_path)) == "segment 0 is called 1 at 000001.rtp"
    index.write_bytes(lines)
    assert list(faults("other", tmp_path)) == ["000000.rtp is not chained to the one before it"]


def test_an_engine_that_is_killed_loses_nothing_that_it_had_received(tmp_path):
    """What was not closed is salvaged to its last whole packet, marked so, and the whole verifies."""
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False, timeout=120)
    assert [link.index for link in read_links(tmp_path)] == [0, 1]
    with (tmp_path / "000002.rtp").open("ab") as torn:
        torn.write(b"torn")
    with (tmp_path / INDEX).open("ab") as torn:
        torn.write(b'{"index":2,"pa')
    links = salvage("leg", tmp_path)
    assert [link.salvaged for link in links] == [False, False, True]
    assert [one.sequence for link in links for _, one in packets(tmp_path / link.path)] == list(range(1_250))
    assert list(faults("leg", tmp_path)) == []
    assert salvage("leg", tmp_path) == links


@pytest.mark.parametrize("known", [0, 1, 2, 3])
def test_what_a_killed_engine_could_not_tell_is_told_from_the_piece_on_that_is_expected(tmp_path, known):
    """Closed pieces that nobody may have heard of, and the one that was left open: one chain, then the next piece."""
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False, timeout=120)
    told = []
    recorder = Recorder("leg", tmp_path, told.append, known)
    recorder.keep(packet(0), 0.0)
    recorder.close()
    assert [one.index for one in told] == [0, 1, 2, 3][known:]
    links = read_links(tmp_path)[known:]
    assert [(one.path, one.sha256, one.chain) for one in told] == [(one.path, one.sha256, one.chain) for one in links]
    assert list(faults("leg", tmp_path)) == []


def test_a_recorder_that_begins_again_goes_on_behind_what_is_there(tmp_path):
    """One chain, no file written over."""
    for first in (0, 1):
        recorder = Recorder("leg", tmp_path, lambda _: None)
        recorder.keep(packet(first), SEGMENT_MS)
        recorder.close()
    assert [link.index for link in read_links(tmp_path)] == [0, 1]
    assert list(faults("leg", tmp_path)) == []


def test_a_disk_that_takes_nothing_is_told_once(tmp_path):
    """And voice goes on."""
    told = []
    (tmp_path / "file").write_bytes(b"")
    recorder = Recorder("leg", tmp_path / "file" / "leg", told.append)
    for number in range(3):
        recorder.keep(packet(number), 20.0 * number)
    recorder.close()
    [failed] = told
    assert (type(failed), failed.leg) == (RecordingFailed, "leg")


class Standing(Media):
    """Voice of seats' standing legs that are alive, with a folder for what is kept."""

    def __init__(self, folder):
        self.told = []
        super().__init__({"seat:a": None, "seat:b": None}, self.told.append, folder)

    def stream(self, leg):
        """They say nothing by themselves."""
        del leg

    def speak(self, leg, number):
        """A packet of one that is recorded."""
        self._recorders[leg].keep(packet(number), 20.0 * number)


@pytest.mark.parametrize(
    "written", [b"no link\n", b'{"index":0,"path":"x","bytes":1,"sha256":"zz","chain":"zz"}\n', None]
)
def test_a_folder_that_is_beyond_use_is_told_and_raises_nothing(tmp_path, written):
    """Whoever answers goes on with the next thing; another seat is recorded as ever."""
    folder = tmp_path / "seat%3Aa"
    if written is None:
        folder.write_bytes(b"a file in its place")
    else:
        folder.mkdir()
        (folder / INDEX).write_bytes(written)
        (folder / "000001.rtp").write_bytes(b"left open")
        (folder / "000000.rtp").write_bytes(b"left open")
    media = Standing(tmp_path)
    assert media.record("seat:a") is (written is None)
    if written is None:
        media.speak("seat:a", 0)
    assert [(type(one), one.leg) for one in media.told] == [(RecordingFailed, "seat:a")]
    assert media.record("seat:b")


def test_a_seat_goes_on_in_its_chain_without_reading_it(tmp_path):
    """In each call one more piece; that its index is gone meanwhile changes nothing, since where it is it knows."""
    media = Standing(tmp_path)
    for number in range(3):
        assert media.record("seat:a")
        media.speak("seat:a", number)
        assert media.stop_recording("seat:a")
        (tmp_path / "seat%3Aa" / INDEX).rename(tmp_path / f"{number}")
    assert [one.index for one in media.told] == [0, 1, 2]
    chain = first_link("seat:a")
    for one in media.told:
        chain = next_link(chain, one.sha256)
        assert one.chain == chain


def test_of_a_long_chain_the_end_alone_is_read(tmp_path):
    """Back to the piece that is expected, over whatever blocks that takes, and not one line before."""
    ends = [Link(number, f"{number:06}.rtp", 1, "0" * 64, f"{number:064x}") for number in range(9_900, 10_001)]
    (tmp_path / INDEX).write_bytes(b"no link\n" * 10_000 + b"".join(msgspec.json.encode(one) + b"\n" for one in ends))
    told = []
    recorder = Recorder("leg", tmp_path, told.append, 9_900)
    recorder.keep(packet(0), 0.0)
    recorder.close()
    assert [one.index for one in told] == [*range(9_900, 10_001), 10_001]
    assert [one.chain for one in told[:-1]] == [one.chain for one in ends]
    assert told[-1].chain == next_link(ends[-1].chain, told[-1].sha256)
    Recorder("leg", tmp_path, told.append)
    assert len(told) == 102
