"""EVTX by a parser in a process of its own: what kills or misleads the parser costs one chunk."""

import gzip
import io
import random
import signal
import tarfile

import pytest

from redstick.defense.readers import evtx_file, evtx_process
from redstick.defense.readers.event import Tally
from redstick.defense.readers.evtx_file import MAX_DEATHS, Parser, evtx_events
from redstick.defense.sigma.logsources import Source


def script(path, body):
    """A program that stands in for the parser."""
    path.write_text("import sys, os, signal, json\nfor line in sys.stdin:\n    path, first = json.loads(line)\n" + body)
    return path


@pytest.fixture
def parser(monkeypatch, tmp_path):
    """Puts another program in the parser's place."""
    created = []

    def put(body):
        monkeypatch.setattr(evtx_file, "_SCRIPT", script(tmp_path / "parser.py", body))
        created.append(Parser())
        monkeypatch.setattr(evtx_file, "_PARSER", created[-1])

    yield put
    for one in created:
        one.close()


RECORD = '{"Event":{"System":{"Channel":"Security","EventID":1},"EventData":{"a":"x"}}}'


def read(path):
    """Fields of all events, and the tally."""
    tally = Tally()
    found = [event.fields["a"] for event in evtx_events(path, tally)]
    assert tally.received == tally.decoded + tally.lost
    return found, tally


def test_a_chunk_that_ends_the_parser_is_one_loss_and_the_next_chunk_is_read(parser, tmp_path):
    """The process dies in its first chunk; the second is asked of a new one, and nothing read before is lost."""
    parser(
        f"""    print("#%d" % first, flush=True)
    print('+{RECORD}', flush=True)
    if first == 0: os.kill(os.getpid(), signal.SIGKILL)
    print('.', flush=True)
"""
    )
    found, tally = read(tmp_path / "x.evtx")
    assert found == ["x", "x"]
    assert tally.losses == {"EVTX chunk that sends its parser round in circles": 1}


def test_a_parser_that_always_dies_is_given_up(parser, tmp_path):
    """A hostile file costs so many deaths, and says so."""
    parser("    sys.exit(1)\n")
    found, tally = read(tmp_path / "x.evtx")
    assert found == []
    assert tally.lost == MAX_DEATHS + 1


def test_the_parser_serves_one_file_after_another_and_survives_a_reader_who_stops(parser, tmp_path):
    """A generator left half-way takes nothing from the next file."""
    parser(f"    print('+{RECORD}')\n    print('+{RECORD}')\n    print('.', flush=True)\n")
    path = tmp_path / "x.evtx"
    first = evtx_events(path, Tally())
    next(first)
    first.close()
    assert read(path)[0] == ["x", "x"]
    assert read(path)[0] == ["x", "x"]


def test_time_without_end_is_ended_by_the_system():
    """The guard is a timer of CPU time whose signal ends the process wherever it is, native code too."""
    assert signal.getsignal(signal.SIGPROF) == signal.SIG_DFL
    evtx_process.guard(1000)
    assert 900 < signal.getitimer(signal.ITIMER_PROF)[0] < 1001
    evtx_process.guard(0)
    assert signal.getitimer(signal.ITIMER_PROF)[0] == 0


@pytest.mark.parametrize(
    ("data", "chunks"),
    [
        (b"", []),
        (bytes(4096) + bytes(65536), []),
        (bytes(4096) + b"x" * 10, [(0, 65536)]),
        (bytes(4096) + bytes(65536) + b"y" * 65536, [(1, 65536)]),
    ],
)
def test_chunks_in_use_are_found_by_what_they_hold(data, chunks):
    """Empty space is passed over, a torn last chunk is filled up."""
    assert [(number, len(chunk)) for number, chunk in evtx_process.chunks(io.BytesIO(data))] == chunks


def test_a_chunk_without_its_mark_is_one_fault():
    """Noise is not given to the parser at all."""
    assert list(evtx_process.records(b"\xff" * 65536)) == [None]


@pytest.fixture(scope="module")
def recording(third_party, tmp_path_factory):
    """A real recording of one chunk with one event."""
    folder = tmp_path_factory.mktemp("evtx")
    with tarfile.open(third_party("security/sigma_regression.tar.gz")) as archive:
        name = next(n for n in archive.getnames() if n.endswith(".evtx"))
        archive.extract(name, folder, filter="data")
    return folder / name


def events(path, **more):
    """Events and tally of a real file."""
    tally = Tally()
    return list(evtx_events(path, tally, **more)), tally


def test_a_damaged_file_header_a_packed_file_and_a_second_chunk(recording, tmp_path):
    """Chunks are read whatever the header says, gzip is unpacked, and a broken chunk costs only itself."""
    whole = recording.read_bytes()
    chunk = whole[4096:]
    for name, data, received, lost in (
        ("header.evtx", b"ElfFile\0" + b"\xff" * 4088 + chunk, 1, 0),
        ("packed.evtx.gz", gzip.compress(whole), 1, 0),
        ("two.evtx", whole + b"\xff" * 65536 + chunk, 3, 1),
        ("torn.evtx", whole[: 4096 + 32768], 1, 0),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        found, tally = events(path)
        assert (tally.received, tally.lost, len(found)) == (received, lost, received - lost), name


def test_a_source_that_is_forced_holds_for_evtx(recording):
    """Who names the log source is believed."""
    forced = Source("city")
    assert [event.source for event in events(recording, forced=forced)[0]] == [forced]


def damaged(whole, rng):
    """The file with a few bytes changed, mostly in its chunk's header and records."""
    data = bytearray(whole)
    for _ in range(rng.choice((1, 2, 5, 30, 200))):
        at = rng.randrange(4096, 4096 + 4096)
        data[at : at + rng.choice((1, 2, 4, 8))] = bytes([rng.choice((0, 1, 127, 255))])
    return bytes(data)


def test_random_damage_is_counted_and_never_raised(recording, tmp_path):
    """200 damaged copies: what was received is decoded or lost."""
    rng, path, lost = random.Random(8), tmp_path / "x.evtx", 0
    for _ in range(200):
        path.write_bytes(damaged(recording.read_bytes(), rng))
        found, tally = events(path)
        assert tally.received == tally.decoded + tally.lost
        assert len(found) == tally.decoded
        lost += tally.lost
    assert lost
