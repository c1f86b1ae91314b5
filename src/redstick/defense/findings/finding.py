"""One finding: a rule fired on an event, or a correlation held for a group of them."""

import hashlib
from typing import Any, Literal

from msgspec import Struct

from redstick.defense.sigma.explain import Reason
from redstick.defense.sigma.logsources import Source
from redstick.defense.sigma.rules import LEVELS, Title


class Finding(Struct, frozen=True):
    """What an output renders.

    `uid` is the same whenever the same rule fires on the same event; `fields` are the event's, or the group's of a
    correlation; times are milliseconds since 1970, None where the event does not say; `places` name events as
    `FILE#NUMBER`, for a correlation at most the first few of its `events`; `because` says which values made the rule
    fire; `value` is the figure that a correlation bounds.
    """

    kind: Literal["detection", "correlation"]
    uid: str
    about: Title
    first_ms: int | None
    last_ms: int | None
    events: int
    host: str
    source: Source | None
    fields: dict[str, Any]
    places: tuple[str, ...]
    because: tuple[Reason, ...] = ()
    value: float | None = None


def severity(about: Title) -> int:
    """Place of a rule's level among `LEVELS`: 0 informational to 4 critical."""
    return LEVELS.index(about.level) if about.level in LEVELS else 0


def uid_of(*parts: str) -> str:
    """A stable id of 32 hexadecimal digits."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


HOST_FIELDS = ("Computer", "Hostname", "host", "node", "dvchost", "host.name", "device.hostname", "sourceIPAddress")


def host_of(fields: dict[str, Any]) -> str:
    """The machine that an event speaks of, by the names that readers give it; empty where none does."""
    return next((v for name in HOST_FIELDS if isinstance(v := fields.get(name), str) and v), "")
