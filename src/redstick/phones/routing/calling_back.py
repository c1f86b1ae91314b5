"""Calling back whoever left a message: what an extension must dial, by the plan that counts, to reach that number."""

from collections.abc import Iterator

from redstick.kernel.values import Instant
from redstick.phones.ports import StepKind
from redstick.phones.routing.deciding import route
from redstick.phones.routing.trace import Route, Verdict
from redstick.phones.state import Phones

COUNTRY, AREA = 2, 5  # signs of +1 before a number of this country, and of +1 and its area code


def dial_back(state: Phones, caller: str, number: str, now: Instant) -> str:
    """What `caller` dials to reach a number of ours or of the public network; "" where nothing leads there.

    Never 911, and never the caller itself: that would be its box.
    """
    if number == caller:
        return ""
    return next((digits for digits in _forms(state, number) if _leads_to(state, caller, digits, number, now)), "")


def _forms(state: Phones, number: str) -> Iterator[str]:
    """As it is, then behind the outside prefix: without its area code, with it, and whole."""
    yield number
    prefix = state.plan.prefix
    if number.startswith("+1"):
        yield f"{prefix}{number[AREA:]}"
        yield f"{prefix}{number[COUNTRY:]}"
    yield f"{prefix}{number.removeprefix('+')}"


def _leads_to(state: Phones, caller: str, digits: str, number: str, now: Instant) -> bool:
    made: Route = route(state, caller, digits, now)
    if made.verdict is Verdict.OUTSIDE:
        return made.steps[0].kind is StepKind.TRUNK and made.steps[0].number == number
    return made.verdict in (Verdict.INSIDE, Verdict.CALLBACK) and state.direct.get(digits, digits) in state.numbers
