"""Nested objects to dotted names."""

from typing import Any

import msgspec

MAX_DEPTH = 32
MAX_FIELDS = 4_096
MAX_OWN_TEXT = 16_000_000  # characters of objects' own JSON text in one event: every level holds those below it again


class TooLarge(Exception):  # noqa: N818  (named for what is the matter)
    """An event whose nested objects would take more memory than one event may."""


def flattened(document: dict[str, Any]) -> dict[str, Any]:
    """Fields by dotted name. An object also stands under its own name as compact JSON text, since rules search it so.

    Objects in a list give lists: `{"a": [{"b": 1}, {"b": 2}]}` gives `a.b` the elements 1 and 2. Deeper than
    `MAX_DEPTH` or beyond `MAX_FIELDS` names a value stays as its JSON text. Raises TooLarge.
    """
    out: dict[str, Any] = {}
    room = [MAX_OWN_TEXT]
    for name, value in document.items():
        _add(out, name, value, 1, room)
    return out


def _add(out: dict[str, Any], name: str, value: Any, depth: int, room: list[int]) -> None:
    if isinstance(value, dict):
        text = _json(value)
        room[0] -= len(text)
        if room[0] < 0:
            raise TooLarge(f"objects nested in objects, more than {MAX_OWN_TEXT} characters in all")
        _put(out, name, text)
        if depth < MAX_DEPTH and len(out) < MAX_FIELDS:
            for key, inner in value.items():
                _add(out, f"{name}.{key}", inner, depth + 1, room)
    elif isinstance(value, list):
        if depth >= MAX_DEPTH:
            _put(out, name, _json(value))
            return
        if not value:
            out.setdefault(name, [])
        for item in value:
            if isinstance(item, dict | list):
                _add(out, name, item, depth + 1, room)
            else:
                _put(out, name, item, many=True)
    else:
        _put(out, name, value)


def _put(out: dict[str, Any], name: str, value: Any, *, many: bool = False) -> None:
    """Set a field, or add to it where an earlier element of a list has set it."""
    if name not in out:
        out[name] = [value] if many else value
    elif isinstance(out[name], list):
        out[name].append(value)
    else:
        out[name] = [out[name], value]


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
