"""How well bad positions are told from good ones: seeded faults planted into tracks, recall and precision of each.

A fleet drives; in each round some of its devices lie in one way each and the others are well. A verdict counts for
whom it was given and for what it says.
"""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from benchmarks.figure import Figure
from redstick.dispatch.avl.quality import Quality, assess
from redstick.dispatch.avl.swaps import swapped
from redstick.dispatch.status_table import Status
from redstick.simulation import lying_devices as devices

ROUNDS, FLEET, REPORTS = 200, 40, 40
SEED = 11
NOW = devices.NOON + REPORTS * devices.INTERVAL_MS
RECALL, PRECISION = 0.95, 0.95  # at least
FAULTS = {
    Quality.FROZEN: devices.frozen,
    Quality.JUMP: devices.jumped,
    Quality.SKEW: devices.skewed,
    Quality.IMPOSSIBLE: devices.misplaced,
    Quality.STALE: devices.silent,
}


def measure() -> Iterator[Figure]:
    """Recall and precision of each fault; healthy units that were called something else."""
    dice = np.random.default_rng(SEED)
    planted: Counter[Quality] = Counter()
    told: Counter[Quality] = Counter()
    right: Counter[Quality] = Counter()
    for _ in range(ROUNDS):
        truth, found = _round(dice)
        planted.update(truth.values())
        told.update(found.values())
        right.update(quality for unit, quality in found.items() if truth[unit] is quality)
    for quality in (*FAULTS, Quality.SWAP):
        recall, precision = right[quality] / planted[quality], right[quality] / max(1, told[quality])
        yield Figure(f"{quality}_recall", recall, "of planted", RECALL, "at least", planted[quality])
        yield Figure(f"{quality}_precision", precision, "of told", PRECISION, "at least", told[quality])
    wronged = 1 - right[Quality.FRESH] / planted[Quality.FRESH]
    yield Figure("healthy_called_bad", wronged, "of healthy", 0.01, "at most", planted[Quality.FRESH])


def _round(dice: np.random.Generator) -> tuple[dict[str, Quality], dict[str, Quality]]:
    """What is planted in each unit of a fleet, and what is told of it."""
    fleet = {f"U{i:02}": devices.healthy(dice, REPORTS) for i in range(FLEET)}
    truth = dict.fromkeys(fleet, Quality.FRESH)
    names = list(dice.permutation(list(fleet)))
    for quality, fault in FAULTS.items():
        for _ in range(2):
            name = names.pop()
            fleet[name], truth[name] = fault(dice, fleet[name]), quality
    one, other = names.pop(), names.pop()
    fleet[one], fleet[other] = devices.swapped(dice, fleet[one], fleet[other])
    truth[one] = truth[other] = Quality.SWAP
    found = {
        name: assess(fixes, Status.ENR, NOW, devices.INTERVAL_MS, devices.CITY).quality for name, fixes in fleet.items()
    }
    return truth, found | dict.fromkeys(swapped(fleet, NOW), Quality.SWAP)
