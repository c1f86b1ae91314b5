"""The answer to a question of who should go: every unit of the roster once, and what stays unfilled."""

from __future__ import annotations

import msgspec

from redstick.dispatch.recommendation.kept import Offer
from redstick.dispatch.recommendation.reasons import Unfilled, Verdict


class Drive(msgspec.Struct, frozen=True, omit_defaults=True):
    """A unit's whole seconds on the road to the place, or None and why no road leads there."""

    unit: str
    travel_s: int | None
    road: str = ""


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """`chosen` in plan order, the quickest of a requirement first; `refused` by how close they came, then by id.

    `roads` names the state of the roads; without `calibrated` the times are free-flow guesses, with `straight` there
    were no roads at all. `drives` and `offers` are what was compared.
    """

    chosen: tuple[Verdict, ...]
    refused: tuple[Verdict, ...]
    unfilled: tuple[Unfilled, ...]
    roads: str
    calibrated: bool = False
    straight: bool = False
    drives: tuple[Drive, ...] = ()
    offers: tuple[Offer, ...] = ()
