"""Voice, in one suite: messages without sockets, signalling under SIPp and at overload, a call's card and its voice."""

from collections.abc import Iterator

from benchmarks import ringing, signalling, transactions
from benchmarks.figure import Figure


def measure() -> Iterator[Figure]:
    """Every figure of calls."""
    for part in (transactions, signalling, ringing):
        yield from part.measure()
