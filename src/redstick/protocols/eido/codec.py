"""An EIDO as bytes and back. What is decoded has passed the whole strict check."""

import msgspec

from redstick.protocols.eido.checking import faults_of
from redstick.protocols.eido.components import Eido
from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.json_shape import fitted, misfits
from redstick.protocols.json_tree import read_json

MOST_BYTES = 16 << 20
MEDIA_TYPE = "application/emergency.eido+json"
_encoder = msgspec.json.Encoder()


def encode(eido: Eido) -> bytes:
    """The bytes of an EIDO; the same value gives the same bytes."""
    return _encoder.encode(eido)


def decode(data: bytes) -> Eido:
    """The EIDO that `data` holds. Raises Malformed with every fault that is found, each with its path."""
    eido = fitted(read_json(data, MOST_BYTES), Eido)
    faults = faults_of(eido)
    if faults:
        raise Malformed(*faults)
    return eido


def check(data: bytes) -> list[Fault]:
    """What is wrong with an EIDO; empty when nothing is. Its shape first, and if that holds what it says."""
    try:
        value = read_json(data, MOST_BYTES)
    except Malformed as malformed:
        return list(malformed.faults)
    return list(misfits(value, Eido)) or faults_of(msgspec.convert(value, Eido))
