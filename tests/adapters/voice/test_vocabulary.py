"""The words of the house: each that is written is spoken, and a city's own voice comes before it."""

import tomllib
from array import array

from redstick.adapters.voice.g711 import PCMU, RATE
from redstick.adapters.voice.spoken import wav_of
from redstick.adapters.voice.vocabulary import WORDS, Vocabulary

WRITTEN = tomllib.loads((WORDS / "en.toml").read_text())


def test_every_word_that_is_written_is_spoken_and_no_other_is_here(tmp_path):
    """Some tenths of a second at least, loud enough to be heard, half a minute at most."""
    say = Vocabulary(tmp_path)
    assert {path.stem for path in WORDS.glob("*.ulaw")} == set(WRITTEN)
    for name in WRITTEN:
        samples = PCMU.decode(say(name))
        assert RATE // 5 < len(samples) < 30 * RATE, name
        assert max(samples) > 5_000, name


def test_a_city_s_own_word_counts_as_soon_as_it_is_there_and_what_is_no_sound_is_passed_over(tmp_path):
    """A word that nobody has spoken is silence."""
    say = Vocabulary(tmp_path)
    house = say("goodbye")
    (tmp_path / "goodbye.wav").write_bytes(wav_of(array("h", [1_000] * 800)))
    assert say("goodbye") == PCMU.encode((1_000,) * 800)
    (tmp_path / "goodbye.wav").write_bytes(b"no sound")
    assert say("goodbye") == house
    assert say("never written") == b""
