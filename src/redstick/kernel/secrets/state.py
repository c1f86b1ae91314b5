"""The live state of secrets: what is kept how long, which keys there are, what is held. No key and no plaintext."""

import msgspec

from redstick.kernel.secrets.periods import Length
from redstick.kernel.values import Instant


class RetentionClass(msgspec.Struct, frozen=True, omit_defaults=True):
    """How long a class of things is kept, from the end of the period in which they were recorded.

    `backups_ms` is how long the oldest backup of a key lives; `authority` is the law or schedule that says so.
    """

    name: str
    periods: Length
    keep_ms: int
    backups_ms: int
    authority: str


class Destruction(msgspec.Struct, omit_defaults=True):
    """From `destroyed_at` on nothing opens; `complete_at` is known once the ring has let go of the key.

    That is when the last backup that may hold the key has expired. `reason` is `retention`, or the order of a court.
    """

    destroyed_at: Instant
    reason: str
    complete_at: Instant | None = None


class PeriodKey(msgspec.Struct, omit_defaults=True):
    """The key of one class and period, and what became of it.

    `spared` are the cases that were held when it was destroyed: their data keys live on. `cases` are those whose data
    keys were destroyed by themselves.
    """

    retention_class: str
    period: str
    ends_at: Instant
    destruction: Destruction | None = None
    spared: list[str] = []
    cases: dict[str, Destruction] = {}

    def destroyed(self, case: str) -> bool:
        """Whether nothing that was sealed for a case under this key opens any more."""
        return case in self.cases or (self.destruction is not None and case not in self.spared)


class Hold(msgspec.Struct, frozen=True, omit_defaults=True):
    """Someone's legal hold on a case: while it stands, nothing of the case is destroyed."""

    id: str
    case: str
    holder: str
    authority: str
    until: Instant | None = None


class Secrets(msgspec.Struct):
    """Classes by name, keys by `key_name`, holds by id; and the cases that a court had destroyed, with its order.

    An expunged case stays known when its keys are long forgotten: nothing may be sealed for it again.
    """

    classes: dict[str, RetentionClass] = {}
    keys: dict[str, PeriodKey] = {}
    holds: dict[str, Hold] = {}
    expunged: dict[str, str] = {}

    def held(self, case: str) -> list[str]:
        """The holds on a case."""
        return [hold.id for hold in self.holds.values() if hold.case == case]


RETENTION = "retention"  # the reason of a destruction that the schedule asked for


def key_name(retention_class: str, period: str) -> str:
    """What a key is called: `call-audio/2026-11`."""
    return f"{retention_class}/{period}"
