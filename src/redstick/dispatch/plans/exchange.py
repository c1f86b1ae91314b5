r"""A plan as CSV, for spreadsheets and other systems: one row an entry, nothing nested, and back without loss.

The column `row` says what a row is: `plan` (the head; `id` is the version), `type` (`id` belongs to `groups`), `rule`,
`send` (a requirement of `rule`; of the last resort where `rule` is empty) or `substitute` (of the `send` above it).
Several values in a cell stand with `; ` between them; a `;` or `\` in a value has a `\` before it. A cell that a
spreadsheet would take for a formula has an apostrophe before it, which reading takes away.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from redstick.dispatch.plans.faults import Fault
from redstick.dispatch.plans.model import ResponsePlan
from redstick.dispatch.plans.shaping import FORMAT, Read, plan_of, tables_of

PLAN = {"id": "version", "title": "title", "dated": "dated", "time_zone": "time_zone", "layers": "layers",
        "special": "special", "flags": "flags"}  # fmt: skip
RULE = ("id", "types", "groups", "layer", "zone", "address", "days", "hours", "alarm", "flag", "rank", "mode",
        "talkgroup", "notify", "cautions", "stations")  # fmt: skip
SEND = ("id", "kinds", "capabilities", "count", "agency", "role", "min_staffing", "ceiling_s", "mode", "order",
        "divert")  # fmt: skip
SUBSTITUTE = ("kinds", "capabilities", "penalty_s")
COLUMNS = ("row", "rule", *dict.fromkeys((*RULE, *SEND, *SUBSTITUTE, *PLAN)))
LISTS = {"types", "groups", "days", "notify", "cautions", "stations", "kinds", "capabilities", "layers", "special",
         "flags"}  # fmt: skip
NUMBERS = {"alarm", "rank", "count", "min_staffing", "ceiling_s", "penalty_s"}
FORMULA = ("=", "+", "-", "@", "'")
YES = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def to_csv(plan: ResponsePlan) -> str:
    """RFC 4180 text with a header; reading it gives the same plan."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for row in _rows(plan):
        writer.writerow({key: _cell(value) for key, value in row.items()})
    return out.getvalue()


def read_csv(text: str) -> Read:
    """A plan out of CSV; a row that fits nowhere is told with its line, the others are kept."""
    faults: list[Fault] = []
    raw: dict[str, Any] = {"redstick_plan": FORMAT, "types": {}, "rules": [], "last_resort": []}
    gathered = _Gathering(raw, faults)
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        for told in _header_faults(header):
            return Read(ResponsePlan("", "UTC"), [Fault("the header", told, 1)])
        begins = reader.line_num + 1
        for cells in reader:
            if any(cells):
                gathered.take(dict(zip(header, cells, strict=False)), len(cells) > len(header), begins)
            begins = reader.line_num + 1
    except csv.Error as error:
        faults.append(Fault("the file", f"expected comma-separated rows: {error}", reader.line_num))
    found = plan_of(raw, gathered.lines)
    found.faults[:0] = faults
    return found


def _header_faults(header: Sequence[str]) -> Iterator[str]:
    unknown = [name for name in header if name not in COLUMNS]
    if "row" not in header or "id" not in header:
        yield "expected the columns row and id, and of the others those that are used"
    if unknown:
        yield f"{unknown[0]!r} is not a column of a plan; expected some of {', '.join(COLUMNS)}"
    if len(set(header)) != len(header):
        yield "expected each column once"


