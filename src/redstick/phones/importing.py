"""A city's list of people and extensions, from CSV: read whole, with what is wrong in each line, before all else.

Columns, in any order, by their header: `number`, `name`, and as far as there are `id` (else made of the number),
`department`, `email`, `person`, `direct` (E.164), `site`, `voicemail` (yes or no).
"""

import csv
import io
import re
from collections.abc import Iterable

import msgspec

from redstick.phones.numbering import DIRECT, NUMBER, keeps_clear
from redstick.phones.rules.people import MOST_ROWS, PersonRow
from redstick.phones.state import User

NEEDED = ("number", "name")
KNOWN = (*NEEDED, "id", "department", "email", "person", "direct", "site", "voicemail")
YES_NO = {
    "": True,
    "yes": True,
    "y": True,
    "true": True,
    "1": True,
    "no": False,
    "n": False,
    "false": False,
    "0": False,
}
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
LONGEST = 200  # characters of a cell


class LineFault(msgspec.Struct, frozen=True):
    """What is wrong in a line of the file, counted from 1 with the header."""

    line: int
    says: str


class PeopleFile(msgspec.Struct, frozen=True):
    """What a file says: rows with the line of each, and all that is wrong; with a fault nothing is to be done."""

    rows: tuple[PersonRow, ...]
    lines: tuple[int, ...]
    faults: tuple[LineFault, ...]


def read_people(text: str) -> PeopleFile:
    """Read a whole file; never raises, whatever is in it."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    rows: list[tuple[int, PersonRow]] = []
    faults: list[LineFault] = []
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        faults += _header_faults(header)
        if not faults:
            _read_lines(((reader.line_num, cells) for cells in reader), header, rows, faults)
    except csv.Error as error:
        faults.append(LineFault(reader.line_num, f"no CSV: {error}"))
    return PeopleFile(tuple(row for _, row in rows), tuple(line for line, _ in rows), tuple(faults))


def _header_faults(header: list[str]) -> list[LineFault]:
    missing = [name for name in NEEDED if name not in header]
    strange = [name for name in header if name not in KNOWN]
    twice = sorted({name for name in header if header.count(name) > 1})
    faults = [LineFault(1, f"there is no column {name!r}") for name in missing]
    faults += [LineFault(1, f"no column is called {name!r}; there are {', '.join(KNOWN)}") for name in strange]
    return faults + [LineFault(1, f"column {name!r} is there twice") for name in twice]


def _read_lines(
    lines: Iterable[tuple[int, list[str]]],
    header: list[str],
    rows: list[tuple[int, PersonRow]],
    faults: list[LineFault],
) -> None:
    first: dict[tuple[str, str], int] = {}
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            faults.append(LineFault(line, f"{len(cells)} cells instead of {len(header)}"))
            continue
        if len(rows) >= MOST_ROWS:
            faults.append(LineFault(line, f"more than {MOST_ROWS:,} people; give them in parts"))
            return
        said = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        wrong = _wrong_in(said)
        for column in ("number", "direct", "id", "person"):
            value = said.get(column, "")
            if value and first.setdefault((column, value), line) != line:
                wrong.append(f"{column} {value} is in line {first[column, value]} already")
        faults += [LineFault(line, one) for one in wrong]
        rows.append((line, _row(said)))


def _wrong_in(said: dict[str, str]) -> list[str]:
    number, direct, email = said["number"], said.get("direct", ""), said.get("email", "")
    wrong = [f"{column} is longer than {LONGEST} characters" for column, cell in said.items() if len(cell) > LONGEST]
    if not NUMBER.fullmatch(number):
        wrong.append(f"{number!r} is no extension: 2 to 6 digits, not beginning with 0")
    elif not keeps_clear(number):
        wrong.append(f"{number} is too near 911: phones would wait for more digits")
    if not said["name"]:
        wrong.append("there is no name")
    if direct and not DIRECT.fullmatch(direct):
        wrong.append(f"{direct!r} is no number of the public network: +12255550142")
    if email and not EMAIL.fullmatch(email):
        wrong.append(f"{email!r} is no address of mail")
    if said.get("voicemail", "").lower() not in YES_NO:
        wrong.append(f"voicemail is yes or no, not {said['voicemail']!r}")
    return wrong


def _row(said: dict[str, str]) -> PersonRow:
    user = User(
        said.get("id", "") or f"user-{said['number']}", said["name"], said.get("department", ""), said.get("email", ""),
        said.get("person", ""),
    )  # fmt: skip
    voicemail = YES_NO.get(said.get("voicemail", "").lower(), True)
    return PersonRow(user, said["number"], said.get("direct", ""), said.get("site", ""), voicemail)
