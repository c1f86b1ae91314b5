"""What it costs to send others than those that were recommended, by the recommendation's own reckoning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from redstick.dispatch.recommendation.assignment import Option, assign
from redstick.dispatch.recommendation.kept import Kept


class Regret(NamedTuple):
    """`seconds` over the places that both fill; below zero where the agency's order had ruled against the clock.

    `unranked` are units to which the recommendation gave no cost, `unfilled` requirements with fewer units than it had
    found.
    """

    seconds: int
    unranked: list[str]
    unfilled: list[str]


def regret(kept: Kept, units: Sequence[str]) -> Regret:
    """The sent units are given the places that suit them best, then compared place by place, the best first."""
    names, sent = list(kept.counts), set(units)
    offers = [offer for offer in kept.offers if offer.unit in sent]
    placed = assign(
        list(kept.counts.values()),
        [Option((offer.cost_s,), offer.unit, offer.crew, names.index(offer.requirement)) for offer in offers],
    )
    seconds, unfilled = 0, []
    for name, options in zip(names, placed, strict=True):
        found = sorted(offer.cost_s for offer in kept.offers if offer.chosen and offer.requirement == name)
        mine = sorted(option.key[0] for option in options)
        seconds += sum(mine) - sum(found[: len(mine)])
        if len(mine) < len(found):
            unfilled.append(name)
    ranked = {offer.unit for offer in offers}
    return Regret(seconds, [name for name in units if name not in ranked], unfilled)
