"""Two versions of a response plan: one goes live unseen and is marked so, the other in its order; the first retires."""

from redstick.dispatch.rules import plans
from redstick.kernel.values import Command

TEXT = """\
redstick_plan = 1
version = "{version}"
time_zone = "UTC"

[[rules]]
id = "fire"
types = ["structure fire"]

[[rules.send]]
id = "engine"
kinds = ["engine"]
count = {count}
"""
ONE, TWO = TEXT.format(version="2023-1", count=1), TEXT.format(version="2023-2", count=2)


def plan_story(now: int) -> list[tuple[Command, int | None]]:
    """(command, how late it is written down), each half a minute after the one before; it begins at `now`."""
    one, two = plans.digest_of(ONE), plans.digest_of(TWO)
    told: list[Command] = [
        plans.DraftPlan(ONE, "D. Planner"),
        plans.RecordPlanCheck("2023-1", one, "Testville", 4, 0, 1, ["too_few_units"]),
        plans.ActivatePlan("2023-1", "D. Planner"),  # refused: nobody has seen it replayed
        plans.ActivatePlanUnseen("2023-1", "S. Chief", "the first plan of the city"),
        plans.DraftPlan(TWO, "D. Planner"),
        plans.RecordPlanCheck("2023-2", two, "Testville", 4, 0, 0),
        plans.RecordPlanReplay("2023-2", two, "r1", now - 3_600_000, now - 1, 40, {"travel_p90_s": 400}),
        plans.ReviewPlanReplay("2023-2", "r1", "S. Chief", approved=True, words="two engines arrive sooner"),
        plans.ActivatePlan("2023-2", "S. Chief", "from the morning watch on"),
        plans.RetirePlan("2023-1", "S. Chief"),
    ]
    return [(command, None) for command in told]
