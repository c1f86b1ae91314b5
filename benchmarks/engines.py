"""What the three engines promise: detections, ranks, patterns."""

from collections.abc import Iterator

from benchmarks.figure import Figure
from benchmarks.index import index_36000_places, uncertainty_1000
from benchmarks.patterns import kde_1m, kde_1m_error, knox_970, knox_11701, plates_reads_per_s
from benchmarks.sigma import sigma_events_per_cpu_s, sigma_memory, sigma_warm_start


def measure() -> Iterator[Figure]:
    """Each figure with its limit."""
    yield sigma_events_per_cpu_s()
    yield sigma_warm_start()
    yield sigma_memory()
    yield from index_36000_places()
    yield from uncertainty_1000()
    yield kde_1m()
    yield kde_1m_error()
    yield knox_970()
    yield knox_11701()
    yield plates_reads_per_s()
