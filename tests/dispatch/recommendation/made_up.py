"""Questions of a made-up town on a line: ten metres a second, and no bridge beyond x = 5000."""

from redstick.dispatch.plans.requirement import Requirement
from redstick.dispatch.recommendation.question import Candidate, Policy, Question
from redstick.dispatch.recommendation.recommending import recommend

NOON = 1_700_000_000_000
FAR = 5_000
STATIONS = {f"S{x}": (x, 0) for x in range(0, 6_001, 10)}


class Line:
    """Ten units of x a second; beyond the bridge no road leads."""

    version, calibrated = "line", True

    def seconds_to(self, target, origins):
        """Times from each origin."""
        return [(None, "closure") if x > FAR else (abs(x - target[0]) / 10, "reached") for x, _ in origins]


def unit(name, x=0, **more):
    """An engine in quarters at station `S<x>`; `seen_s` puts it on the road there, seen so many seconds ago."""
    facts = {"kind": "ENGINE", "station": f"S{x}"}
    if (age_s := more.pop("seen_s", None)) is not None:
        facts |= {"status": "AR", "at": (x, 0), "seen_at": NOON - age_s * 1000}
    return Candidate(name, **(facts | more))


def ask(roster, *requirements, roads=None, turnout_s=0, policy=None, **more):
    """The answer for the place x = 0 at noon; crews turn out in no time unless said otherwise."""
    needed = requirements or (Requirement("r1", ("ENGINE",)),)
    rules = policy or Policy(turnout_s=turnout_s)
    return recommend(Question((0, 0), NOON, needed, tuple(roster), STATIONS, policy=rules, **more), roads or Line())


def names(answer):
    """Requirement to the units chosen for it, in their order."""
    found = {}
    for verdict in answer.chosen:
        found.setdefault(verdict.requirement, []).append(verdict.unit)
    return found


def refusal(answer, name):
    """The verdict on a unit that is not sent."""
    [found] = [verdict for verdict in answer.refused if verdict.unit == name]
    return found