class _Gathering:
    """Puts rows together again: what is sent under its rule, substitutes under what they stand in for."""

    def __init__(self, raw: dict[str, Any], faults: list[Fault]) -> None:
        self._raw, self._faults = raw, faults
        self._rules: dict[str, dict[str, Any]] = {}
        self._sent: dict[str, Any] | None = None
        self.lines: list[int] = []

    def take(self, cells: Mapping[str, str], too_long: bool, line: int) -> None:
        row = {key: _bared(cell) for key, cell in cells.items() if cell}
        what = row.pop("row", "")
        take = {"plan": self._plan, "type": self._type, "rule": self._rule, "send": self._send,
                "substitute": self._substitute}.get(what)  # fmt: skip
        if take is None:
            told: str | None = f"expected plan, type, rule, send or substitute in the column row, not {what!r}"
        elif too_long:
            told = "more cells than the header has columns; a comma in a text needs quotes around the text"
        else:
            told = take(row, line)
        if told:
            self._faults.append(Fault(f"row {what or '?'} {row.get('id', '')}".rstrip(), told, line))

    def _plan(self, row: dict[str, str], line: int) -> str | None:
        del line
        wrong = [key for key in row if key not in PLAN]
        self._raw.update({PLAN[key]: _value(key, cell) for key, cell in row.items() if key in PLAN})
        return f"{wrong[0]}: not a column of a plan's own row" if wrong else None

    def _type(self, row: dict[str, str], line: int) -> str | None:
        del line
        groups = _parts(row.get("groups", ""))
        if set(row) - {"id", "groups"} or "id" not in row or len(groups) > 1:
            return "expected the type under id and its one group under groups"
        self._raw["types"][row["id"]] = groups[0] if groups else ""
        return None

    def _rule(self, row: dict[str, str], line: int) -> str | None:
        wrong = [key for key in row if key not in RULE]
        rule: dict[str, Any] = {key: _value(key, cell) for key, cell in row.items()} | {"send": []}
        self._raw["rules"].append(rule)
        self.lines.append(line)
        self._rules.setdefault(row.get("id", ""), rule)
        self._sent = None
        return f"{wrong[0]}: not a column of a rule" if wrong else None

    def _send(self, row: dict[str, str], line: int) -> str | None:
        del line
        name = row.pop("rule", "")
        self._sent = None
        wrong = [key for key in row if key not in SEND]
        if wrong:
            return f"{wrong[0]}: not a column of what is sent"
        if name and name not in self._rules:
            return f"rule: expected the id of a rule that stands above, not {name!r}"
        self._sent = {key: _value(key, cell) for key, cell in row.items()}
        into = self._rules[name]["send"] if name else self._raw["last_resort"]
        into.append(self._sent)
        return None

    def _substitute(self, row: dict[str, str], line: int) -> str | None:
        del line
        kept = {key: _value(key, cell) for key, cell in row.items() if key in SUBSTITUTE}
        if self._sent is None:
            return "expected what it stands in for (a row `send`) above it"
        self._sent.setdefault("substitutes", []).append(kept)
        return None


def _rows(plan: ResponsePlan) -> Iterator[dict[str, Any]]:
    tables = tables_of(plan)
    yield {"row": "plan"} | {cell: tables[key] for cell, key in PLAN.items() if key in tables}
    for name, group in tables.get("types", {}).items():
        yield {"row": "type", "id": name, "groups": [group] if group else []}
    for entry in tables.get("last_resort", ()):
        yield from _sent_rows("", entry)
    for rule in tables["rules"]:
        sent = rule.pop("send")
        yield {"row": "rule"} | rule
        for entry in sent:
            yield from _sent_rows(rule["id"], entry)


def _sent_rows(rule: str, entry: dict[str, Any]) -> Iterator[dict[str, Any]]:
    substitutes = entry.pop("substitutes", ())
    yield {"row": "send", "rule": rule} | entry
    for substitute in substitutes:
        yield {"row": "substitute", "rule": rule, "id": entry["id"]} | substitute


def _cell(value: Any) -> str:
    if isinstance(value, list | tuple):
        text = "; ".join(part.replace("\\", "\\\\").replace(";", "\\;") for part in value)
    elif isinstance(value, bool):
        text = "true" if value else "false"
    else:
        text = str(value)
    # A number is no formula, so -5 stands as it is.
    return f"'{text}" if text.startswith(FORMULA) and not isinstance(value, int) else text


def _bared(cell: str) -> str:
    return cell.removeprefix("'")


def _value(key: str, cell: str) -> Any:
    """What a cell means; what cannot be meant stays text, and is refused with its entry."""
    if key in LISTS:
        return _parts(cell)
    if key in NUMBERS and cell.strip().lstrip("-").isascii() and cell.strip().lstrip("-").isdigit():
        return int(cell)
    return YES.get(cell.strip().lower(), cell) if key == "divert" else cell


def _parts(cell: str) -> list[str]:
    parts, escaped = [""], False
    for sign in cell:
        if escaped or sign not in ";\\":
            parts[-1] += sign
            escaped = False
        elif sign == "\\":
            escaped = True
        else:
            parts.append("")
    return [part.strip() for part in parts if part.strip()]
