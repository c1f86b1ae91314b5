"""The column map: loads what it saves, and refuses with the line what cannot be right."""

from pathlib import Path

import pytest

from redstick.dispatch.history.column_map import ColumnMap, FileForm, PlaceSource, StampSource
from redstick.dispatch.history.errors import HistoryError

EXAMPLES = Path(__file__).parents[3] / "examples"
GOOD = """\
redstick_columns = 1
source = "A city"
one_row_per = "unit"
time_zone = "America/Chicago"
dates = ["iso"]

[columns]
call = "Call"
unit = "Unit"

[stamps]
received = "Received"
"""


@pytest.mark.parametrize("city", ["san_francisco", "columbia", "houston"])
def test_a_shipped_map_survives_saving(city, tmp_path):
    """What is loaded, saved and loaded again is the same map."""
    shipped = ColumnMap.load(EXAMPLES / city / "columns.toml")
    shipped.save(tmp_path / "again.toml", {"columns": ["a comment"], "time_zone": ["another"]})
    assert ColumnMap.load(tmp_path / "again.toml") == shipped
    assert not list(tmp_path.glob("*.part"))


def test_every_part_survives_saving():
    """Odd names, quotation marks, two-column stamps and code lists come back as they were."""
    full = ColumnMap(
        source='A "city"',
        one_row_per="call",
        time_zone="Europe/Berlin",
        dates=("%d.%m.%Y %H:%M",),
        missing=("NULL", "\\N"),
        file=FileForm("csv", ";", "cp1252", "", ""),
        categories={"incident": ("Einsatz Nr.", "Jahr"), "unit": ("Fahrzeug",), "agency": ("Amt",)},
        stamps={"received": StampSource(("Datum", "Zeit"), ("%d.%m.%y %H:%M",)), "closed": StampSource(("Ende",))},
        place=PlaceSource(point="Punkt", order="longitude_latitude"),
        split={"unit": ","},
        key=("incident",),
        repeats="merge",
        codes={"agency": {"F 1": "Feuerwehr", "P": "Polizei"}},
    )
    assert ColumnMap.parse(full.text()) == full


@pytest.mark.parametrize(
    ("old", "new", "line", "expected"),
    [
        ('unit = "Unit"', 'untt = "Unit"', 9, "no such key"),
        ('source = "A city"', 'sourse = "A city"', 2, "no such key"),
        ("redstick_columns = 1", "redstick_columns = 2", 1, "redstick_columns = 1"),
        ('one_row_per = "unit"', 'one_row_per = "person"', 3, "one of unit, call, snapshot"),
        ('"America/Chicago"', '"America/Baton_Rouge"', 4, "IANA"),
        ('"America/Chicago"', '""', 4, "IANA"),
        ('received = "Received"', "received = 3", 12, "a text or a list"),
        ('received = "Received"', 'received = { column = "A" }', 12, "no such key"),
        ('unit = "Unit"', "", 7, "`unit`"),
        ('call = "Call"', "", 7, "`call` or for `incident`"),
        ("[stamps]", "[stemps]", 11, "no such key"),
        ("[stamps]", '[split]\naddress = ","\n[stamps]', 7, "a column for 'address'"),
        ("[stamps]", '[place]\nlatitude = "Lat"\n[stamps]', 11, "both longitude and latitude"),
        ("[stamps]", '[file]\ndelimiter = ",,"\n[stamps]', 12, "one character"),
        ("[stamps]", '[rows]\nrepeats = "drop"\n[stamps]', 12, "one of keep, merge"),
    ],
)
def test_what_cannot_be_right_is_refused_with_its_line(old, new, line, expected):
    """A misspelt key is a column never read, so each names the line where it stands."""
    assert old in GOOD
    with pytest.raises(HistoryError) as caught:
        ColumnMap.parse(GOOD.replace(old, new, 1), "columns.toml")
    assert caught.value.row == line
    assert expected in caught.value.expected
    assert str(caught.value).startswith(f"columns.toml, row {line}")


def test_snapshots_need_their_moment():
    """A feed without the column of its photographs' times cannot be folded."""
    with pytest.raises(HistoryError, match="snapshot_time"):
        ColumnMap.parse(GOOD.replace('"unit"', '"snapshot"', 1))


def test_text_that_is_no_toml_and_files_that_are_none(tmp_path):
    """A broken file, a binary one, a huge one and an absent one each get one clear line."""
    with pytest.raises(HistoryError, match="TOML"):
        ColumnMap.parse("= 1")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "huge.toml").write_bytes(b"#" * (2 << 20))
    for name, expected in (("binary.toml", "UTF-8"), ("huge.toml", "1 MiB"), ("absent.toml", "no such")):
        with pytest.raises(HistoryError, match=expected):
            ColumnMap.load(tmp_path / name)


def test_source_columns_are_named_once():
    """A column that serves an identity and an address is read once."""
    houston = ColumnMap.load(EXAMPLES / "houston" / "columns.toml")
    assert sorted(set(houston.source_columns)) == sorted(houston.source_columns)
    assert "Address" in houston.source_columns
    assert houston.mapped[-1] == "position"
