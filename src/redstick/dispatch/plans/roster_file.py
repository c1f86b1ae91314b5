"""A roster from CSV: one unit a row, with what the linter wants to know of it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from redstick.dispatch.plans.faults import Fault, PlanTextError
from redstick.dispatch.plans.roster import RosterUnit

COLUMNS = ("id", "kind", "station", "agency", "capabilities", "staffing", "crew")


def read_roster(path: Path) -> tuple[RosterUnit, ...]:
    """Units of a CSV with `id` and `kind` and any of the other columns; several capabilities stand with `;` between.

    Raises PlanTextError with every row that cannot be meant.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PlanTextError(str(path), [Fault("the file", f"expected a CSV in UTF-8: {error}")]) from error
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="further", restval="")
    header = reader.fieldnames or []
    if not {"id", "kind"} <= set(header) or set(header) - set(COLUMNS):
        expected = f"expected the columns id and kind, and of the others {', '.join(COLUMNS[2:])}"
        raise PlanTextError(str(path), [Fault("the header", expected, 1)])
    units: dict[str, RosterUnit] = {}
    faults: list[Fault] = []
    for row in reader:
        told = _fault(row, units)
        if told:
            faults.append(Fault(f"unit {row['id']}", told, reader.line_num))
            continue
        values = {key: str(cell).strip() for key, cell in row.items()}
        staffing = values.pop("staffing", "")
        listed = tuple(part.strip() for part in values.pop("capabilities", "").split(";") if part.strip())
        units[values["id"]] = RosterUnit(**values, capabilities=listed, staffing=int(staffing) if staffing else None)
    if faults or not units:
        raise PlanTextError(str(path), faults or [Fault("the file", "expected at least one unit", 1)])
    return tuple(units.values())


def _fault(row: dict[str, str], known: dict[str, RosterUnit]) -> str:
    if "further" in row:
        return "expected no more cells than the header has columns"
    if not row["id"].strip() or not row["kind"].strip():
        return "expected an id and a kind"
    if row["id"].strip() in known:
        return "expected each unit once"
    staffing = row.get("staffing", "").strip()
    return "" if not staffing or (staffing.isascii() and staffing.isdigit()) else f"staffing: not a number: {staffing}"
