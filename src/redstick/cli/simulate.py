"""`redstick simulate`: fault simulation by seeds; a failure prints the one command that replays it."""

import json
import os
from typing import TYPE_CHECKING, Annotated, Any

import typer

from redstick.cli.errors import Failure, Misuse
from redstick.cli.output import progress

if TYPE_CHECKING:
    from redstick.simulation.world.sweep import Shape

KERNEL, CITY = "kernel", "city"
MUTANT_SEEDS = 500  # within which every mutant must be caught


def command(
    seeds: Annotated[int, typer.Option("--seeds", help="how many seeds, from --first on", min=1)] = 200,
    first: Annotated[int, typer.Option("--first", help="the first seed", min=0)] = 0,
    seed: Annotated[int | None, typer.Option("--seed", help="one seed, told in detail", min=0)] = None,
    faults: Annotated[
        str | None, typer.Option("--faults", help="with --seed: keep these faults only, as 0,3,5, or none")
    ] = None,
    mutants: Annotated[
        bool, typer.Option("--mutants", help="plant known faults in the system and see them caught")
    ] = False,
    city: Annotated[
        bool, typer.Option("--city", help="the living city instead of the kernel's proving ground")
    ] = False,
    museum: Annotated[
        bool, typer.Option("--museum", help="public failures of dispatch as scenarios, and their causes as mutants")
    ] = False,
    workers: Annotated[int, typer.Option("--workers", help="processes to use", min=1)] = os.cpu_count() or 1,
    json_out: Annotated[bool, typer.Option("--json", help="one JSON document for machines")] = False,
) -> None:
    """Run the kernel, or a city, through crashes, lost messages and stepped clocks; check every promise from outside.

    With --city the machines carry a night of the living city, which has faults of its own: lying receivers, lost and
    late statuses, deaf devices, seats that go away, storms of calls. The same seed gives the same run on any machine.
    Exit code 0 when every invariant held (and, with --mutants, when every mutant was caught), 1 when not.
    """
    if faults is not None and seed is None:
        raise Misuse("--faults goes with --seed")
    if museum and (city or seed is not None or mutants):
        raise Misuse("--museum goes by itself: it has cases and mutants of its own")
    trial = CITY if city else KERNEL
    if museum:
        _museum(first, json_out=json_out)
    elif seed is not None:
        _one(seed, faults, trial, json_out=json_out)
    elif mutants:
        within = range(first, first + seeds) if seeds != 200 else range(MUTANT_SEEDS)
        _mutants(within, workers, trial, json_out=json_out)
    else:
        _many(range(first, first + seeds), workers, trial, json_out=json_out)


def _many(seeds: range, workers: int, trial: str, *, json_out: bool) -> None:
    from redstick.simulation.world.sweep import Shape, sweep

    done, failed, cpu_s, virtual_s, lines = 0, [], 0.0, 0.0, 0
    shapes = {1: Shape(), 3: Shape()}
    with progress(f"0 of {len(seeds)} seeds", quiet=json_out) as tell:
        for swept in sweep(seeds, workers, trial):
            done += swept.seeds
            for nodes, shape in swept.shapes.items():
                shapes[nodes].lines += shape.lines
                shapes[nodes].cpu_s += shape.cpu_s
            failed += swept.failed
            cpu_s, virtual_s, lines = cpu_s + swept.cpu_s, virtual_s + swept.virtual_s, lines + swept.lines
            tell(f"{done} of {len(seeds)} seeds, {len(failed)} failed")
    told: dict[str, Any] = {
        "seeds": done,
        "failed": [
            {"seed": one.seed, "invariant": one.invariant, "replay": one.replay, "detail": one.detail} for one in failed
        ],
        "runs_per_core_s": round(done / cpu_s, 2),
        "times_real_time": round(virtual_s / cpu_s, 1),
        "lines": lines,
        "events_per_core_s": round(lines / cpu_s),
        "events_per_core_s_on_one_node": _rate(shapes[1]),
        "events_per_core_s_on_three": _rate(shapes[3]),
    }
    if json_out:
        typer.echo(json.dumps(told, indent=1))
    else:
        typer.echo(f"{done} seeds, {lines} lines, {told['runs_per_core_s']} runs a core-second, "
                   f"{told['times_real_time']} times real time, "
                   f"{told['events_per_core_s']} events a core-second")  # fmt: skip
        for one in failed:
            typer.echo(f"  {one.invariant}: {one.detail}\n    {one.replay}")
    if failed:
        raise Failure(f"{len(failed)} of {done} seeds broke an invariant; each line above replays one")


