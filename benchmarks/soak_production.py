"""The half hour of `soak` by the production engine, with what its Janus and its Kamailio hold."""

from collections.abc import Iterator

from benchmarks import soak
from benchmarks.figure import Figure


def measure() -> Iterator[Figure]:
    """The figures of `soak`, each with `_production`."""
    yield from soak.measured_by("production", "_production")
