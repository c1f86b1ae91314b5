"""Edmonton's ambulances under plans of posts: late fractions beside each other, and how fast weeks are lived.

Third-party data (JEMSS.jl's model of Edmonton, beside the checkout); without it there are no figures.
"""

import time
from collections.abc import Iterator

from benchmarks.coverage import EDMONTON
from benchmarks.figure import Figure
from redstick.simulation.ems import compare, policy_named
from redstick.simulation.ems.measuring import busy_under
from redstick.simulation.ems.opening import open_study
from redstick.simulation.ems.policies import area_of
from redstick.simulation.ems.report.content import PUBLISHED_GAIN

NAMES = ("static", "even", "mexclp", "dmexclp")
REPLICATIONS, SEED = 30, 7


def measure() -> Iterator[Figure]:
    """Late fractions against the deployment as published; the gain of moving against the published gain elsewhere."""
    if not EDMONTON.exists():
        return
    began = time.process_time()
    study = open_study(EDMONTON)
    yield Figure("opening", time.process_time() - began, "s CPU", 60.0, "a minute", len(study.ground.cells))
    ground, setting = study.ground, study.setting
    busy = busy_under(ground, setting, study.deployed, SEED)
    area = area_of(ground, setting, busy)
    policies = [policy_named(name, ground, area, study.deployed) for name in NAMES]
    began = time.process_time()
    comparison = compare(ground, setting, policies, REPLICATIONS, SEED, busy)
    lasted = time.process_time() - began
    first = comparison.measured[0]
    for one in comparison.measured:
        yield Figure(f"late_{one.policy}", one.late.mean, "of calls", first.late.mean, "as deployed", one.n_calls)
        half = (one.late.high - one.late.low) / 2
        yield Figure(f"late_{one.policy}_half_width", half, "of calls", first.late.mean, "as deployed", REPLICATIONS)
    gain = comparison.relative_gain(comparison.measured[-1])
    elsewhere = "published for another city (2015), not claimed here"
    yield Figure("dmexclp_saves", gain.mean, "of late calls", PUBLISHED_GAIN, elsewhere, REPLICATIONS)
    yield Figure("dmexclp_saves_at_least", gain.low, "of late calls", 0.0, "no gain", REPLICATIONS)
    lived_s = REPLICATIONS * len(NAMES) * (setting.days + setting.warm_up_days) * 86_400
    yield Figure("living", lived_s / lasted, "times real time", 5000.0, "times real time", REPLICATIONS * len(NAMES))
