"""A city's own past: read from the exports of its dispatch system, by a column map that a person can check."""

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
from redstick.dispatch.history.reading import read

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
    "read",
]
