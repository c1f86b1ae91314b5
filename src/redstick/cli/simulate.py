"""`redstick simulate`: fault simulation by seeds; a failure prints the one command that replays it."""

import json
import os
from typing import Annotated, Any

import typer

from redstick.cli.errors import Failure, Misuse
from redstick.cli.output import progress

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
    workers: Annotated[int, typer.Option("--workers", help="processes to use", min=1)] = os.cpu_count() or 1,
    json_out: Annotated[bool, typer.Option("--json", help="one JSON document for machines")] = False,
) -> None:
    """Run the kernel through crashes, lost messages, torn writes and stepped clocks; check every promise from outside.

    The same seed gives the same run on any machine. Exit code 0 when every invariant held (and, with --mutants, when
    every mutant was caught), 1 when not.
    """
    if faults is not None and seed is None:
        raise Misuse("--faults goes with --seed")
    if seed is not None:
        _one(seed, faults, json_out=json_out)
    elif mutants:
        _mutants(range(first, first + seeds) if seeds != 200 else range(MUTANT_SEEDS), workers, json_out=json_out)
    else:
        _many(range(first, first + seeds), workers, json_out=json_out)


def _many(seeds: range, workers: int, *, json_out: bool) -> None:
    from redstick.simulation.world.sweep import sweep

    done, failed, cpu_s, virtual_s, lines = 0, [], 0.0, 0.0, 0
    with progress(f"0 of {len(seeds)} seeds", quiet=json_out) as tell:
        for swept in sweep(seeds, workers):
            done += swept.seeds
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
    }
    if json_out:
        typer.echo(json.dumps(told, indent=1))
    else:
        typer.echo(f"{done} seeds, {lines} lines, {told['runs_per_core_s']} runs a core-second, "
                   f"{told['times_real_time']} times real time")  # fmt: skip
        for one in failed:
            typer.echo(f"  {one.invariant}: {one.detail}\n    {one.replay}")
    if failed:
        raise Failure(f"{len(failed)} of {done} seeds broke an invariant; each line above replays one")


def _one(seed: int, faults: str | None, *, json_out: bool) -> None:
    from redstick.simulation.world.plan import plan_of
    from redstick.simulation.world.sweep import outcome_of

    plan = plan_of(seed)
    if faults is not None:
        plan = plan.only(_indexes(faults, len(plan.faults)))
    result, problems = outcome_of(plan)
    befell = [f"{one.at_ms} ms: {one.kind} {one.where} {one.for_ms} ms {one.amount}" for one in plan.faults]
    told = {
        "seed": seed,
        "nodes": plan.nodes,
        "faults": befell,
        "lines": result[1] if result else None,
        "head": result[2] if result else None,
        "problems": [{"invariant": one.invariant, "detail": one.detail} for one in problems],
    }
    if json_out:
        typer.echo(json.dumps(told, indent=1))
    else:
        typer.echo(f"seed {seed}: {plan.nodes} node(s), {told['lines']} lines, head {told['head']}")
        for fault in befell:
            typer.echo(f"  {fault}")
        for one in problems:
            typer.echo(f"  broken: {one.invariant}: {one.detail}")
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


def _mutants(seeds: range, workers: int, *, json_out: bool) -> None:
    from redstick.simulation.world.mutants import MUTANTS, hunt_all

    caught = []
    with progress(f"{len(MUTANTS)} mutants", quiet=json_out) as tell:
        for one in hunt_all(seeds, workers):
            caught.append(one)
            tell(f"{len(caught)} of {len(MUTANTS)} mutants")
            if not json_out:
                words = f"caught by {one.invariant} with seed {one.first_seed}" if one.caught else "NOT CAUGHT"
                typer.echo(f"{one.mutant:<30} {words}   ({one.what})")
    if json_out:
        fields = ("mutant", "caught", "first_seed", "invariant", "what")
        typer.echo(json.dumps([{name: getattr(one, name) for name in fields} for one in caught], indent=1))
    free = [one.mutant for one in caught if not one.caught]
    if free:
        raise Failure(f"no seed of {len(seeds)} caught {', '.join(free)}: a checker is missing")
