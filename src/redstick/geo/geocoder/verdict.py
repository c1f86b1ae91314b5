"""From hits to an answer. Unique is given for one place without a doubt, and for nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from redstick.geo.geocoder.hits import LEFT_OUT, Hit, same_place
from redstick.geo.geocoder.index import Index
from redstick.geo.geocoder.mileposts import distance_m
from redstick.geo.geocoder.result import (
    DOUBTS,
    Ambiguous,
    Candidate,
    Conflict,
    NotFound,
    Partial,
    Reason,
    Result,
    Unique,
)

MAX_CANDIDATES = 20


@dataclass(frozen=True, slots=True)
class Caller:
    """An independent position of the caller, in 1e-7 degrees, and its uncertainty where it is known."""

    x: int
    y: int
    uncertainty_m: float | None


def judge(index: Index, text: str, hits: Sequence[Hit], failed: Sequence[Reason], caller: Caller | None) -> Result:
    """The answer for these hits. `failed` are reasons that hold for the text as a whole.

    Contenders are the hits that fit the text: exact ones, and ones that have what it left out. One place among them,
    exact, is Unique; several are Ambiguous; otherwise the best there is is Partial.
    """
    ordered = sorted(hits, key=lambda hit: (hit.cost, _away_m(hit, caller), hit.label, hit.x, hit.y, hit.source))
    places = _places(ordered)
    if not places:
        return NotFound(text=text, reasons=tuple(dict.fromkeys(failed)) or (Reason.STREET_UNKNOWN,))
    contenders = [place for place in places if not place.doubts - LEFT_OUT]
    candidates = tuple(_candidate(index, place, caller) for place in places[:MAX_CANDIDATES])
    agrees = caller is None or caller.uncertainty_m is None
    agrees = agrees or not contenders or any(_inside(place, caller) for place in contenders)
    if contenders and not agrees:
        return Conflict(text=text, candidates=candidates, reasons=(Reason.POSITION_DISAGREES,))
    if failed:
        reasons = (*failed, *places[0].reasons)
        return Partial(text=text, candidates=candidates, reasons=_only_doubts(reasons))
    if len(contenders) == 1 and not contenders[0].doubts:
        return Unique(text=text, candidates=(_candidate(index, contenders[0], caller),), reasons=contenders[0].reasons)
    if len(contenders) > 1:
        doubts = [reason for place in contenders for reason in place.reasons]
        return Ambiguous(text=text, candidates=candidates, reasons=_only_doubts((Reason.SEVERAL_PLACES, *doubts)))
    return Partial(text=text, candidates=candidates, reasons=_only_doubts(places[0].reasons))


def _only_doubts(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reason for reason in reasons if reason in DOUBTS))


def _places(ordered: Sequence[Hit]) -> list[Hit]:
    """One hit for each place: the best of those that stand for it, which come first."""
    places: list[Hit] = []
    for hit in ordered:
        if not any(same_place(hit, other) for other in places):
            places.append(hit)
    return places


def _away_m(hit: Hit, caller: Caller | None) -> float:
    return 0.0 if caller is None else distance_m(hit.at, (caller.x, caller.y))


def _inside(hit: Hit, caller: Caller | None) -> bool | None:
    """Whether any of the place may lie within the caller's uncertainty; None where none is known."""
    if caller is None or caller.uncertainty_m is None:
        return None
    return _away_m(hit, caller) <= caller.uncertainty_m + hit.extent_m


def _candidate(index: Index, hit: Hit, caller: Caller | None) -> Candidate:
    area = hit.area_text or " | ".join(index.areas[i] for i in hit.areas)
    return Candidate(
        x=hit.x, y=hit.y, label=hit.label, method=hit.method, quality=hit.quality, reasons=hit.reasons,
        number=hit.number, unit=hit.unit, area=area, postcode=" | ".join(index.postcodes[i] for i in hit.postcodes),
        side=hit.side, extent_m=hit.extent_m, source=hit.source,
        distance_m=None if caller is None else _away_m(hit, caller), inside=_inside(hit, caller),
    )  # fmt: skip
