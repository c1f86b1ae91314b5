"""Address points from GeoJSON, shapefiles, geodatabases and CSV."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from redstick.geo.city import Addresses
from redstick.geo.importers.assemble import Register
from redstick.geo.importers.fault import InputFault, Intake
from redstick.geo.importers.features import FeatureTable, read_features
from redstick.geo.importers.house_numbers import house_numbers
from redstick.geo.roads import E7


class AddressDraft(NamedTuple):
    """One address as its source gives it, position in 1e-7 degrees."""

    x: int
    y: int
    number: int
    suffix: str
    street: str
    unit: str = ""
    area: str = ""
    postcode: str = ""


def addresses_of(drafts: Sequence[AddressDraft]) -> Addresses:
    """Addresses as parallel arrays, sorted by street, number and position; exact repeats stand once."""
    rows = sorted(set(drafts), key=lambda row: (row.street, row.number, row.suffix, row.unit, row))
    streets, areas, postcodes = Register(), Register(), Register()
    return Addresses(
        x=np.array([row.x for row in rows], np.int32),
        y=np.array([row.y for row in rows], np.int32),
        number=np.array([row.number for row in rows], np.int32),
        number_suffix=[row.suffix for row in rows],
        unit=[row.unit for row in rows],
        street=np.array([streets.of(row.street) for row in rows], np.int32),
        streets=streets.texts,
        area=np.array([areas.of(row.area) for row in rows], np.int32),
        areas=areas.texts,
        postcode=np.array([postcodes.of(row.postcode) for row in rows], np.int32),
        postcodes=postcodes.texts,
    )


# What agencies call the columns: NENA-STA-006.3, OpenAddresses and common local names.
_NUMBER = ("add_number", "housenumber", "house_number", "house_num", "houseno", "number", "addr_num", "addrnum",
           "st_num", "stnum", "street_number", "address_number", "addr:housenumber")  # fmt: skip
_SUFFIX = ("addnum_suf", "number_suffix", "house_suffix", "num_suf", "addr_suffix")
_STREET = ("street", "fullname", "full_street", "streetname_full", "street_name_full", "st_fullname", "road",
           "addr:street")  # fmt: skip
_STREET_PARTS = (
    ("st_premod",), ("st_predir", "predir", "street_predir", "prefix_dir"), ("st_pretyp", "pretype"), ("st_presep",),
    ("st_name", "streetname", "street_name", "stname"),
    ("st_postyp", "street_type", "st_type", "sttype", "posttype", "streettype"), ("st_posdir", "postdir", "sufdir"),
    ("st_posmod",),
)  # fmt: skip
_WHOLE = ("address", "full_address", "fulladdr", "addr_full", "site_address", "full_addr")
_UNIT = ("unit", "unit_num", "unit_number", "apt", "suite", "addr:unit")
_AREA = ("inc_muni", "municipality", "muni", "city", "post_city", "addr:city", "town", "community")
_POSTCODE = ("post_code", "postcode", "zip", "zipcode", "zip_code", "addr:postcode")
_LEADING = re.compile(r"^(\d{1,9}(?:\s*-?\s*[A-Za-z]|\s+\d/\d)?)\s+(\S.*)$")


def import_addresses(
    path: Path, *, layer: str | None = None, crs: str | None = None
) -> tuple[list[AddressDraft], Intake]:
    """Address points of a file; its columns are recognised by name.

    Raises InputFault where neither a number and a street nor a whole address can be found among the columns, or where
    a feature is no point.
    """
    table = read_features(path, layer=layer, crs=crs)
    intake = Intake("addresses", str(path))
    columns = _Columns.of(table)
    drafts: list[AddressDraft] = []
    for index in range(len(table)):
        drafts += columns.drafts(table, index, intake)
    intake.taken = len(set(drafts))
    intake.skip("exact repeats", len(drafts) - intake.taken)
    return drafts, intake


class _Columns(NamedTuple):
    """Which column is which; empty where there is none."""

    number: str
    suffix: str
    street: tuple[str, ...]
    whole: str
    unit: str
    area: str
    postcode: str

    @classmethod
    def of(cls, table: FeatureTable) -> "_Columns":
        def pick(words: Sequence[str]) -> str:
            return next((by_lower[word] for word in words if word in by_lower), "")

        by_lower = {name.lower(): name for name in table.columns}
        street = pick(_STREET)
        parts = (street,) if street else tuple(part for words in _STREET_PARTS if (part := pick(words)))
        number, whole = pick(_NUMBER), pick(_WHOLE)
        if not (number and parts) and not whole:
            found = f"no house number and street among {', '.join(table.columns)[:200]}"
            raise InputFault(table.file, "", found, "columns such as number and street, or address")
        return cls(number if parts else "", pick(_SUFFIX), parts, whole, pick(_UNIT), pick(_AREA), pick(_POSTCODE))

    def drafts(self, table: FeatureTable, index: int, intake: Intake) -> list[AddressDraft]:
        """The addresses of one feature; several where its number stands for several."""

        def text(column: str) -> str:
            return table.text(column, index) if column else ""

        if self.number:
            written, street = text(self.number), " ".join(part for name in self.street if (part := text(name)))
        else:
            match = _LEADING.match(text(self.whole))
            written, street = (match[1], match[2]) if match else ("", "")
        point = point_of(table, index)
        if point is None or not written or not street:
            intake.skip("no position" if point is None else "no house number or no street")
            return []
        numbers = house_numbers(written)
        if not numbers:
            intake.skip("a house number that cannot be read")
        unit, area, postcode = text(self.unit), text(self.area), text(self.postcode)
        own = text(self.suffix).upper()
        return [
            AddressDraft(*point, number, f"{suffix} {own}".strip(), street, unit, area, postcode)
            for number, suffix in numbers
        ]


def point_of(table: FeatureTable, index: int) -> tuple[int, int] | None:
    """The position of a point feature in 1e-7 degrees, None where it has none; raises InputFault for other shapes."""
    shape = table.shapes[index]
    if shape is None or shape.is_empty:
        return None
    if shape.geom_type == "MultiPoint" and len(shape.geoms) == 1:
        shape = shape.geoms[0]
    if shape.geom_type != "Point":
        raise InputFault(table.file, table.where(index), f"its geometry is a {shape.geom_type}", "a point")
    return round(shape.x * E7), round(shape.y * E7)
