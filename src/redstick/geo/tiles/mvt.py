"""Writing Mapbox Vector Tiles, version 2.1: layers of features as protocol buffers.

https://github.com/mapbox/vector-tile-spec/tree/master/2.1. Numbers of a geometry hardly leave the tile, so that most
varints are looked up and not computed.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from redstick.geo.tiles.grid import EXTENT

SPECIFICATION = 2
MOVE_TO, LINE_TO, CLOSE_PATH = 1, 2, 7

Value = str | int | bool
Path = NDArray[np.int64]  # (k, 2) points in units of the tile


class Geometry(IntEnum):
    """`Tile.GeomType`."""

    POINT = 1
    LINE = 2
    POLYGON = 3


def varint(number: int) -> bytes:
    """A number from 0 up, seven bits to a byte, the lowest first."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


_SHORT = [varint(number) for number in range(4 * EXTENT)]


def packed(numbers: Iterable[int]) -> bytes:
    """Numbers from 0 up as varints, one behind the other."""
    return b"".join(_SHORT[number] if number < len(_SHORT) else varint(number) for number in numbers)


def field(number: int, content: bytes) -> bytes:
    """A field of bytes (wire type 2)."""
    return varint(number << 3 | 2) + varint(len(content)) + content


def number_field(number: int, value: int) -> bytes:
    """A field of a number (wire type 0)."""
    return varint(number << 3) + varint(value)


class LayerWriter:
    """One layer of a tile; keys and values are written once, however many features have them."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._features: list[bytes] = []
        self._keys: dict[str, int] = {}
        self._values: dict[tuple[type, Value], int] = {}

    def add(self, kind: Geometry, paths: Sequence[Path], properties: Mapping[str, Value]) -> None:
        """A feature of one or more paths: points, lines, or rings without their repeated last point."""
        tags = chain.from_iterable((self._key(key), self._value(value)) for key, value in properties.items())
        self._features.append(
            field(2, packed(tags)) + number_field(3, kind) + field(4, packed(commands_of(kind, paths)))
        )

    def written(self) -> bytes:
        """The layer as a field of a tile; nothing when it has no feature."""
        if not self._features:
            return b""
        content = [
            number_field(15, SPECIFICATION),
            field(1, self._name.encode()),
            *(field(2, feature) for feature in self._features),
            *(field(3, key.encode()) for key in self._keys),
            *(field(4, _written(value)) for _, value in self._values),
            number_field(5, EXTENT),
        ]
        return field(3, b"".join(content))

    def _key(self, key: str) -> int:
        return self._keys.setdefault(key, len(self._keys))

    def _value(self, value: Value) -> int:
        return self._values.setdefault((type(value), value), len(self._values))


def commands_of(kind: Geometry, paths: Sequence[Path]) -> list[int]:
    """The drawing of paths as command and parameter integers (4.3): each point is told from the one before it."""
    if kind is Geometry.POINT:
        points = np.concatenate(paths)
        return [MOVE_TO | len(points) << 3, *_steps(points, np.zeros(2, np.int64))]
    numbers: list[int] = []
    cursor = np.zeros(2, np.int64)
    for path in paths:
        steps = _steps(path, cursor)
        numbers += [MOVE_TO | 1 << 3, *steps[:2], LINE_TO | len(path) - 1 << 3, *steps[2:]]
        if kind is Geometry.POLYGON:
            numbers.append(CLOSE_PATH | 1 << 3)
        cursor = path[-1]
    return numbers


def _steps(path: Path, cursor: NDArray[np.int64]) -> list[int]:
    """Differences in zigzag: 0, -1, 1, -2 become 0, 1, 2, 3."""
    steps = np.diff(path, axis=0, prepend=cursor[np.newaxis]).ravel()
    zigzag: list[int] = ((steps << 1) ^ (steps >> 63)).tolist()
    return zigzag


def _written(value: Value) -> bytes:
    if isinstance(value, bool):
        return number_field(7, int(value))
    if isinstance(value, int):
        return number_field(6, value << 1 if value >= 0 else (-value << 1) - 1)
    return field(1, value.encode())
