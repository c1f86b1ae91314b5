"""The live state of savings: the fold of its events."""

import msgspec

from redstick.savings.months import Month
from redstick.savings.rules.bills import Statement
from redstick.savings.rules.costs import Cost
from redstick.savings.rules.lines import Line
from redstick.savings.rules.waves import Wave


class Savings(msgspec.Struct):
    """Lines, the statements that they stand on, waves and costs, each by id; `baseline` is "" until it is set."""

    lines: dict[str, Line] = msgspec.field(default_factory=dict)
    statements: dict[str, Statement] = msgspec.field(default_factory=dict)
    waves: dict[str, Wave] = msgspec.field(default_factory=dict)
    costs: dict[str, Cost] = msgspec.field(default_factory=dict)
    baseline: Month = ""
