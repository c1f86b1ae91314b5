"""A dial plan as data. Rules are tried from the top; the first whose pattern fits counts.

Whatever a plan says, our own numbers and 911 are taken before it (`routing.deciding`). That a plan may not even say
otherwise is the linter's.
"""

from enum import StrEnum

import msgspec

from redstick.phones.numbering import tidy
from redstick.phones.plan.patterns import matches


class Action(StrEnum):
    """What a rule does with what it fits."""

    EMERGENCY = "emergency"  # a call for help
    OUTSIDE = "outside"  # by a trunk
    DENY = "deny"  # nobody may


class DialRule(msgspec.Struct, frozen=True, omit_defaults=True):
    """One rule. `strip` digits are cut from the front and `prepend` is put there before a trunk is given the number.

    `trunks` are tried in this order; `caller_id` is shown instead of the caller's own direct number.
    """

    name: str
    pattern: str
    action: Action
    trunks: tuple[str, ...] = ()
    strip: int = 0
    prepend: str = ""
    caller_id: str = ""


class DialPlan(msgspec.Struct, frozen=True, omit_defaults=True):
    """A whole plan. `prefix` is dialled for an outside line, "" where none is; `main_number` is shown by default.

    `emergency` names the trunks of 911 calls in order; none where the city's own 911 center answers them.
    """

    rules: tuple[DialRule, ...] = ()
    prefix: str = ""
    main_number: str = ""
    emergency: tuple[str, ...] = ()


def first_match(plan: DialPlan, dialled: str) -> DialRule | None:
    """The rule that counts for what was dialled; None where no rule fits."""
    digits = tidy(dialled)
    return next((rule for rule in plan.rules if matches(rule.pattern, digits)), None)


def sent_out(rule: DialRule, digits: str) -> str:
    """The number that a trunk is given."""
    return rule.prepend + digits[rule.strip :]
