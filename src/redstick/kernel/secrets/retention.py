"""Retention is the destruction of keys: by the schedule, once a day; of one case, when a court orders it.

What is destroyed opens no more from that line on. The ring lets go of the key right after (see `erasure`), which is a
line too; and when the last backup of the key has expired the destruction is complete, which is the last line of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from redstick.kernel.secrets.classes import ClassDeclared, keys_needed
from redstick.kernel.secrets.state import RETENTION, Destruction, key_name
from redstick.kernel.timers import Start
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event
from redstick.kernel.window import DAY_MS

if TYPE_CHECKING:
    from redstick.kernel.secrets.state import PeriodKey, Secrets

SWEPT_AT_ONCE = 100  # destructions in one command; what is left is swept right after
SOON_MS = 1000


class Due(NamedTuple):
    """A key that the schedule says to destroy; with a `case`, only the data key that a hold had spared."""

    retention_class: str
    period: str
    case: str = ""


@event("secrets.key_destroyed", subjects=("case",))
class KeyDestroyed(Event, frozen=True):
    """Nothing sealed under this key opens any more but for the `spared` cases; or, with a `case`, nothing of that one.

    `reason` is `retention`, or the order of a court.
    """

    retention_class: str
    period: str
    destroyed_at: Instant
    reason: str
    case: str = ""
    spared: list[str] = []


@event("secrets.key_erased", subjects=("case",))
class KeyErased(Event, frozen=True):
    """The ring no longer holds it; at `complete_at` the last backup that may hold it has expired.

    `spared` are the cases that the ring did spare: those of the held ones that it had anything of.
    """

    retention_class: str
    period: str
    complete_at: Instant
    case: str = ""
    spared: list[str] = []


@event("secrets.destruction_completed")
class DestructionCompleted(Event, frozen=True):
    """The last backup has expired too: neither here nor anywhere else is there a key that opens what was sealed."""

    retention_class: str
    period: str


@event("secrets.swept")
class Swept(Event, frozen=True):
    """The schedule was looked through: so many keys were destroyed, so many are left for the next look."""

    destroyed: int
    left: int = 0


@command("secrets.sweep")
class Sweep(Command, frozen=True):
    """Destroy what is due, and make the keys that will be needed. Asked by a timer, once a day."""


@command("secrets.expunge")
class Expunge(Command, frozen=True):
    """Destroy the data keys of one case, because `order` (of a court, with its docket number) says so.

    `keys` names every key under which the ring holds something of the case, as `<class>/<period>`.
    """

    case: str
    keys: list[str]
    order: str


@command("secrets.confirm_erasure")
class ConfirmErasure(Command, frozen=True):
    """Say that the ring has let go of a key that was destroyed, or of one case's data key; and whom it spared."""

    retention_class: str
    period: str
    case: str = ""
    spared: list[str] = []


def due(state: Secrets, now: Instant) -> Iterator[Due]:
    """What the schedule says to destroy now, in the order of the keys' names.

    A key is due when its period has ended and its class's duration has passed since. Cases that are held then are
    spared; a spared case is due when nobody holds it any more.
    """
    held = {hold.case for hold in state.holds.values()}
    for _, key in sorted(state.keys.items()):
        if key.destruction is None:
            if key.ends_at + state.classes[key.retention_class].keep_ms <= now:
                yield Due(key.retention_class, key.period)
        else:
            yield from (Due(key.retention_class, key.period, case) for case in key.spared if case not in held)


def completed_keys(state: Secrets, now: Instant) -> list[PeriodKey]:
    """Keys of which nothing is left: destroyed, nobody spared, and every backup expired; the longest gone first."""
    done = []
    for _, key in sorted(state.keys.items()):
        parts = [key.destruction, *key.cases.values()]
        if not key.spared and all(part and part.complete_at is not None and part.complete_at <= now for part in parts):
            done.append(key)
    return done[:SWEPT_AT_ONCE]


