"""A city's own past: read from the exports of its dispatch system, by a column map that a person can check."""

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
    "Counts",
    "History",
    "HistoryError",
    "HistoryRow",
    "Listed",
    "Windows",
]