def _rate(shape: "Shape") -> int | None:
    return round(shape.lines / shape.cpu_s) if shape.cpu_s else None


def _one(seed: int, faults: str | None, trial: str, *, json_out: bool) -> None:
    from redstick.simulation.world.sweep import failure, outcome_of
    from redstick.simulation.world.trials import TRIALS

    of = TRIALS[trial]
    plan = of.plan_of(seed)
    if faults is not None:
        plan = plan.only(_indexes(faults, len(plan.faults)))
    result, problems = outcome_of(plan, of)
    befell = [f"{one.at_ms} ms: {one.kind} {one.where} {one.for_ms} ms {one.amount}" for one in plan.faults]
    told = {
        "seed": seed,
        "nodes": plan.nodes,
        "faults": befell,
        "lines": result[1] if result else None,
        "head": result[2] if result else None,
        "problems": [{"invariant": one.invariant, "detail": one.detail} for one in problems],
        "suffices": failure(plan, problems, of).replay if problems and faults is None else None,
    }
    if json_out:
        typer.echo(json.dumps(told, indent=1))
    else:
        typer.echo(f"seed {seed}: {plan.nodes} node(s), {told['lines']} lines, head {told['head']}")
        for fault in befell:
            typer.echo(f"  {fault}")
        for one in problems:
            typer.echo(f"  broken: {one.invariant}: {one.detail}")
        if told["suffices"]:
            typer.echo(f"  as few faults as show it: {told['suffices']}")
    if problems:
        raise Failure(f"seed {seed} broke {len(problems)} invariants")


def _indexes(text: str, count: int) -> list[int]:
    if text == "none":
        return []
    try:
        found = [int(part) for part in text.split(",")]
    except ValueError:
        raise Misuse(f"--faults takes numbers as 0,3,5, or none; not {text!r}") from None
    if any(not 0 <= index < count for index in found):
        raise Misuse(f"this seed has {count} faults, numbered from 0")
    return found


def _mutants(seeds: range, workers: int, trial: str, *, json_out: bool) -> None:
    from redstick.simulation.world.hunting import MUTANTS, hunt_all

    planted = MUTANTS[trial]
    caught = []
    with progress(f"{len(planted)} mutants", quiet=json_out) as tell:
        for one in hunt_all(seeds, workers, trial):
            caught.append(one)
            tell(f"{len(caught)} of {len(planted)} mutants")
            if not json_out:
                words = f"caught by {one.invariant} with seed {one.first_seed}" if one.caught else "NOT CAUGHT"
                typer.echo(f"{one.mutant:<30} {words}   ({one.what})")
    if json_out:
        fields = ("mutant", "caught", "first_seed", "invariant", "what")
        typer.echo(json.dumps([{name: getattr(one, name) for name in fields} for one in caught], indent=1))
    free = [one.mutant for one in caught if not one.caught]
    if free:
        raise Failure(f"no seed of {len(seeds)} caught {', '.join(free)}: a checker is missing")


def _museum(seed: int, *, json_out: bool) -> None:
    """Every case as it is must pass; with a cause put back in it must fail."""
    from redstick.simulation.museum import CASES, MUTANTS, visit

    visits: list[tuple[str, str | None]] = [(name, None) for name in CASES]
    visits += [(case, mutant) for mutant, (case, _) in MUTANTS.items()]
    rows: list[dict[str, Any]] = []
    for case, mutant in visits:
        result = visit(case, seed, mutant)
        problems = [{"clause": one.clause, "detail": one.detail} for one in result.problems]
        right = result.passed is (mutant is None)
        rows.append({"case": case, "mutant": mutant, "passed": result.passed, "right": right, "problems": problems})
    if json_out:
        typer.echo(json.dumps(rows, indent=1))
    else:
        for row in rows:
            broken = f"  ({row['problems'][0]['clause']})" if row["problems"] else ""
            typer.echo(f"{row['case']:<24} {row['mutant'] or 'as it is':<36} "
                       f"{'passes' if row['passed'] else 'fails'}{broken}")  # fmt: skip
    wrong = [f"{row['case']} {row['mutant'] or ''}".strip() for row in rows if not row["right"]]
    if wrong:
        raise Failure(f"not as it should be: {', '.join(wrong)}")
