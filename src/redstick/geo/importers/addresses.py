"""Address points from GeoJSON, shapefiles, geodatabases and CSV."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from redstick.geo.city import Addresses
from redstick.geo.importers.assemble import Register


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
