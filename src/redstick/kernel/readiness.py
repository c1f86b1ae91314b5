"""What this build would do to a journal that another one wrote: found by reading, before anything is written."""

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from redstick.kernel.envelope import HASH_DIGITS, Envelope, Gap, Head, opened
from redstick.kernel.errors import Corruption
from redstick.kernel.evolution import APPLIERS, Evolution, Kinds, active_kinds, holds
from redstick.kernel.fold import Fold
from redstick.kernel.house import House
from redstick.kernel.snapshots import read_snapshot


class Unreadable(msgspec.Struct, frozen=True):
    """Lines of a kind and version that this build cannot read: how many, the first of them, and why."""

    kind: str
    version: int
    lines: int
    first: int
    why: str


class Upcasted(msgspec.Struct, frozen=True):
    """Lines of an older version of a kind, which upcasters turn into the newest each time they are read."""

    kind: str
    version: int
    to: int
    lines: int


class NotActive(msgspec.Struct, frozen=True):
    """A version of a kind that this build knows and may not write yet; `active` is 0 where no version of it may be."""

    kind: str
    version: int
    active: int
    unknown_to: list[str]


class Readiness(msgspec.Struct):
    """The account. `broken` says of each domain whose code fails on a stored line where and how."""

    head: Head = msgspec.field(default_factory=Head)
    unreadable: list[Unreadable] = msgspec.field(default_factory=list)
    upcast: list[Upcasted] = msgspec.field(default_factory=list)
    broken: dict[str, str] = msgspec.field(default_factory=dict)
    nodes: list[str] = msgspec.field(default_factory=list)
    not_active: list[NotActive] = msgspec.field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether this build can take the journal over: it reads every line and folds all of them."""
        return not self.unreadable and not self.broken


def readiness(house: House, lines: Iterable[bytes], gaps: Sequence[Gap] = ()) -> Readiness:
    """Read every line of a journal as this build would, and fold them for as long as all can be read."""
    found, survey = Readiness(), _Survey(house, gaps)
    for line in lines:
        envelope = opened(line)
        found.head = Head(envelope.position, bytes.fromhex(line[:HASH_DIGITS].decode()))
        survey.read(envelope, line)
    newest = dict(sorted(house.kinds.items()))
    found.unreadable = list(survey.unreadable.values())
    found.broken = survey.fold.broken
    found.upcast = [
        Upcasted(kind, version, newest[kind], count)
        for (kind, version), count in sorted(survey.met.items())
        if version < newest.get(kind, 0) and (kind, version) not in survey.unreadable
    ]
    found.nodes = sorted(survey.evolution.nodes)
    found.not_active = not_active(survey.evolution, newest)
    return found


def not_active(evolution: Evolution, newest: Kinds) -> list[NotActive]:
    """What of the newest kinds of a build waits for an activation, and for which nodes; nothing where no rule holds."""
    if not holds(evolution):
        return []
    active = active_kinds(evolution)
    waiting = {kind: version for kind, version in newest.items() if version > active.get(kind, 0)}
    return [
        NotActive(
            kind,
            version,
            active.get(kind, 0),
            [node for node, kinds in sorted(evolution.nodes.items()) if kinds.get(kind, 0) < version],
        )
        for kind, version in waiting.items()
    ]


def snapshot_fault(house: House, data: bytes, head: Head) -> str:
    """Why a stored snapshot would not be used on this journal, in words; "" when it would."""
    try:
        snapshot = read_snapshot(data)
    except Corruption as error:
        return f"cannot be read: {error}"
    if snapshot.fold.position > head.position:
        return f"stands at position {snapshot.fold.position}, ahead of the journal"
    stored, ours = snapshot.fold.versions, house.fold_versions
    if stored == ours:
        return ""
    names = [name for name in sorted({*stored, *ours}) if stored.get(name) != ours.get(name)]
    told = ", ".join(f"{name} {stored.get(name, 'absent')} (here {ours.get(name, 'absent')})" for name in names)
    return f"of other folds: {told}"


class _Survey:
    """The pass over the lines."""

    def __init__(self, house: House, gaps: Sequence[Gap]) -> None:
        self.house, self.fold = house, Fold(house, 0)
        self.fold.gaps = gaps
        self.met: Counter[tuple[str, int]] = Counter()
        self.unreadable: dict[tuple[str, int], Unreadable] = {}
        self.evolution = Evolution()

    def read(self, envelope: Envelope, line: bytes) -> None:
        """Take one line in."""
        kind = (envelope.kind, envelope.version)
        self.met[kind] += 1
        try:
            if self.unreadable:
                happened = self.house.events.read(envelope)
            else:
                fact = self.fold.fact_of(line)
                self.fold.advance(fact)
                happened = fact.event
        except Corruption as error:
            first = self.unreadable.get(kind) or Unreadable(*kind, 0, envelope.position, str(error))
            self.unreadable[kind] = msgspec.structs.replace(first, lines=first.lines + 1)
            return
        if type(happened) in APPLIERS:
            APPLIERS[type(happened)](self, happened, envelope.at)
