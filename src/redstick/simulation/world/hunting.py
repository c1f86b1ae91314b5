"""Hunting mutants: plant a fault in the running system, run seeds until a checker catches it, each on its own."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager
from functools import partial
from multiprocessing import get_context
from typing import Any

import msgspec

from redstick.simulation import museum
from redstick.simulation.world import mutants
from redstick.simulation.world.city import mutants as city_mutants
from redstick.simulation.world.sweep import outcome_of
from redstick.simulation.world.trials import CITY, KERNEL, TRIALS

VISITS = 20  # seeds with which a case is visited before its mutant counts as free
Planting = Callable[[], AbstractContextManager[Any]]
MUTANTS: Mapping[str, Mapping[str, tuple[str, Planting]]] = {KERNEL: mutants.MUTANTS, CITY: city_mutants.MUTANTS}


class Caught(msgspec.Struct, frozen=True):
    """Whether the checkers caught a mutant, with which seed first, and by which invariant."""

    mutant: str
    what: str
    caught: bool
    first_seed: int | None
    invariant: str


def hunt(name: str, seeds: Iterable[int], trial: str = KERNEL) -> Caught:
    """Plant a mutant of a trial and run seeds until one fails."""
    what, planting = MUTANTS[trial][name]
    of = TRIALS[trial]
    with planting():
        for seed in seeds:
            _, problems = outcome_of(of.plan_of(seed), of)
            if problems:
                return Caught(name, what, caught=True, first_seed=seed, invariant=problems[0].invariant)
    return Caught(name, what, caught=False, first_seed=None, invariant="")


def hunt_all(seeds: Sequence[int], workers: int, trial: str = KERNEL) -> Iterator[Caught]:
    """Hunt every mutant of a trial, each in a process where nothing else is planted; the museum's with the city's."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        yield from pool.map(partial(_hunt_in, seeds, trial), MUTANTS[trial])
        if trial == CITY:
            yield from pool.map(hunt_in_museum, museum.MUTANTS)


def hunt_in_museum(name: str) -> Caught:
    """Put the cause of a public failure back in and visit its case until it fails."""
    case, mutant = museum.MUTANTS[name]
    shown = f"{case}/{name}"
    for seed in range(VISITS):
        found = museum.visit(case, seed, name)
        if not found.passed:
            return Caught(shown, mutant.what, caught=True, first_seed=seed, invariant=found.problems[0].clause)
    return Caught(shown, mutant.what, caught=False, first_seed=None, invariant="")


def _hunt_in(seeds: Sequence[int], trial: str, name: str) -> Caught:
    return hunt(name, seeds, trial)
