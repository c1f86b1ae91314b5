"""The museum as a page: what happened, what is played, what must hold, and what came of it; docs/museum.md is this.

`python -m redstick.simulation.museum.page > docs/museum.md` writes it anew; a test holds the two against each other.
"""

import sys
from collections.abc import Iterator

from redstick.simulation.museum import CASES, MUTANTS, Case, visit

SEED, WITHIN = 1, 6  # the seed whose result the page shows; seeds within which each mutant must be caught
INTRODUCTION = """# The failure museum

Dispatch systems have failed in public. Each of these failures is a scenario here, on the code that a city runs: the
live rules with their timers and reactions, the journal on a disk that loses power, the recommendation, the geocoder,
the boards, the cards for work on paper. Only the world around it is made up, from a seed: the same seed gives the same
journal, byte for byte. What must hold is judged from outside, from the journal's lines and from what devices, callers
and seats truly did, never by asking the rules whether they did right.

A scenario that cannot fail shows nothing. So each case has *mutants*: builds with a cause of such a failure put back
in. The case must fail on every one of them.

```
redstick simulate --museum      # all cases, and their mutants
```

What is said of a failure is what public reports say of it; where their causes are disputed, none is stated here. Where
a scenario names a number (a target, a margin, a share), it is ours unless a standard is named beside it.
"""


def page() -> str:
    """The whole page, ending in a line break."""
    return f"{cases_part()}\n{mutants_part()}"


def cases_part() -> str:
    """Every case with the result of one seed."""
    return "\n".join([INTRODUCTION, *(section for case in CASES.values() for section in _section(case))])


def mutants_part() -> str:
    """Every mutant, by which seed it is caught and by which clause."""
    rows = ["| case | the cause put back in | mutant | caught by seed | by the clause |", "|---|---|---|---|---|"]
    return "\n".join(["## Mutants", "", *rows, *map(_row, MUTANTS), ""])


def _section(case: Case) -> Iterator[str]:
    result = visit(case.name, SEED)
    yield f"## {case.title}\n"
    yield f"**What happened.** {case.happened}\n"
    yield f"**The scenario** (`{case.name}`). {case.scenario}\n"
    yield "| it passes if | |\n|---|---|"
    yield from (f"| `{clause}` | {words} |" for clause, words in case.clauses.items())
    facts = ", ".join(f"{name.replace('_', ' ')} {_short(value)}" for name, value in result.facts.items())
    verdict = "passes" if result.passed else f"fails: {result.problems[0].detail}"
    yield f"\n**Seed {SEED}** {verdict}: {facts}.\n"


def _short(value: int | str) -> str:
    return f"{value:,}" if isinstance(value, int) else f"`{value[:12]}`" if len(value) > 12 else value


def _row(name: str) -> str:
    case, mutant = MUTANTS[name]
    seed, clause = caught(name)
    return f"| `{case}` | {mutant.what} | `{name}` | {seed or 'not caught'} | {clause} |"


def caught(name: str) -> tuple[int, str]:
    """The first seed by which a mutant is caught, and the first clause; 0 where none of them catches it."""
    case, _ = MUTANTS[name]
    for seed in range(1, WITHIN + 1):
        result = visit(case, seed, name)
        if not result.passed:
            return seed, min(problem.clause for problem in result.problems)
    return 0, ""


if __name__ == "__main__":
    sys.stdout.write(page())
