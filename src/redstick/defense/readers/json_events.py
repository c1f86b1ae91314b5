"""JSON events, one a line.

Lines of which it is known beforehand that no rule fires on them are received and spared the decoding. A name that
stands twice in an object keeps its last value; such events are counted where they are decoded whole.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import msgspec

from redstick.defense.readers.event import Event, Tally
from redstick.defense.readers.flatten import TooLarge
from redstick.defense.readers.json_sources import classify
from redstick.defense.readers.lines import as_text, bounded_lines
from redstick.defense.readers.windows import source_of, with_header_names
from redstick.defense.sigma.logsources import Source

Scalar = str | int | float | bool | None
IsClean = Callable[[bytes], bool]

_SURROGATE = re.compile("[\ud800-\udfff]")
_FLAT: msgspec.json.Decoder[dict[str, Scalar | list[Scalar]]] = msgspec.json.Decoder(dict[str, Scalar | list[Scalar]])
_ANY = msgspec.json.Decoder()


def json_lines(
    stream: BinaryIO, tally: Tally, is_clean: IsClean | None = None, forced: Source | None = None
) -> Iterator[Event]:
    """Events of JSON lines; those that `is_clean` knows to fire nothing are spared; `forced` sets the source of all."""
    decode = _FLAT.decode
    for line in bounded_lines(stream, tally):
        if is_clean is not None and is_clean(line):
            tally.received += 1
            tally.spared += 1
            continue
        try:
            document: dict[str, Any] = decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            yield from _from_any(line, tally, forced)
            continue
        tally.received += 1
        if line.count(b'":') > len(document):
            _note_twice(line, tally)
        if forced is None and "EventID" in document and "Channel" in document and type(document["EventID"]) is not list:
            tally.decoded += 1
            yield Event(source_of(document), with_header_names(document), tally.received, line)
        else:
            yield from _event(document, tally, line, forced)


def _event(document: dict[str, Any], tally: Tally, raw: bytes | None, forced: Source | None) -> Iterator[Event]:
    """The event of an object that is already counted as received."""
    try:
        source, fields = classify(document)
    except TooLarge as error:
        tally.losses[str(error)] += 1
        return
    tally.decoded += 1
    yield Event(forced or source, fields, tally.received, raw)


def _from_any(line: bytes, tally: Tally, forced: Source | None) -> Iterator[Event]:
    """A line that is not one flat object: nested, repaired, an array of events, or lost."""
    try:
        document = _ANY.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        document = loose_json(line, tally)
    yield from events_in(document, tally, forced, line)


def events_in(document: Any, tally: Tally, forced: Source | None, raw: bytes | None = None) -> Iterator[Event]:
    """The event, or events, that one decoded JSON value is; what is no object is lost."""
    if isinstance(document, dict):
        records = document.get("Records")
        if isinstance(records, list) and len(document) == 1:
            yield from events_in(records, tally, forced)  # a CloudTrail file
            return
        tally.received += 1
        if raw is not None and raw.count(b'":') > len(document):
            _note_twice(raw, tally)
        yield from _event(document, tally, raw, forced)
    elif isinstance(document, list):
        for item in document:
            yield from events_in(item, tally, forced) if isinstance(item, dict) else _lost(tally)
    else:
        yield from _lost(tally)


def _lost(tally: Tally) -> Iterator[Event]:
    tally.lose("not a JSON object")
    return iter(())


def loose_json(data: bytes, tally: Tally) -> Any:
    """What Python's own parser makes of it, with broken text replaced; None where it is no JSON at all."""
    try:
        document = json.loads(as_text(data, tally), parse_constant=str)
    except (ValueError, RecursionError):
        return None
    return without_surrogates(document)


def without_surrogates(value: Any) -> Any:
    """Lone surrogates are not text: they become U+FFFD."""
    if isinstance(value, str):
        return value if value.isascii() else _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {without_surrogates(key): without_surrogates(item) for key, item in value.items()}
    return value


def _note_twice(line: bytes, tally: Tally) -> None:
    """Count an object in which a name stands twice; called only where the bytes hold more names than the object has."""
    names = 0

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal names
        names = max(names, len(items) - len({name for name, _ in items}))
        return dict(items)

    try:
        json.loads(line, object_pairs_hook=pairs)
    except (ValueError, RecursionError):
        return
    if names:
        tally.repairs["a name given twice"] += 1
