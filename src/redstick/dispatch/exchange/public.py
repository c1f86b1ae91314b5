"""What the public, or a peer without a need to know, is told of incidents: late, coarse, and of some kinds nothing.

A policy is a value that a council can read. It is applied by one pure function and judged by another, which knows
nothing of how the first one works: `breaches` looks only at what would be told.
"""

import re

import msgspec

from redstick.dispatch.rules.incidents import Incident, status_of
from redstick.kernel.values import Instant

_NUMBER = re.compile(r"^\s*(\d{1,7})[\w/-]*(?=\s)")
_INSIDE = re.compile(r"\s+(apt|unit|suite|ste|fl|floor|rm|room|lot|bldg|#).*$", re.IGNORECASE)
_BLOCK = re.compile(r"(0|\d+00) block [^,#]*")


class Disclosure(msgspec.Struct, frozen=True):
    """A policy: nothing of an incident before `delay_ms` have passed since it was opened, nothing ever of `withheld`.

    Positions are the middle of a cell of `cell` (1e-7 degrees; 0 tells none), times whole steps of `step_ms`, addresses
    the hundred block. `withheld` names kinds and groups. A closed incident is told for `keep_ms` after its closing.
    """

    delay_ms: int = 15 * 60_000
    cell: int = 50_000
    step_ms: int = 60_000
    withheld: tuple[str, ...] = ()
    keep_ms: int = 24 * 3_600_000
    addresses: bool = True


class PublicIncident(msgspec.Struct, frozen=True, omit_defaults=True):
    """An incident as it is told: no number, no caller, no narrative, no unit."""

    kind: str
    status: str
    opened_at: Instant
    zones: dict[str, str] = {}
    block: str = ""
    x: int | None = None
    y: int | None = None
    closed_at: Instant | None = None


def disclosed(incident: Incident, now: Instant, policy: Disclosure) -> PublicIncident | None:
    """An incident as the policy lets it be told at this time; None when it is not told."""
    if now - incident.opened_at < policy.delay_ms or {incident.kind, incident.group} & set(policy.withheld):
        return None
    if incident.closed_at is not None and now - incident.closed_at > policy.keep_ms:
        return None
    place = incident.place
    told = policy.cell > 0 and place.x is not None and place.y is not None
    closed = incident.closed_at
    return PublicIncident(
        kind=incident.kind,
        status=status_of(incident),
        opened_at=_step(incident.opened_at, policy),
        zones=dict(incident.zones),
        block=_block(place.text) if policy.addresses else "",
        x=_middle(place.x, policy) if told and place.x is not None else None,
        y=_middle(place.y, policy) if told and place.y is not None else None,
        closed_at=None if closed is None else _step(closed, policy),
    )


def breaches(told: PublicIncident, incident: Incident, now: Instant, policy: Disclosure) -> list[str]:
    """What a told incident gives away against the policy; empty when nothing."""
    found = []
    if incident.opened_at + policy.delay_ms > now:
        found.append("told before its time")
    if incident.kind in policy.withheld or incident.group in policy.withheld:
        found.append("of a kind that is withheld")
    for axis, value in (("x", told.x), ("y", told.y)):
        if value is not None and (policy.cell <= 0 or (value - policy.cell // 2) % policy.cell):
            found.append(f"{axis} is finer than a cell")
    if any(time % policy.step_ms for time in (told.opened_at, told.closed_at or 0)):
        found.append("a time is finer than a step")
    if told.block and (not policy.addresses or not _BLOCK.fullmatch(told.block)):
        found.append("a house number is told")
    return found


def _middle(value: int, policy: Disclosure) -> int:
    return value // policy.cell * policy.cell + policy.cell // 2


def _step(time: Instant, policy: Disclosure) -> Instant:
    return time // policy.step_ms * policy.step_ms


def _block(text: str) -> str:
    """The hundred block of an address that begins with a house number; other words, such as a corner, only as zones."""
    match = _NUMBER.match(text)
    if match is None:
        return ""
    street = _INSIDE.sub("", text[match.end() :].partition(",")[0]).replace("#", "").strip()
    return f"{int(match[1]) // 100 * 100} block {street}"
