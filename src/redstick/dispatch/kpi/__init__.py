"""How fast, as the standards measure it: intervals, nearest-rank percentiles with their n, and what ran backwards."""

from redstick.dispatch.kpi.comparing import Sample, difference, sample
from redstick.dispatch.kpi.intervals import INTERVALS, Spans, interval, spans
from redstick.dispatch.kpi.measuring import measurable, measure, missing_stamps, nearest_rank, order_violations
from redstick.dispatch.kpi.model import (
    PERCENTILES,
    Attainment,
    Difference,
    Interval,
    Kpi,
    Standard,
    Violation,
)
from redstick.dispatch.kpi.standards import STANDARDS, standards_for

__all__ = [
    "INTERVALS",
    "PERCENTILES",
    "STANDARDS",
    "Attainment",
    "Difference",
    "Interval",
    "Kpi",
    "Sample",
    "Spans",
    "Standard",
    "Violation",
    "difference",
    "interval",
    "measurable",
    "measure",
    "missing_stamps",
    "nearest_rank",
    "order_violations",
    "sample",
    "spans",
    "standards_for",
]
