"""How long an index of 36,000 places takes: 120 questions in 12 groups, each answer rated by 5 of 60 judges.

The ratings are made from a seed. Reading files is not part of these figures: they measure the engine on arrays. Each
measurement runs in a process of its own, so that its memory is its own.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.figure import Figure
from redstick.survey.index.model import Group, Impute, IndexModel, Indicator, Normalise, Treat, Uncertainty
from redstick.survey.index.plan import Data, Plan, compile_plan, score
from redstick.survey.index.ratings import make_ratings
from redstick.survey.index.uncertainty import bands

ROOT = Path(__file__).parents[1]
PLACES, QUESTIONS, GROUPS, JUDGES, EACH = 36_000, 120, 12, 60, 5
DRAWS = 1_000
SCORE_S, UNCERTAINTY_S, MEMORY_MB = 2.0, 30.0, 1_000.0


def made_up(places: int = PLACES) -> tuple[Plan, Data]:
    """An edition with ratings 0 to 4; two of a hundred ratings are missing."""
    model = IndexModel(
        name="benchmark",
        indicator=tuple(Indicator(f"q{q:03}", f"g{q % GROUPS:02}", judged="ordinal") for q in range(QUESTIONS)),
        group=(*[Group(f"g{g:02}", "index") for g in range(GROUPS)], Group("index")),
        impute=Impute("mean"),
        treat=Treat("winsorise"),
        normalise=Normalise("min-max", low=1.0, high=100.0),
        uncertainty=Uncertainty(weights=0.25, judge_panels=16, aggregate=("geometric",)),
    )
    plan = compile_plan(model)
    rng = np.random.default_rng(2026)
    first = rng.integers(0, JUDGES - EACH, size=places, dtype=np.int32)
    level = rng.normal(2.0, 0.7, size=places)
    given = rng.random(places * QUESTIONS * EACH, dtype=np.float32) >= 0.02
    value = np.repeat(level, QUESTIONS * EACH)
    value += rng.standard_normal(len(value), dtype=np.float32)
    np.clip(np.rint(value, out=value), 0, 4, out=value)
    value = value[given]
    judge = np.repeat(first, QUESTIONS * EACH)
    judge += np.tile(np.arange(EACH, dtype=np.int32), places * QUESTIONS)
    judge = judge[given]
    cells = np.repeat(np.arange(places * QUESTIONS, dtype=np.int32), EACH)[given]
    judges = tuple(f"judge {number:02}" for number in range(JUDGES))
    ratings = make_ratings(places, np.arange(QUESTIONS), judges, cells, judge, value)
    del cells, given
    ids = tuple(f"place {number:05}" for number in range(places))
    return plan, Data(ids, ids, np.full((places, QUESTIONS), np.nan), ratings=ratings)


def _timed(what: str) -> dict[str, float]:
    """Wall and CPU seconds of one piece of work in this process, and its peak memory so far."""
    plan, data = made_up()
    wall, cpu = time.perf_counter(), time.process_time()
    if what == "score":
        done = bool(score(plan, data).ranks.min() == 1)
    else:
        done = bands(plan, data, DRAWS, 7)[1].shape == (DRAWS, PLACES)
    if not done:
        raise RuntimeError(f"{what} did not rank every place")
    return {
        "wall_s": time.perf_counter() - wall,
        "cpu_s": time.process_time() - cpu,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _apart(what: str) -> dict[str, float]:
    """`_timed` in a process of its own."""
    code = f"import json; from benchmarks.index import _timed; print(json.dumps(_timed({what!r})))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def _figures(what: str, name: str, limit_s: float, n: int) -> list[Figure]:
    """CPU time of all threads, which others on the machine cannot stretch; wall time and peak memory beside it."""
    found = _apart(what)
    return [
        Figure(name, found["cpu_s"], "s", limit_s, "s allowed", n),
        Figure(f"{name}_wall", found["wall_s"], "s", limit_s, "s allowed", n),
        Figure(f"{name}_memory", found["memory_mb"], "MB", MEMORY_MB, "MB allowed", n),
    ]


def index_36000_places() -> list[Figure]:
    """From ratings to ranks: 36,000 places x 120 questions x 5 judges."""
    return _figures("score", "index_36000_places", SCORE_S, PLACES)


def uncertainty_1000() -> list[Figure]:
    """1,000 draws over weights, judges' panels and aggregation at that size."""
    return _figures("bands", "uncertainty_1000", UNCERTAINTY_S, DRAWS)


def measure() -> Iterator[Figure]:
    """Both, with CPU time, wall time and peak memory each."""
    yield from index_36000_places()
    yield from uncertainty_1000()


if __name__ == "__main__":
    for figure in measure():
        print(figure.as_json())