def decide_sweep(state: Secrets, asked: Sweep, now: Instant) -> Decision:
    """Nothing is refused."""
    del asked
    schedule = due(state, now)
    now_due = list(islice(schedule, SWEPT_AT_ONCE))
    left = sum(1 for _ in schedule)
    held = sorted({hold.case for hold in state.holds.values()})
    destroyed: list[Event] = []
    for one in now_due:
        key = state.keys[key_name(one.retention_class, one.period)]
        spared = [] if one.case else [case for case in held if case not in key.cases]
        destroyed.append(KeyDestroyed(one.retention_class, one.period, now, RETENTION, one.case, spared))
    made = [key for declared in state.classes.values() for key in keys_needed(state, declared, now)]
    completed = [DestructionCompleted(key.retention_class, key.period) for key in completed_keys(state, now)]
    return [*made, *destroyed, *completed, Swept(len(destroyed), left)]


def decide_expunge(state: Secrets, asked: Expunge, now: Instant) -> Decision:
    """Rejections: `order_missing`, `hold_exists` (says which), `key_unknown`, `key_destroyed` (all of them are)."""
    if not asked.order or asked.order == RETENTION:
        return Rejection("order_missing", {"case": asked.case})
    held = state.held(asked.case)
    if held:
        return Rejection("hold_exists", {"case": asked.case, "holds": held})
    keys = [(name, state.keys.get(name)) for name in sorted(set(asked.keys))]
    unknown = [name for name, key in keys if key is None]
    if unknown or not keys:
        return Rejection("key_unknown", {"case": asked.case, "keys": unknown})
    alive = [key for _, key in keys if key is not None and not key.destroyed(asked.case)]
    if not alive:
        return Rejection("key_destroyed", {"case": asked.case})
    return [KeyDestroyed(key.retention_class, key.period, now, asked.order, asked.case) for key in alive]


def apply_key_destroyed(state: Secrets, happened: KeyDestroyed, at: Instant) -> None:
    """Nothing of it opens from here on."""
    del at
    key = state.keys[key_name(happened.retention_class, happened.period)]
    destruction = Destruction(happened.destroyed_at, happened.reason)
    if happened.case:
        key.cases[happened.case] = destruction
        key.spared = [case for case in key.spared if case != happened.case]
        if happened.reason != RETENTION:
            state.expunged[happened.case] = happened.reason
    else:
        key.destruction, key.spared = destruction, list(happened.spared)


def decide_confirm_erasure(state: Secrets, asked: ConfirmErasure, now: Instant) -> Decision:
    """Rejections: `key_unknown`, `key_not_destroyed`. Confirming twice changes nothing."""
    key = state.keys.get(key_name(asked.retention_class, asked.period))
    if key is None:
        return Rejection("key_unknown", {"keys": [key_name(asked.retention_class, asked.period)]})
    destruction = _destruction(key, asked.case)
    if destruction is None:
        return Rejection("key_not_destroyed", {"key": key_name(asked.retention_class, asked.period)})
    if destruction.complete_at is not None:
        return []
    complete_at = now + state.classes[key.retention_class].backups_ms
    spared = [] if asked.case else sorted(set(asked.spared) & set(key.spared))
    return [KeyErased(asked.retention_class, asked.period, complete_at, asked.case, spared)]


def apply_key_erased(state: Secrets, happened: KeyErased, at: Instant) -> None:
    """It is known when the destruction will be complete, and who was spared."""
    del at
    key = state.keys[key_name(happened.retention_class, happened.period)]
    destruction = _destruction(key, happened.case)
    if destruction is not None:
        destruction.complete_at = happened.complete_at
    if not happened.case:
        key.spared = list(happened.spared)


def apply_destruction_completed(state: Secrets, happened: DestructionCompleted, at: Instant) -> None:
    """There is no such key any more."""
    del at
    del state.keys[key_name(happened.retention_class, happened.period)]


def apply_swept(state: Secrets, happened: Swept, at: Instant) -> None:
    """That the schedule was looked through changes nothing."""
    del state, happened, at


def time_sweep(happened: ClassDeclared | Swept, recorded_at: Instant) -> Iterable[Start]:
    """The schedule is looked through a day later, or at once when something was left."""
    left = happened.left if isinstance(happened, Swept) else 0
    return [Start("sweep", recorded_at + (SOON_MS if left else DAY_MS), Sweep())]


def _destruction(key: PeriodKey, case: str) -> Destruction | None:
    return key.cases.get(case) if case else key.destruction
