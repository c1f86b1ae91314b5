"""Clean lines without decoding them whole: most events fire nothing, and most of their fields no rule reads.

A flat Windows event in JSON names its channel and event id; these name the bucket. First the line is scanned for the
witnesses of the bucket's rules: without one, it is clean. Otherwise only the few fields that decide are decoded (the
decoder walks over the rest), and if no rule fires, the line is clean too. Whatever is
unusual makes the answer "not known", and the event is decoded and matched in full: nested objects, a channel in another
place than the raw bytes suggest, text that is not UTF-8, rules that ask for a field's presence.
"""

from typing import Any

import msgspec
from msgspec import UNSET, Struct
from msgspec.structs import astuple

from redstick.defense.sigma.bucket import Bucket
from redstick.defense.sigma.engine import Engine
from redstick.defense.sigma.logsources import HEADER_NAMES, windows_source

Scalar = str | int | float | bool | None
FieldType = Scalar | list[Scalar]

CHANNEL = b'"Channel":"'
EVENT_ID = b'"EventID":'
MAX_ROUTES = 20_000


class Route:
    """How to judge lines of one channel and event id."""

    def __init__(self, bucket: Bucket, channel: str, event_id: int) -> None:
        self._bucket = bucket
        self._place = (channel, event_id)
        others = dict(bucket.aliases)
        spare = [
            (i, other)
            for i, key in enumerate(bucket.keys)
            for other in ([others[key]] if key in others else list(HEADER_NAMES.get(key, ())))
        ]
        extra = dict.fromkeys(other for _, other in spare if other not in bucket.keys)
        names = (*bucket.keys, *extra, "Channel", "EventID")
        self._spare = [(i, names.index(other)) for i, other in spare]
        self._width = len(bucket.keys)
        self._decode = _decoder(names, {i for i, _ in self._spare} | {o for _, o in self._spare}).decode

    def is_clean(self, line: bytes) -> bool:
        """Whether surely no rule fires on this line; False says nothing."""
        bucket = self._bucket
        try:
            ascii_only = line.isascii()
            if not ascii_only:
                line.decode()
            if (
                bucket.line_scan is not None
                and (ascii_only or not bucket.has_foreign)
                and bucket.line_scan.is_clean(line)
            ):
                return True
            if bucket.asks_presence:
                return False
            values = astuple(self._decode(line))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return False
        if values[-2:] != self._place:
            return False
        if self._spare:
            values = self._filled(values)
        if bucket.rules and bucket.verdict(values[: self._width]):
            return False
        return bucket.keywords is None or not bucket.keywords.possible(line)

    def _filled(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """Absent fields taken from the name that the collector gave them."""
        out = list(values)
        for target, source in self._spare:
            if out[target] is UNSET:
                out[target] = values[source]
        return tuple(None if value is UNSET else value for value in out)


def _decoder(names: tuple[str, ...], optional: set[int]) -> msgspec.json.Decoder[Struct]:
    """A decoder of just these fields, in order; null and absent are None, but absent is UNSET where `optional`."""
    slots = dict.fromkeys(names)
    fields: list[tuple[str, Any, Any]] = []
    for i in range(len(names)):
        if i in optional:
            fields.append((f"f{i}", FieldType | msgspec.UnsetType, UNSET))
        else:
            fields.append((f"f{i}", FieldType, None))
    if len(slots) != len(names):  # the bucket's rules read Channel or EventID: one name cannot fill two slots
        raise ValueError(f"a field stands twice: {names}")
    rename = {f"f{i}": name for i, name in enumerate(names)}
    return msgspec.json.Decoder(msgspec.defstruct("Line", fields, rename=rename, gc=False))


class LineJudge:
    """Answers for raw lines whether they are surely clean."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._routes: dict[bytes, dict[bytes, Route | None]] = {}
        self._count = 0

    def is_clean(self, line: bytes) -> bool:
        """True: no rule fires on this line. False: decode it and see."""
        start = line.find(CHANNEL) + len(CHANNEL)
        mark = line.find(EVENT_ID) + len(EVENT_ID)
        if start < len(CHANNEL) or mark < len(EVENT_ID):
            return False
        channel = line[start : line.find(b'"', start)]
        end = line.find(b",", mark, mark + 12)
        event_id = line[mark:end] if end > 0 else line[mark : mark + 12].rstrip(b"}\r\n ")
        try:
            route = self._routes[channel][event_id]
        except KeyError:
            route = self._route(channel, event_id)
        return route is not None and route.is_clean(line)

    def channels(self) -> set[str]:
        """Channels of which lines were judged, as far as they are remembered."""
        return {channel.decode().lower() for channel, routes in self._routes.items() if any(routes.values())}

    def _route(self, channel: bytes, event_id: bytes) -> Route | None:
        if not event_id.isdigit() or len(event_id) > 6 or b"\\" in channel or (len(event_id) > 1 and event_id[0] == 48):
            return None
        if self._count >= MAX_ROUTES:
            self._routes.clear()
            self._count = 0
        try:
            name = channel.decode()
        except UnicodeDecodeError:
            return None
        bucket = self._engine.bucket(windows_source(name, event_id.decode()))
        route = Route(bucket, name, int(event_id)) if not {"Channel", "EventID"} & set(bucket.keys) else None
        self._routes.setdefault(channel, {})[event_id] = route
        self._count += 1
        return route
