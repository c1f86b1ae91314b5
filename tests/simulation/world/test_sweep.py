"""The simulator: promises hold through every fault, the same seed lives the same life, planted mistakes are caught."""

import json
import os

import pytest

from redstick.cli.main import run
from redstick.simulation.world.hunting import hunt, hunt_all
from redstick.simulation.world.mutants import MUTANTS
from redstick.simulation.world.plan import plan_of
from redstick.simulation.world.sweep import outcome_of, run_seeds, shrunk, sweep

# Seeds that once broke an invariant, each with what it was. They stay.
REGRESSIONS = {
    14: "a node that leads behind a break began at the wrong head",
    108: "a snapshot of an end that the disk lost was begun from",
    127: "damage was found by the last read of all, and nobody went on behind it",
    165: "damage in a closed segment stopped the tail from being read",
    592: "a turned bit in the last batch passed for a tear, since power was lost before the witness was synced",
    830: "the scrubber passed over what lies before a known break",
    8193: "a second bit was turned in what had been salvaged once",
    8199: "what a failed sync had left was relied on behind a break, and power was lost",
    2782: "the first line behind a break was lost to the next break, and the node came up no more",
    9559: "the same, on a disk that lied",
    3242: "a seat stood at a position that the chain skips behind a break",
}
SEEDS, SLOW_SEEDS = 60, 10_000
WITHIN = 500  # seeds within which a mutant must be caught


@pytest.mark.parametrize("seed", range(SEEDS))
def test_every_invariant_holds(seed):
    """Whatever befalls this seed's world, the checkers find nothing."""
    _, problems = outcome_of(plan_of(seed))
    assert problems == []


@pytest.mark.parametrize("seed", REGRESSIONS, ids=REGRESSIONS.get)
def test_what_once_failed_holds(seed):
    """A seed that found a fault is lived through on every change."""
    _, problems = outcome_of(plan_of(seed))
    assert problems == []


@pytest.mark.parametrize("name", MUTANTS)
def test_the_checkers_catch(name):
    """A mistake planted in the running system is found within 500 seeds."""
    assert hunt(name, range(WITHIN)).caught


def test_the_same_seed_gives_the_same_head_in_any_order_of_runs():
    """Heads do not depend on what ran before, or in which process."""
    forwards = run_seeds(range(12)).heads
    backwards = run_seeds(range(11, -1, -1)).heads
    assert forwards == backwards[::-1]
    [elsewhere] = sweep(range(12), workers=2)
    assert elsewhere.heads == forwards
    assert len(set(forwards)) == 12


def test_plans_differ_and_between_them_hold_every_kind_of_fault():
    """One node and three; power, torn writes, failing and lying syncs, bits, full disks, partitions, loss, clocks."""
    plans = [plan_of(seed) for seed in range(300)]
    kinds = {fault.kind for plan in plans for fault in plan.faults}
    own_disk = {"power", "dark", "kill", "sync_fails", "lies", "flip", "full", "slow"}
    shared = {"kill", "slow", "part", "loss", "twice", "pause"}
    assert kinds == own_disk | shared | {"clock", "fragile"}
    assert {plan.nodes for plan in plans} == {1, 3}


def test_a_failure_is_shrunk_to_the_faults_that_suffice():
    """What a mutant breaks with many faults, it breaks with the few that matter, and the command says which."""
    with MUTANTS["forget_the_epoch"][1]():
        seed = next(seed for seed in range(WITHIN) if outcome_of(plan_of(seed))[1])
        plan = plan_of(seed)
        kept, problem = shrunk(plan, outcome_of(plan)[1][0])
        assert len(kept) <= len(plan.faults)
        _, again = outcome_of(plan.only(kept))
    assert problem.invariant in {found.invariant for found in again}


def test_the_command_prints_what_machines_rely_on(capsys):
    """seeds, failed, runs_per_core_s, times_real_time; and one seed in detail, with some of its faults left out."""
    with pytest.raises(SystemExit) as ended:
        run(["simulate", "--seeds", "3", "--workers", "1", "--json"])
    assert ended.value.code == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["seeds"], told["failed"]) == (3, [])
    assert told["runs_per_core_s"] > 0
    assert told["times_real_time"] > 0
    with pytest.raises(SystemExit):
        run(["simulate", "--seed", "3", "--faults", "0", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (told["seed"], len(told["faults"]), told["problems"]) == (3, 1, [])


@pytest.mark.slow
def test_ten_thousand_seeds_hold():
    """No invariant is broken in ten thousand lives."""
    failed = [one for swept in sweep(range(SLOW_SEEDS), os.cpu_count() or 1) for one in swept.failed]
    assert failed == []


@pytest.mark.slow
def test_the_hunt_over_processes_finds_what_the_hunt_here_finds():
    """`redstick simulate --mutants` plants each mutant in a process of its own, with the same results."""
    found = list(hunt_all(range(WITHIN), os.cpu_count() or 1))
    assert [one.mutant for one in found] == list(MUTANTS)
    assert all(one.caught for one in found)
