"""The failure museum: public failures of dispatch, each as a seeded scenario on the real code, with its mutants.

A case passes on the house as it is; with the cause of the failure put back in (a mutant) it must fail. `visit` runs
one; what must hold is judged from outside, from the journal and from what people and devices really did.
"""

from collections.abc import Mapping

from redstick.simulation.museum import (
    dallas_alerts,
    dallas_attack,
    dallas_storm,
    lascad,
    new_york,
    oakland,
    seven_states,
    slow_seats,
    st_joseph,
    washington,
)
from redstick.simulation.museum.build import Build
from redstick.simulation.museum.case import Case, Mutant, Problem, Result

__all__ = ["CASES", "MUTANTS", "Build", "Case", "Mutant", "Problem", "Result", "visit"]

_SHOWN = (
    lascad.CASE,
    new_york.CASE,
    dallas_alerts.CASE,
    dallas_storm.CASE,
    st_joseph.CASE,
    seven_states.CASE,
    oakland.CASE,
    dallas_attack.CASE,
    washington.CASE,
    slow_seats.CASE,
)  # in the order of the years
CASES: Mapping[str, Case] = {case.name: case for case in _SHOWN}
MUTANTS: Mapping[str, tuple[str, Mutant]] = {
    name: (case.name, mutant) for case in CASES.values() for name, mutant in case.mutants.items()
}


def visit(case: str, seed: int, mutant: str | None = None) -> Result:
    """Run a case, as it is or with a mutant of its own; raises KeyError for a name that is none.

    The same case, seed and mutant give the same result on any machine. What the system raises is a problem.
    """
    shown = CASES[case]
    build = Build() if mutant is None else shown.mutants[mutant].plant(Build())
    try:
        return shown.run(seed, build)
    except Exception as error:  # noqa: BLE001  (an exception that leaves the house is a finding, whatever it is)
        return Result(passed=False, problems=[Problem("nothing_raised", f"{type(error).__name__}: {error}")], facts={})
