"""What a case of the museum is: a failure that happened, a scenario on the real code, and what must hold of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import msgspec

from redstick.simulation.museum.build import Build


class Problem(msgspec.Struct, frozen=True):
    """A clause of a pass condition that does not hold, and where."""

    clause: str
    detail: str


class Result(msgspec.Struct, frozen=True):
    """What a visit came to. `facts` are numbers and digests of the run, the same for the same seed on any machine."""

    passed: bool
    problems: list[Problem]
    facts: dict[str, int | str]


def judged(problems: Iterable[Problem], facts: Mapping[str, int | str]) -> Result:
    """The result of a run in which these problems were found."""
    found = list(problems)
    return Result(not found, found, dict(facts))


@dataclass(frozen=True)
class Mutant:
    """The fault's cause put back in: what goes wrong, in words, and the build in which it does."""

    what: str
    plant: Callable[[Build], Build]


@dataclass(frozen=True)
class Case:
    """One public failure. `clauses` are its pass condition: a name for each clause, with what it demands."""

    name: str
    title: str
    happened: str
    scenario: str
    clauses: Mapping[str, str]
    run: Callable[[int, Build], Result]
    mutants: Mapping[str, Mutant]
