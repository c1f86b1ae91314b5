"""Crime analytics: a density of a million points, near repeat on a month, plates against half a million."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.figure import Figure
from redstick.crimecenter.analytics.events import read_events
from redstick.crimecenter.analytics.hotspots import BANDWIDTH_M, Grid, density
from redstick.crimecenter.analytics.near_repeat import knox
from redstick.crimecenter.plates.evaluation import NoiseModel, made_world
from redstick.crimecenter.plates.matching import HotList

DATA = Path(__file__).parents[2] / "shared" / "data" / "crimecenter" / "near_repeat"
F64 = NDArray[np.float64]
REPEATS = 5


def best_cpu_s(work: Callable[[], object]) -> float:
    """The least CPU time of a few runs: what the work needs when nobody disturbs it."""
    times = []
    for _ in range(REPEATS):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


def clustered_points(n: int = 1_000_000) -> tuple[F64, F64]:
    """Three of five points in 300 clusters, the rest anywhere on 30 x 30 km."""
    generator = np.random.Generator(np.random.PCG64(7))
    clustered = n * 3 // 5
    middles = generator.uniform(2_000, 28_000, (300, 2))[generator.integers(0, 300, clustered)]
    near = middles + generator.normal(0, 400, (clustered, 2))
    points = np.concatenate([near, generator.uniform(0, 30_000, (n - clustered, 2))])
    x_m, y_m = np.clip(points, 0, 29_999.9).T.copy()
    return x_m, y_m


def kde_1m() -> Figure:
    """A million clustered points on 300 x 300 cells."""
    x_m, y_m = clustered_points()
    grid = Grid(0, 0, 100, 300, 300)
    return Figure("kde_1m", best_cpu_s(lambda: density(x_m, y_m, grid)) * 1000, "ms", 200, "ms allowed", len(x_m))


def kde_1m_error() -> Figure:
    """Its largest error against the exact sum at 200 cells away from the edge."""
    x_m, y_m = clustered_points()
    smooth = density(x_m, y_m, Grid(0, 0, 100, 300, 300), BANDWIDTH_M)
    worst = 0.0
    for row, column in np.random.Generator(np.random.PCG64(8)).integers(16, 284, (200, 2)):
        squared = (x_m - (column + 0.5) * 100) ** 2 + (y_m - (row + 0.5) * 100) ** 2
        exact = np.exp(-squared / (2 * BANDWIDTH_M**2)).sum() / (2 * np.pi * BANDWIDTH_M**2) * 1e6
        worst = max(worst, abs(float(smooth[row, column] / exact) - 1))
    return Figure("kde_1m_error", 100 * worst, "%", 2.5, "% allowed", 200)


def knox_970() -> Figure:
    """999 permutations on 970 burglaries; needs the third-party data beside the checkout."""
    events = read_events(DATA / "chicago_burglary_month1.csv")
    cpu_s = best_cpu_s(lambda: knox(events.x_m, events.y_m, events.day, permutations=999))
    return Figure("knox_970", cpu_s, "s", 1, "s allowed", len(events))


def knox_11701() -> Figure:
    """The same on the whole year; its time is published beside that of the month."""
    events = read_events(DATA / "chicago_burglary_2016.csv")
    began = time.process_time()
    knox(events.x_m, events.y_m, events.day, permutations=999)
    return Figure("knox_11701", time.process_time() - began, "s", 60, "s, our own bound", len(events))


def plates_reads_per_s() -> Figure:
    """200,000 noisy reads against 500,000 wanted plates in the default classes."""
    wanted, reads = made_world(NoiseModel(), seed=7)
    hot_list = HotList(wanted)
    cpu_s = best_cpu_s(lambda: [hot_list.match(read.plate, read.state) for read in reads])
    return Figure("plates_reads_per_s", len(reads) / cpu_s, "reads/s", 100_000, "reads/s wanted", len(reads))


def measure() -> Iterator[Figure]:
    """All of them."""
    yield kde_1m()
    yield kde_1m_error()
    yield knox_970()
    yield knox_11701()
    yield plates_reads_per_s()
