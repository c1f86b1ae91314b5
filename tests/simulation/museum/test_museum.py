"""The failure museum: each public failure is survived, and is not once its cause is put back in."""

from pathlib import Path

import pytest

from redstick.simulation.museum import CASES, MUTANTS, visit
from redstick.simulation.museum.page import SEED, cases_part, caught, mutants_part

PAGE = Path(__file__).parents[3] / "docs" / "museum.md"
FIRST = [next(iter(case.mutants)) for case in CASES.values()]  # one of each case; all of them are slow


@pytest.mark.parametrize("case", CASES)
def test_a_public_failure_is_survived(case):
    """Every clause of its pass condition holds, with another seed than the page's."""
    assert visit(case, SEED + 1).problems == []


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_a_public_failure_is_survived_for_many_seeds(case):
    """Fifty of them."""
    assert {seed: found for seed in range(50) if (found := visit(case, seed).problems)} == {}


@pytest.mark.parametrize("name", FIRST)
def test_with_its_cause_put_back_in_it_is_not(name):
    """Within a few seeds."""
    assert caught(name)[0]


@pytest.mark.slow
@pytest.mark.parametrize("name", MUTANTS)
def test_every_mutant_is_caught(name):
    """Within a few seeds, each of them."""
    assert caught(name)[0]


@pytest.mark.parametrize("case", ["dallas_alerts", "washington"])
def test_a_visit_comes_to_the_same_each_time(case):
    """The same facts, down to the hash of the journal's last line, with other visits in between."""
    first = visit(case, 4)
    visit(case, 5)
    assert visit(case, 4) == first
    assert visit(case, 5).facts != first.facts


def test_what_the_code_raises_is_a_finding():
    """A mutant on which nothing even comes up is caught by that."""
    [problem] = visit("oakland", 1, "restart_reads_nothing").problems
    assert problem.clause == "nothing_raised"


def test_names_are_of_one_case_each():
    """No two cases share the name of a mutant, and every case has at least three."""
    assert len(MUTANTS) == sum(len(case.mutants) for case in CASES.values())
    assert min(len(case.mutants) for case in CASES.values()) >= 3


def test_the_page_says_what_the_visits_give():
    """docs/museum.md is what the cases come to now."""
    assert PAGE.read_text("utf-8").startswith(cases_part())


@pytest.mark.slow
def test_the_page_says_by_which_seed_each_mutant_is_caught():
    """And what its mutants come to."""
    assert PAGE.read_text("utf-8").endswith(mutants_part())
    assert f"Seed {SEED}" in PAGE.read_text("utf-8")
