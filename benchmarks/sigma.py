"""The Sigma engine over recorded attacks: events a second of CPU time, and how fast it starts from its image."""

import gzip
import io
import resource
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from benchmarks.figure import Figure
from redstick.defense.readers.event import Tally
from redstick.defense.readers.json_events import json_lines
from redstick.defense.sigma.image import Compiled, load
from redstick.defense.sigma.rawlines import LineJudge

DATA = Path(__file__).parents[2] / "shared" / "data" / "security"
REPEATS = 7
EVENTS_PER_CPU_S = 60_000
WARM_START_S = 2.0
MEMORY_MB = 600


def _rules(folder: Path) -> Path:
    """The Windows and Linux rules of the corpus, unpacked."""
    with tarfile.open(DATA / "sigma_rules.tar.gz") as archive:
        archive.extractall(folder, filter="data")
    kept = folder / "both"
    kept.mkdir()
    for product in ("windows", "linux"):
        (folder / "rules" / product).rename(kept / product)
    return kept


def _recordings() -> list[bytes]:
    """Every recording of security/otrf, unpacked."""
    return [gzip.decompress(path.read_bytes()) for path in sorted((DATA / "otrf").glob("*.json.gz"))]


def run(compiled: Compiled, recordings: list[bytes], judge: LineJudge | None) -> tuple[int, int]:
    """Events received and hits; `judge` spares clean lines."""
    tally, hits = Tally(), 0
    for data in recordings:
        for event in json_lines(io.BytesIO(data), tally, None if judge is None else judge.is_clean):
            hits += len(compiled.engine.match(event.source, event.fields, event.raw))
    return tally.received, hits


def _parsed(recordings: list[bytes]) -> None:
    """The floor: every line decoded by the same decoder, and nothing else."""
    decode = msgspec.json.Decoder().decode
    for data in recordings:
        for line in io.BytesIO(data):
            decode(line)


def sigma_events_per_cpu_s() -> Figure:
    """Best of the runs over all recordings, with no verdict remembered from another run."""
    return next(throughput())


def throughput() -> Iterator[Figure]:
    """No verdict remembered at the start; then with all verdicts kept, as for a repeated stream; then the parser alone.

    The three are measured in turn, so that they meet the same load on the machine. Rules and databases are warm.
    """
    recordings = _recordings()
    with tempfile.TemporaryDirectory() as folder:
        compiled = load(_rules(Path(folder)))
    compiled.engine.warm()
    judge = LineJudge(compiled.engine)
    events, _ = run(compiled, recordings, judge)
    fresh_s, kept_s, parse_s = [], [], []
    for _ in range(REPEATS):
        compiled.engine.forget()
        fresh_s.append(_cpu_s(lambda: run(compiled, recordings, judge)))
        kept_s.append(_cpu_s(lambda: run(compiled, recordings, judge)))
        parse_s.append(_cpu_s(lambda: _parsed(recordings)))
    floor = events / min(parse_s)
    wanted = f"events/s wanted; JSON parsing alone {floor:,.0f}/s"
    yield Figure("sigma_events_per_cpu_s", events / min(fresh_s), "events/s", EVENTS_PER_CPU_S, wanted, events)
    yield Figure("sigma_repeated_events_per_cpu_s", events / min(kept_s), "events/s", EVENTS_PER_CPU_S, wanted, events)
    yield Figure("sigma_memory", _peak_mb(), "MB", MEMORY_MB, "MB allowed, with the recordings in memory", events)


def _cpu_s(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def sigma_warm_start() -> Figure:
    """From the call to the first verdict's readiness, with an image of the same rules on disk: CPU time."""
    with tempfile.TemporaryDirectory() as folder:
        rules = _rules(Path(folder))
        cache = Path(folder) / "cache"
        count = len(load(rules, cache).rules.rules)

        def start() -> None:
            load(rules, cache).engine.warm()

        times = [_cpu_s(start) for _ in range(REPEATS)]
    return Figure("sigma_warm_start", min(times), "s", WARM_START_S, "s allowed", count)


def measure() -> Iterator[Figure]:
    """All of them."""
    yield from throughput()
    yield sigma_warm_start()
