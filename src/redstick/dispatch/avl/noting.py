"""Which verdicts are news: what a watcher of the tracks reports to the journal, and nothing else.

Fresh and ageing come and go with every gap in the radio's cover, so they are one to the journal; a recommendation tells
them apart by the age that it sees. A doubt is reported when it begins, when it becomes another, and when it is over.
"""

from collections.abc import Mapping, Sequence

import msgspec

from redstick.dispatch.avl.quality import Fix, Quality, assess
from redstick.dispatch.avl.swaps import swapped
from redstick.dispatch.place import Extent
from redstick.dispatch.status_table import Status

SOUND = frozenset({Quality.FRESH, Quality.AGEING})


class Noted(msgspec.Struct, frozen=True):
    """A unit's positions are of another quality now; `other` has its track, where two were exchanged."""

    unit: str
    quality: Quality
    other: str = ""


def news(
    tracks: Mapping[str, Sequence[Fix]],
    statuses: Mapping[str, Status],
    known: Mapping[str, str],
    now: int,
    interval_ms: int,
    extent: Extent | None = None,
) -> list[Noted]:
    """Units of `statuses` whose verdict differs from the `known` one ("" for none yet), by unit.

    A swap stands over whatever else is said of the two until their reports no longer show it.
    """
    swaps = swapped(tracks, now)
    found: list[Noted] = []
    for unit, status in sorted(statuses.items()):
        fixes = tracks.get(unit, ())
        if not fixes and not known.get(unit):
            continue
        quality = Quality.SWAP if unit in swaps else assess(fixes, status, now, interval_ms, extent).quality
        quality = Quality.FRESH if quality in SOUND else quality
        if quality != (known.get(unit) or Quality.FRESH):
            found.append(Noted(unit, quality, swaps.get(unit, "")))
    return found
