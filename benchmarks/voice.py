"""Voice, in one suite: messages and a storm without sockets, signalling under SIPp, a call's card and its voice."""

from collections.abc import Iterator

from benchmarks import ringing, signalling, transactions
from benchmarks.figure import Figure


def measure() -> Iterator[Figure]:
    """Every figure of calls."""
    for part in (transactions, signalling, ringing):
        yield from part.measure()
