"""Words of the house that a test can tell apart: each is a tenth of a second of one level that no other has."""

import tomllib
from array import array

from redstick.adapters.voice.g711 import PACKET_SAMPLES, PCMU
from redstick.adapters.voice.spoken import wav_of
from redstick.adapters.voice.vocabulary import WORDS

NAMES = tuple(tomllib.loads((WORDS / "en.toml").read_text()))
PACKETS = 5


def octet_of(name):
    """How a word sounds: a level between the loudest and the middle, which mu-law gives back as it was."""
    return NAMES.index(name) + 2


def put_words(folder):
    """The city's own words, in its folder."""
    (folder / "words").mkdir()
    for name in NAMES:
        level = PCMU.decode(bytes([octet_of(name)]))[0]
        (folder / "words" / f"{name}.wav").write_bytes(wav_of(array("h", [level] * PACKET_SAMPLES * PACKETS)))


async def hears(phone, name):
    """Once a phone hears the end of a word, which is whole in its packets."""
    packet = bytes([octet_of(name)]) * PACKET_SAMPLES
    while await phone.voice() != packet:
        pass
