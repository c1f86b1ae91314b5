"""What callers in a queue hear, from files that a city puts there."""

import wave

import pytest

from redstick.adapters.voice.announcements import MOST_S, PAUSE_S, Announcements
from redstick.adapters.voice.g711 import RATE


def written(path, samples=(1, -2, 3), channels=1, width=2, rate=RATE):
    """A file of WAV."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(b"".join(one.to_bytes(width, "little", signed=True) for one in samples))


def test_a_queue_s_file_is_said_with_silence_behind_it_and_a_new_one_counts_at_once(tmp_path):
    """By the queue's name, whatever signs it has."""
    said = Announcements(tmp_path)
    assert said("city/311") is None
    written(tmp_path / "city%2F311.wav")
    assert said("city/311").samples == (1, -2, 3, *([0] * PAUSE_S * RATE))
    assert said("city/311") is said("city/311")
    written(tmp_path / "city%2F311.wav", (7,))
    assert said("city/311").samples[:2] == (7, 0)
    (tmp_path / "city%2F311.wav").unlink()
    assert said("city/311") is None


@pytest.mark.parametrize("more", [{"channels": 2}, {"width": 1}, {"rate": 44_100}, {"samples": ()},
                                  {"samples": (0,) * (MOST_S * RATE + 1)}])  # fmt: skip
def test_a_file_of_another_form_is_passed_over(tmp_path, more):
    """Stereo, eight bits, another rate, empty, too long: nobody hears noise."""
    written(tmp_path / "q.wav", **more)
    assert Announcements(tmp_path)("q") is None


@pytest.mark.parametrize("data", [b"", b"no sound", b"RIFF\x24\x00\x00\x00WAVEfmt "])
def test_a_file_that_is_no_sound_is_passed_over(tmp_path, data):
    """Nothing is raised on the way of a call."""
    (tmp_path / "q.wav").write_bytes(data)
    assert Announcements(tmp_path)("q") is None
