"""Reads Mapbox Vector Tiles as their specification says (version 2.1), to judge those that we write.

https://github.com/mapbox/vector-tile-spec/tree/master/2.1. Shares nothing with the writer. What the specification does
not allow is an AssertionError that names the section.
"""

from dataclasses import dataclass, field
from typing import Any

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
TAGS, KIND, GEOMETRY = 2, 3, 4
POINT, LINE, POLYGON = 1, 2, 3


@dataclass
class Feature:
    """One feature: `paths` are points, lines, or rings without their last point."""

    kind: int
    properties: dict[str, Any]
    paths: list[list[tuple[int, int]]]


@dataclass
class Layer:
    """One layer of a tile."""

    name: str = ""
    extent: int = 4096
    version: int = 1
    features: list[Feature] = field(default_factory=list)


def read_tile(content: bytes) -> dict[str, Layer]:
    """The layers of a tile by name; 4.1: no two have the same."""
    layers: dict[str, Layer] = {}
    for number, _, value in _fields(content):
        assert number == 3, "4.1: a tile holds layers and nothing else"
        layer = _layer(value)
        assert layer.name not in layers, "4.1: names of layers are unique"
        layers[layer.name] = layer
    return layers


def _layer(content: bytes) -> Layer:
    layer, keys, values, drafts = Layer(), [], [], []
    for number, _, value in _fields(content):
        if number == 1:
            layer.name = value.decode()
        elif number == 2:
            drafts.append(value)
        elif number == 3:
            keys.append(value.decode())
        elif number == 4:
            values.append(_value(value))
        elif number == 5:
            layer.extent = value
        elif number == 15:
            layer.version = value
        else:
            raise AssertionError(f"a layer has no field {number}")
    assert layer.name, "4.1: a layer has a name"
    assert drafts, "4.1: a layer has a feature"
    layer.features = [_feature(draft, keys, values) for draft in drafts]
    return layer


def _feature(content: bytes, keys: list[str], values: list[Any]) -> Feature:
    found = {number: value for number, _, value in _fields(content)}
    tags = _packed(found.get(TAGS, b""))
    assert len(tags) % 2 == 0, "4.4: tags come in pairs"
    properties = {keys[key]: values[value] for key, value in zip(tags[::2], tags[1::2], strict=True)}
    kind = found[KIND]
    assert kind in {POINT, LINE, POLYGON}, "4.3.4: a kind that is known"
    return Feature(kind, properties, _paths(kind, _packed(found[GEOMETRY])))


def _paths(kind: int, numbers: list[int]) -> list[list[tuple[int, int]]]:
    """4.3: MoveTo, LineTo and ClosePath, each point told from the one before."""
    paths: list[list[tuple[int, int]]] = []
    x = y = place = 0
    closed = True
    while place < len(numbers):
        command, count = numbers[place] & 7, numbers[place] >> 3
        place += 1
        if command == 7:
            assert (kind, count, closed) == (POLYGON, 1, False), "4.3.3.3: ClosePath ends a ring"
            closed = True
            continue
        assert command in {1, 2}, "4.3.1: a command that is known"
        assert count > 0, "4.3.3: a command has parameters"
        for _ in range(count):
            dx, dy = (number >> 1 ^ -(number & 1) for number in numbers[place : place + 2])
            place += 2
            x, y = x + dx, y + dy
            if command == 1:
                assert kind != POLYGON or closed, "4.3.4.4: a ring is closed before the next"
                paths.append([])
                closed = False
            else:
                assert (dx, dy) != (0, 0), "4.3.3.2: a LineTo goes somewhere"
            paths[-1].append((x, y))
        assert command == 2 or kind == POINT or count == 1, "4.3.4: lines and rings begin with one MoveTo"
    assert kind != POLYGON or closed, "4.3.4.4: the last ring is closed"
    assert kind != LINE or all(len(path) > 1 for path in paths), "4.3.4.3: a line has two points"
    return paths


def _value(content: bytes) -> Any:
    [(number, _, value)] = _fields(content)
    if number == 1:
        return value.decode()
    return {4: value, 5: value, 6: value >> 1 ^ -(value & 1), 7: bool(value)}[number]


def _packed(content: bytes) -> list[int]:
    numbers, place = [], 0
    while place < len(content):
        number, place = _varint(content, place)
        numbers.append(number)
    return numbers


def _fields(content: bytes) -> list[tuple[int, int, Any]]:
    fields, place = [], 0
    while place < len(content):
        key, place = _varint(content, place)
        number, wire = key >> 3, key & 7
        value: Any
        if wire == VARINT:
            value, place = _varint(content, place)
        elif wire == BYTES:
            length, place = _varint(content, place)
            assert place + length <= len(content), "a field ends within its message"
            value, place = content[place : place + length], place + length
        else:
            width = {FIXED64: 8, FIXED32: 4}[wire]
            value, place = content[place : place + width], place + width
        fields.append((number, wire, value))
    return fields


def _varint(content: bytes, place: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = content[place]
        number |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return number, place
