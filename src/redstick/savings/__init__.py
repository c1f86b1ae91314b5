"""Savings: the legacy lines that a city pays for, how they are moved, and what bills prove to have been saved.

A domain of its own, so that a fault in it suspends accounts and no call. A claim is a question to the inventory: money
counts as saved where a later bill lacks the line, and as nothing else but planned or claimed before.
"""

from redstick.kernel.domain import Domain
from redstick.savings.rules import bills, costs, cutovers, lines, waves
from redstick.savings.state import Savings

RULES = (bills, lines, waves, cutovers, costs)

domain = Domain(
    name="savings",
    state=Savings,
    deciders={command: decide for rules in RULES for command, decide in rules.DECIDERS.items()},
    appliers={event: apply for rules in RULES for event, apply in rules.APPLIERS.items()},
)
