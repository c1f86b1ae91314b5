"""Many seeds: run them on several processes, shrink what fails, say how to see it again."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from time import process_time

import msgspec

from redstick.simulation.world.chain import Problem
from redstick.simulation.world.trials import KERNEL, TRIALS, AnyPlan, Trial

CHUNK = 25  # seeds that a worker takes at a time


class Failed(msgspec.Struct, frozen=True):
    """A seed that broke an invariant, the faults that suffice for it, and the command that shows it again."""

    seed: int
    invariant: str
    detail: str
    replay: str


class Shape(msgspec.Struct):
    """Lines and CPU time of the runs of one shape: on one node, or on three."""

    lines: int = 0
    cpu_s: float = 0.0


class Swept(msgspec.Struct, frozen=True):
    """What some seeds came to. `heads` are those of all runs, in the order of the seeds; `shapes` by nodes."""

    seeds: int
    failed: list[Failed]
    cpu_s: float
    virtual_s: float
    lines: int
    heads: list[str]
    shapes: dict[int, Shape]


def sweep(seeds: Sequence[int], workers: int, trial: str = KERNEL) -> Iterator[Swept]:
    """Run seeds of a trial, a chunk at a time, in the order of the seeds."""
    chunks = [seeds[start : start + CHUNK] for start in range(0, len(seeds), CHUNK)]
    if workers <= 1:
        yield from map(partial(run_seeds, trial=trial), chunks)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(partial(run_seeds, trial=trial), chunks)


def run_seeds(seeds: Sequence[int], trial: str = KERNEL) -> Swept:
    """Run some seeds of a trial here."""
    began, failed, virtual_ms, lines, heads = process_time(), [], 0, 0, []
    shapes = {1: Shape(), 3: Shape()}
    of = TRIALS[trial]
    for seed in seeds:
        plan, started = of.plan_of(seed), process_time()
        result, problems = outcome_of(plan, of)
        if result is not None:
            virtual_ms += result[0]
            lines += result[1]
            heads.append(result[2])
            shapes[plan.nodes].lines += result[1]
            shapes[plan.nodes].cpu_s += process_time() - started
        if problems:
            failed.append(failure(plan, problems, of))
    return Swept(len(seeds), failed, process_time() - began, virtual_ms / 1000, lines, heads, shapes)


def outcome_of(plan: AnyPlan, trial: Trial = TRIALS[KERNEL]) -> tuple[tuple[int, int, str] | None, list[Problem]]:
    """Virtual time, lines and head of a run, and its problems; what the system raised is one of them."""
    try:
        result = trial.run(plan)
    except Exception as error:  # noqa: BLE001  (an exception that leaves a node is a finding, whatever it is)
        return None, [Problem("no_exception_leaves_a_node", f"{type(error).__name__}: {error}")]
    return (result.virtual_ms, result.lines, result.head.hash.hex()), result.problems


def failure(plan: AnyPlan, problems: Sequence[Problem], trial: Trial = TRIALS[KERNEL]) -> Failed:
    """A failure with the fewest faults that still show it."""
    kept, problem = shrunk(plan, problems[0], trial)
    some = "" if len(kept) == len(plan.faults) else f" --faults {','.join(map(str, kept)) or 'none'}"
    return Failed(plan.seed, problem.invariant, problem.detail, f"{trial.command} --seed {plan.seed}{some}")


def shrunk(plan: AnyPlan, problem: Problem, trial: Trial = TRIALS[KERNEL]) -> tuple[list[int], Problem]:
    """Indexes of the faults that suffice to break the same invariant, and how it breaks with them."""
    kept = list(range(len(plan.faults)))
    for index in list(kept):
        fewer = [other for other in kept if other != index]
        _, found = outcome_of(plan.only(fewer), trial)
        same = [other for other in found if other.invariant == problem.invariant]
        if same:
            kept, problem = fewer, same[0]
    return kept, problem
