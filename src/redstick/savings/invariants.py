"""What always holds in savings, whatever happened: checked by the tests after every command, usable in production."""

from collections.abc import Iterator

from redstick.savings.kinds import Step
from redstick.savings.reads.curve import curve_of
from redstick.savings.reads.standing import accounts_of
from redstick.savings.rules.lines import line_of
from redstick.savings.state import Savings


def broken(state: Savings) -> Iterator[str]:
    """Each invariant that does not hold, in words with the ids it concerns; nothing when all is well."""
    yield from lines_and_statements_agree(state)
    yield from a_disconnect_has_its_steps(state)
    yield from a_line_is_kept_or_moves(state)
    yield from no_month_saves_more_than_there_was(state)


def lines_and_statements_agree(state: Savings) -> Iterator[str]:
    """What a line was billed stands in a statement, and the other way round; each under the id that it makes."""
    said = {(name, one.month, one.account) for one in state.statements.values() for name in one.lines}
    known = {
        (line.id, month, one.account)
        for line in state.lines.values()
        for month, bills in line.bills.items()
        for one in bills
    }
    for name, month, account in sorted(said ^ known):
        yield f"line {name}, {month}, account {account!r}: a statement and the line do not agree"
    for line in state.lines.values():
        if line.id != line_of(line.provider, line.circuit):
            yield f"line {line.id} is not the one of {line.provider} {line.circuit}"


def a_disconnect_has_its_steps(state: Savings) -> Iterator[str]:
    """A line that was disconnected is in a wave that there is, and is not blocked."""
    for line in state.lines.values():
        if line.wave and line.wave not in state.waves:
            yield f"line {line.id} is in the wave {line.wave}, which there is not"
        if Step.DISCONNECTED in line.steps and (not line.wave or line.blocked):
            yield f"line {line.id} was disconnected in no wave, or against {line.blocked!r}"


def a_line_is_kept_or_moves(state: Savings) -> Iterator[str]:
    """Never both; and whoever is in a wave knows the way."""
    for line in state.lines.values():
        if line.kept and line.wave:
            yield f"line {line.id} is kept and in the wave {line.wave}"
        if bool(line.wave) != (line.way is not None):
            yield f"line {line.id} is in the wave {line.wave!r} on the way {line.way}"


def no_month_saves_more_than_there_was(state: Savings) -> Iterator[str]:
    """What is proven, carried, claimed and planned in a month is never more than all lines cost at the baseline."""
    accounts = accounts_of(state)
    found = curve_of(state, accounts)
    whole = sum(account.baseline_cents for account in accounts)
    for one in found.points if found is not None else ():
        if one.shown_cents + one.claimed_cents + one.planned_cents > whole:
            yield f"month {one.month} saves more than {whole} cents"
