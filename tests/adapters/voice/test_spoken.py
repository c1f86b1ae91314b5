"""What is said, as files: a message is what was recorded, whole, proven, and durable before anybody hears of it."""

from array import array

import pytest

from redstick.adapters.voice.g711 import PCMA, PCMU
from redstick.adapters.voice.recording import Recorder
from redstick.adapters.voice.spoken import SpokenFiles, samples_of, wav_of
from redstick.kernel.errors import Corruption, Unavailable
from redstick.protocols.captures.rtp import Rtp

LOUD = PCMU.encode((8_000,) * 160)


@pytest.fixture
def files(tmp_path):
    """Nothing is kept yet."""
    return SpokenFiles(tmp_path / "sounds", tmp_path / "recordings")


def record(tmp_path, *packets, close=True):
    """Packets of a leg, each its payload type, its time in samples and its payload."""
    recorder = Recorder("leg", tmp_path / "recordings" / "leg", lambda _: None)
    for number, (kind, at, payload) in enumerate(packets):
        recorder.keep(Rtp(kind, number, at & 0xFFFFFFFF, 7, (), payload), number * 20.0)
    if close:
        recorder.close()
    else:
        recorder._file.close()  # as the system does for a process that is killed


@pytest.mark.parametrize("close", [True, False])
def test_a_message_is_what_was_recorded_each_packet_at_its_time(files, tmp_path, close):
    """Also around the end of the clock and in two laws; keys are none of it, and a killed writer loses no packet."""
    start = 2**32 - 3_000
    voice = [(0, start + 160 * number, LOUD) for number in range(30) if number != 10]
    record(
        tmp_path,
        *voice,
        (101, start, b"\x01\x8a\x03\x20"),
        (8, start + 4_800, PCMA.encode((-8_000,) * 160)),
        close=close,
    )
    sha256, length_ms = files.finish("leg")
    samples = samples_of(files.read(sha256))
    assert (len(samples), length_ms) == (31 * 160, 620)
    assert set(samples[1_600:1_760]) == {0}
    assert min(samples[:1_600]) > 7_000
    assert max(samples[4_800:]) < -7_000


def test_who_said_nothing_or_hardly_anything_left_no_message(files, tmp_path):
    """A click is none."""
    assert files.finish("leg") is None
    record(tmp_path, (0, 0, LOUD))
    assert files.finish("leg") is None


def test_a_leg_that_was_begun_is_known_until_it_is_forgotten(files, tmp_path):
    """With its note, whatever its id; then nothing of it is left."""
    files.begin("leg/1", b"for 2102")
    assert SpokenFiles(tmp_path / "sounds", tmp_path / "recordings").begun() == [("leg/1", b"for 2102")]
    files.forget("leg/1")
    files.forget("leg/1")
    assert files.begun() == []


def test_what_is_kept_is_named_by_its_hash_and_proven_when_it_is_read(files, tmp_path):
    """Twice is as once; other bytes are told, and what is not there is nothing."""
    wav = wav_of(array("h", [1_000] * 800))
    name = files.keep(wav)
    assert files.keep(wav) == name
    assert (files.read(name), len(files.octets(name))) == (wav, 800)
    assert [path.name for path in (tmp_path / "sounds").iterdir()] == [f"{name}.wav"]
    (tmp_path / "sounds" / f"{name}.wav").write_bytes(b"other")
    with pytest.raises(Corruption):
        files.read(name)
    files.drop(name)
    files.drop(name)
    assert (files.read(name), files.octets(name)) == (None, None)


@pytest.mark.parametrize("wav", [b"", b"RIFF", wav_of(array("h", [0]))[:20], b"x" * 20_000_000])
def test_what_is_no_sound_of_ours_is_refused(files, wav):
    """And nothing is written."""
    with pytest.raises(ValueError, match=r"WAV|bytes"):
        files.keep(wav)


def test_a_disk_that_takes_nothing_is_told_and_nothing_half_is_left(files, tmp_path, monkeypatch):
    """No file under the name of what was not kept, nor beside it."""

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("redstick.adapters.voice.spoken.os.fsync", full)
    with pytest.raises(Unavailable):
        files.keep(wav_of(array("h", [1_000] * 800)))
    with pytest.raises(Unavailable):
        files.begin("leg", b"note")
    assert [path for path in (tmp_path / "sounds").rglob("*") if path.is_file()] == []
