"""Nested objects to dotted names."""

from typing import Any

import msgspec

MAX_DEPTH = 32
MAX_FIELDS = 4_096


def flattened(document: dict[str, Any]) -> dict[str, Any]:
    """Fields by dotted name. An object also stands under its own name as compact JSON text, since rules search it so.

    Objects in a list give lists: `{"a": [{"b": 1}, {"b": 2}]}` gives `a.b` the elements 1 and 2. Deeper than
    `MAX_DEPTH` or beyond `MAX_FIELDS` names a value stays as its JSON text.
    """
    out: dict[str, Any] = {}
    for name, value in document.items():
        _add(out, name, value, 1)
    return out


def _add(out: dict[str, Any], name: str, value: Any, depth: int) -> None:
    if isinstance(value, dict):
        _put(out, name, _json(value))
        if depth < MAX_DEPTH and len(out) < MAX_FIELDS:
            for key, inner in value.items():
                _add(out, f"{name}.{key}", inner, depth + 1)
    elif isinstance(value, list):
        if depth >= MAX_DEPTH:
            _put(out, name, _json(value))
            return
        if not value:
            out.setdefault(name, [])
        for item in value:
            if isinstance(item, dict | list):
                _add(out, name, item, depth + 1)
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
