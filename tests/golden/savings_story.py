"""Two bills, a line that is disconnected between them, and everything else that may be said of lines."""

from redstick.kernel.values import Command
from redstick.savings.kinds import LineKind, Step, Way
from redstick.savings.rules.bills import Asked, Charge, TakeBills
from redstick.savings.rules.costs import CostKind, DropCost, SetCost
from redstick.savings.rules.cutovers import BlockLine, ConfirmDemand, TakeStep, UndoStep
from redstick.savings.rules.lines import Amounts, DescribeLine, KeepLine, SetBaseline
from redstick.savings.rules.waves import PlanWave, ScheduleLines, UnscheduleLine

ONE, TWO = "lakeshore:2255550101", "lakeshore:2255550102"
MARCH = Asked("Lakeshore", "7", "2026-03", (
    Charge("2255550101", Amounts(4_000, 400), 2, "elevator", "City Hall", "Car 1", "2027-01-31", 35_000),
    Charge("2255550102", Amounts(4_000, 400, -50, 900), 3),
), Amounts(taxes=1_240))  # fmt: skip
APRIL = Asked("Lakeshore", "7", "2026-04", (Charge("2255550102", Amounts(4_100, 410, released=-100), 2),))


def savings_story() -> list[Command]:
    """From the first bill to the one that proves a saving."""
    return [
        TakeBills("a" * 64, "march.csv", (MARCH,)),
        SetBaseline("2026-03"),
        DescribeLine("Lakeshore", "2255550101", LineKind.FAX, "City Hall", "Clerk", "Clerk", "2026-12-31", 20_000),
        KeepLine(TWO, "a ring-down"),
        PlanWave("w1", "First", "Facilities", "2026-03-01", "2026-03-31", "City Hall"),
        ScheduleLines("w1", (ONE, TWO), Way.MIGRATE),
        UnscheduleLine(TWO),
        ConfirmDemand(ONE, "pages_both_ways", "sheet 14"),
        ConfirmDemand(ONE, "recipients_told", "letter of 2026-03-02"),
        BlockLine(ONE, "no power"),
        BlockLine(ONE, ""),
        TakeStep(ONE, Step.PORTED, "2026-03-09"),
        UndoStep(ONE, Step.PORTED, "the wrong pair"),
        *(TakeStep(ONE, step, "2026-03-10") for step in (Step.PORTED, Step.TESTED, Step.LOCATION_TESTED)),
        TakeStep(ONE, Step.NOTIFICATION_TESTED, "2026-03-10", "one room", waived=True),
        TakeStep(ONE, Step.DISCONNECTED, "2026-03-20"),
        SetCost("c1", "Licences", CostKind.LICENCE, "2026-03", 900, 1_200, "2027-02"),
        SetCost("c2", "A slip", CostKind.ONCE, "2026-03"),
        DropCost("c2"),
        TakeBills("b" * 64, "april.csv", (APRIL,)),
    ]
