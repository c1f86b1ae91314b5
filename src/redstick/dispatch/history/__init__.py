"""A city's own past: read from the exports of its dispatch system, by a column map that a person can check.

`reading.read` reads one; it is not imported here, so that whoever only measures loads none of the formats.
"""

from redstick.dispatch.history.column_map import ColumnMap
from redstick.dispatch.history.errors import HistoryError
from redstick.dispatch.history.model import (
    CATEGORIES,
    MISSING_CODE,
    MISSING_E7,
    MISSING_MS,
    STAMPS,
    Codes,
    Counts,
    History,
    HistoryRow,
    Listed,
    Windows,
)

__all__ = [
    "CATEGORIES",
    "MISSING_CODE",
    "MISSING_E7",
    "MISSING_MS",
    "STAMPS",
    "Codes",
    "ColumnMap",
    "Counts",
    "History",
    "HistoryError",
    "HistoryRow",
    "Listed",
    "Windows",
]
