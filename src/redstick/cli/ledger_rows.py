"""Rows of a ledger at the command line: what was asked for, and the answer for people and for spreadsheets."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypedDict

from redstick.cli.errors import Misuse
from redstick.kernel.ledgers import FOREVER, Kind, Row, Table, Value
from redstick.kernel.values import Instant

INSTANTS = ("valid_from", "valid_to", "recorded_from", "recorded_to")  # of every version


class Belief(TypedDict, total=False):
    """About when, and as of when, a ledger is asked."""

    about: Instant
    position: int
    recorded_at: Instant


def belief(about: str | None, believed: str | None) -> Belief:
    """What `--about` and `--believed` say; raises Misuse for a time that is none."""
    found: Belief = {}
    if about is not None:
        found["about"] = _instant("--about", about)
    if believed is not None and believed.isdigit():
        found["position"] = int(believed)
    elif believed is not None:
        found["recorded_at"] = _instant("--believed", believed)
    return found


def conditions(table: Table, said: Sequence[str]) -> dict[str, Value]:
    """COLUMN=VALUE pairs in the columns' own kinds; raises Misuse for what is none."""
    columns = {column.name: column for column in (*table.key, *table.columns)}
    found: dict[str, Value] = {}
    for one in said:
        name, separator, value = one.partition("=")
        if not separator or name not in columns:
            raise Misuse(f"--where {one!r}: expected COLUMN=VALUE; {table.name} has: {', '.join(columns)}")
        found[name] = _value(columns[name].kind, one, value)
    return found


def _value(kind: Kind, said: str, value: str) -> Value:
    if kind is Kind.TEXT:
        return value
    if not value:
        return None
    if kind is Kind.FLAG and value in {"true", "false"}:
        return value == "true"
    if kind is Kind.INSTANT and not value.lstrip("-").isdigit():
        return _instant(f"--where {said!r}", value)
    if kind is not Kind.FLAG and value.lstrip("-").isdigit():
        return int(value)
    raise Misuse(f"--where {said!r}: expected {'true or false' if kind is Kind.FLAG else 'a whole number'}")


def _instant(option: str, said: str) -> Instant:
    try:
        when = datetime.fromisoformat(said)
    except ValueError as error:
        raise Misuse(f"{option}: {said!r} is no time; expected one such as 2026-11-20T17:40:00-06:00") from error
    if when.tzinfo is None:
        raise Misuse(f"{option}: {said!r} has no zone; add one, such as Z or -06:00")
    return round(when.timestamp() * 1000)


def in_words(table: Table, rows: Sequence[Row]) -> str:
    """A block for each row: its key, what is known, and how we know."""
    lines: list[str] = []
    for row in rows:
        lines.append(" ".join(str(row[column.name]) for column in table.key))
        lines += [
            f"  {column.name:<18}{_shown(row[column.name], instant=column.kind is Kind.INSTANT)}"
            for column in table.columns
            if row[column.name] not in (None, "")
        ]
        valid = f"{_shown(row['valid_from'], instant=True)} to {_shown(row['valid_to'], instant=True)}"
        until = "" if row["position_to"] == FOREVER else f", until position {row['position_to']}"
        lines.append(f"  ({valid}; position {row['position_from']}{until}, by {row['recorded_by']})")
    return "\n".join([*lines, f"{len(rows):,} row{'' if len(rows) == 1 else 's'}", ""])


def as_csv(table: Table, rows: Sequence[Row]) -> str:
    """One line a row; instants in ISO 8601, UTC; an end that has not come is empty."""
    columns = [*table.key, *table.columns]
    instants = {column.name for column in columns if column.kind is Kind.INSTANT} | set(INSTANTS)
    names = list(rows[0]) if rows else [column.name for column in columns]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(names)
    for row in rows:
        writer.writerow(["" if row[name] == FOREVER else _shown(row[name], instant=name in instants) for name in names])
    return text.getvalue()


def _shown(value: Value, *, instant: bool) -> str:
    if value is None:
        return ""
    if value == FOREVER and instant:
        return "now on"
    if instant and isinstance(value, int):
        return datetime.fromtimestamp(value / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return str(value)
