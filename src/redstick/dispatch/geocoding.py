"""From a geocoder's answer to a place: what may be taken without a person, and what stays in doubt."""

from redstick.dispatch.place import Place
from redstick.geo.geocoder.result import Candidate, Reason, Result, Unique

# With one of these the text names no place that the geofile holds, whichever candidate a person takes.
NOT_IN_GEOFILE = frozenset(
    {
        Reason.NUMBER_OUTSIDE, Reason.NUMBER_PARITY, Reason.NUMBER_MISSING, Reason.NO_RANGES, Reason.STREET_UNKNOWN,
        Reason.STREETS_DO_NOT_MEET, Reason.PLACE_UNKNOWN, Reason.MILEPOST_UNKNOWN, Reason.OUTSIDE_CITY,
    }
)  # fmt: skip


def geocoded(text: str, result: Result, source: str, choice: Candidate | None = None) -> Place:
    """The place that a geocoder's answer gives to what was entered.

    A position is taken from a `Unique` answer, or from the candidate that a person has chosen; of anything else the
    text stays, without a position, and the answer's kind and doubts with it. Similar names are never taken silently.
    """
    taken = choice if choice is not None else (result.candidates[0] if isinstance(result, Unique) else None)
    doubts = tuple(dict.fromkeys(str(reason) for reason in (*result.reasons, *(taken.doubts if taken else ()))))
    if taken is None:
        return Place(text, source=source, answer=result.kind, doubts=doubts)
    return Place(
        text,
        taken.x,
        taken.y,
        taken.area,
        str(taken.quality),
        source,
        round(taken.extent_m) or None,
        in_geofile=NOT_IN_GEOFILE.isdisjoint(taken.reasons),
        answer=result.kind,
        doubts=() if isinstance(result, Unique) else doubts,
    )
