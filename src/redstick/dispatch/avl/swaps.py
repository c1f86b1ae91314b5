"""Two units that have exchanged their tracks: each of them leaps to where the other was.

Seen when devices are put into the wrong vehicle, or a gateway mixes up addresses. One leap alone is a jump; two that
fit each other are a swap. It is looked for among the units that have leapt, so a fleet costs as much as its leaps do.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise

from redstick.dispatch.avl.ground import distance_m
from redstick.dispatch.avl.quality import GPS_M, Fix, undrivable

LOOK_BACK_MS = 300_000
DRIVES_M_PER_S = 40.0  # how far a unit may have driven between its last report and the first of the other's device


def swapped(tracks: Mapping[str, Sequence[Fix]], now: int) -> dict[str, str]:
    """Units that exchanged tracks of late, each with the other; `tracks` are their reports, in order of coming in."""
    leaps = {name: leap for name, fixes in sorted(tracks.items()) if (leap := _leap(fixes, now)) is not None}
    found: dict[str, str] = {}
    for one, other in combinations(leaps, 2):
        if one not in found and other not in found and _fit(leaps[one], leaps[other]):
            found[one], found[other] = other, one
    return found


def _leap(fixes: Sequence[Fix], now: int) -> tuple[Fix, Fix] | None:
    """The last report before, and the first after, the newest impossible drive in the time looked back."""
    recent = [fix for fix in fixes if now - LOOK_BACK_MS <= fix.received_at <= now]
    found = [pair for pair in pairwise(recent) if undrivable(*pair)]
    return found[-1] if found else None


def _fit(one: tuple[Fix, Fix], other: tuple[Fix, Fix]) -> bool:
    """Each went on where the other had been."""
    return _goes_on(one[0], other[1]) and _goes_on(other[0], one[1])


def _goes_on(before: Fix, after: Fix) -> bool:
    lasted_s = abs(after.received_at - before.received_at) / 1000
    return distance_m(before.x, before.y, after.x, after.y) <= 2 * GPS_M + lasted_s * DRIVES_M_PER_S
