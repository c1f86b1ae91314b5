"""Time travel: the house as it was at any position, or at any moment, from the journal alone."""

from collections.abc import Callable, Iterable, Sequence
from itertools import takewhile

from redstick.kernel.domain import Domain
from redstick.kernel.envelope import Envelope, opened
from redstick.kernel.executor import Executor
from redstick.kernel.ports import Readable
from redstick.kernel.snapshots import Snapshot, stands_in
from redstick.kernel.values import Instant


def at_position(
    domains: Sequence[Domain], journal: Readable, position: int, snapshots: Iterable[Snapshot] = ()
) -> Executor:
    """An executor whose committed state is what it was when the line at `position` had just become durable.

    Begins from the newest of `snapshots` that is of this journal and not behind the position. Raises Corruption.
    """
    early = [one for one in snapshots if one.fold.position <= position]
    return _folded(domains, journal, early, lambda envelope: envelope.position <= position)


def at_moment(
    domains: Sequence[Domain], journal: Readable, moment: Instant, snapshots: Iterable[Snapshot] = ()
) -> Executor:
    """The same at a moment: behind the last line that was recorded then or before."""
    early = [one for one in snapshots if one.fold.recorded_at <= moment]
    return _folded(domains, journal, early, lambda envelope: envelope.recorded_at <= moment)


def _folded(
    domains: Sequence[Domain], journal: Readable, snapshots: Sequence[Snapshot], wanted: Callable[[Envelope], bool]
) -> Executor:
    executor = Executor(domains)
    usable = [one for one in snapshots if stands_in(one, journal.read)]
    if usable:
        executor.restore(max(usable, key=lambda one: one.fold.position))
    behind = journal.read(executor.durable.position)
    for _ in executor.follow(takewhile(lambda line: wanted(opened(line)), behind), journal.gaps):
        pass
    return executor
