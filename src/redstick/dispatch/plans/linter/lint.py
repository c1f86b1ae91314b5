"""The whole linter: what the text alone shows, then what city and roster show where they are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from redstick.dispatch.plans.faults import Finding, Severity
from redstick.dispatch.plans.linter.coverage import unanswered
from redstick.dispatch.plans.linter.means import means
from redstick.dispatch.plans.linter.names import foreign_names
from redstick.dispatch.plans.linter.shadows import unreachable
from redstick.dispatch.plans.linter.substitutes import cycles
from redstick.dispatch.plans.linter.ties import ties
from redstick.dispatch.plans.model import ResponsePlan
from redstick.dispatch.plans.roster import RosterUnit


class Ground(msgspec.Struct, frozen=True):
    """What is known of the city beside the plan; None where nobody said, which is no finding.

    `zones` are names by layer. `closed` are stations that stand but send nobody.
    """

    zones: Mapping[str, tuple[str, ...]] | None = None
    stations: tuple[str, ...] | None = None
    closed: tuple[str, ...] = ()
    roster: tuple[RosterUnit, ...] | None = None


def lint(plan: ResponsePlan, lines: Mapping[str, int], ground: Ground | None = None) -> list[Finding]:
    """Every finding, the weightiest first, then in the order of the text; `lines` says where each rule stands."""
    known = ground or Ground()
    found = [*_of_text(plan, lines), *foreign_names(plan, lines, known.zones, known.stations, known.closed)]
    found += unanswered(plan, known.zones)
    if known.roster is not None:
        found += means(plan, lines, known.roster, known.stations, known.closed)
    return sorted(found, key=lambda one: (one.severity, one.line, one.code, one.place, one.found))


def _of_text(plan: ResponsePlan, lines: Mapping[str, int]) -> Iterator[Finding]:
    yield from ties(plan, lines)
    yield from unreachable(plan, lines)
    yield from cycles(plan, lines)
    for rule in plan.rules:
        if not rule.send:
            place, line = f"rule {rule.id!r}", lines.get(rule.id, 0)
            yield Finding("sends_nothing", Severity.WARNING, place, "it sends nobody", "see that this is meant", line)
