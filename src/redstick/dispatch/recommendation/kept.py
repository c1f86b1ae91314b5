"""What an incident remembers of a recommendation: whom it named, at what cost each could have come, what was done."""

from __future__ import annotations

import msgspec

from redstick.kernel.values import Instant


class Offer(msgspec.Struct, frozen=True, omit_defaults=True):
    """A unit that could have filled a place of a requirement: when it would be there, and what that was taken to cost.

    `cost_s` adds to the arrival what the plan and the agency put on top. `chosen` is what was recommended.
    """

    requirement: str
    unit: str
    crew: str
    arrival_s: int
    cost_s: int
    chosen: bool = False


class Overridden(msgspec.Struct, frozen=True):
    """What was sent instead, why, and how many seconds that costs by the recommendation's own reckoning.

    `unranked` are units for which the recommendation knew no cost: it had refused them. `unfilled` are requirements
    that were filled in the recommendation and have fewer units now.
    """

    at: Instant
    units: list[str]
    reason: str
    regret_s: int
    unranked: list[str]
    unfilled: list[str]


class Kept(msgspec.Struct):
    """One recommendation of an incident; the journal holds it whole, under its digest."""

    id: str
    at: Instant
    digest: str
    plan: str
    plan_version: str
    counts: dict[str, int]
    offers: list[Offer]
    overridden: Overridden | None = None

    @property
    def chosen(self) -> list[str]:
        """The units it named."""
        return [offer.unit for offer in self.offers if offer.chosen]
