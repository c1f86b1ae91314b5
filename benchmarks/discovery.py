"""Error discovery on a made-up month with planted address errors: how many are found, and how many looks that costs.

No reference names a level; the peer is a reviewer who looks at as many incidents picked blindly.
"""

from collections.abc import Iterator

from benchmarks.figure import Figure, cpu_us
from redstick.dispatch.discovery.evidence import gather
from redstick.dispatch.discovery.suspects import suspicions
from redstick.simulation.misplaced import ENDS, Misplacing

SEED, INCIDENTS, DAYS = 2019, 4500, 30


def measure() -> Iterator[Figure]:
    """Recall over all errors, over each way that one comes to light, precision, and the work that they make."""
    month = Misplacing(SEED).live(INCIDENTS)
    cases = gather(month.facts)
    found = suspicions(cases)
    suspects = {one.incident for one in found}
    hits = suspects & set(month.wrong)
    recall, precision = 100 * len(hits) / len(month.wrong), 100 * len(hits) / len(suspects)
    blind, base = 100 * len(suspects) / month.incidents, 100 * len(month.wrong) / month.incidents
    yield Figure("errors_found", recall, "% of errors", blind, "% by as many blind looks", len(month.wrong))
    yield Figure("suspects_right", precision, "% of suspects", base, "% of blind looks", len(suspects))
    yield Figure("suspects_a_day", len(suspects) / DAYS, "suspects", INCIDENTS / DAYS, "incidents a day", DAYS)
    for how in ENDS:
        planted = [name for name, one in month.wrong.items() if one == how]
        share = 100 * len(suspects & set(planted)) / len(planted)
        yield Figure(f"found_{how}", share, "% of those errors", 100, "% at best", len(planted))
    spent_s = cpu_us(lambda: suspicions(gather(month.facts)), 1) / 1e6
    yield Figure("discovery_of_a_month", spent_s, "s CPU", 10, "s wanted", month.incidents)
