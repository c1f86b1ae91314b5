"""The column map as TOML text: written with its comments, and the line of a key found for an error."""

import json
import re
from collections.abc import Mapping
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_HEADER = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]\s*(#.*)?")
_KEY = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)\s*[=.]""")


def line_of(text: str, where: str) -> int | None:
    """The line, from 1, on which `where` ("key", "table" or "table.key") stands; None where it does not stand."""
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.fullmatch(line)
        if header:
            table = header[1]
            if table == where:
                return number
            continue
        key = _KEY.match(line)
        if key and ".".join(filter(None, (table, key[1].strip("\"'")))) == where:
            return number
    parent = where.rpartition(".")[0]
    return line_of(text, parent) if parent else None


def map_text(tables: Mapping[str, Any], comments: Mapping[str, list[str]]) -> str:
    """TOML of tables whose values are texts, numbers, lists of texts and tables of these; comments above their keys."""
    lines: list[str] = []
    for key, value in tables.items():
        if not isinstance(value, dict):
            lines += [*_comment(comments.get(key, [])), f"{_key(key)} = {_value(value)}"]
    for table, entries in tables.items():
        if isinstance(entries, dict):
            lines += _table(table, entries, comments)
    return "\n".join(lines) + "\n"


def _table(name: str, entries: Mapping[str, Any], comments: Mapping[str, list[str]]) -> list[str]:
    if name == "codes":
        return [line for key, codes in entries.items() for line in _table(f"codes.{key}", codes, comments)]
    lines = ["", *_comment(comments.get(name, [])), f"[{name}]"]
    for key, value in entries.items():
        lines += [*_comment(comments.get(f"{name}.{key}", [])), f"{_key(key)} = {_value(value)}"]
    return lines


def _comment(lines: list[str]) -> list[str]:
    return [f"# {piece}".rstrip() for line in lines for piece in line.splitlines()]


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else json.dumps(key, ensure_ascii=False)


def _value(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"
    # JSON's escapes are TOML's, but for the delete character, which TOML wants escaped as well.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
