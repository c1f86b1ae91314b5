"""What the first hour promises of speed: a geocode, a ranking of a hundred units, a report of a million rows."""

from collections.abc import Iterator

from benchmarks.figure import Figure
from benchmarks.geocode import geocode_300k
from benchmarks.report import report_1m_rows
from benchmarks.routing import rank_100_units


def measure() -> Iterator[Figure]:
    """geocode_300k, recommend_100_units, report_1m_rows (wall and memory)."""
    yield geocode_300k()
    yield rank_100_units()
    yield from report_1m_rows()
