"""The Sigma engine over recorded attacks: events a second of CPU time, and how fast it starts from its image."""

import gzip
import io
import tarfile
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from benchmarks.figure import Figure
from redstick.defense.readers.event import Tally
from redstick.defense.readers.json_events import json_lines
from redstick.defense.sigma.image import Compiled, load
from redstick.defense.sigma.rawlines import LineJudge

DATA = Path(__file__).parents[2] / "shared" / "data" / "security"
REPEATS = 5
EVENTS_PER_CPU_S = 60_000
WARM_START_S = 2.0


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
    """Best of five runs over all recordings; memory of verdicts kept from run to run, as in a stream that goes on."""
    return next(throughput())


def throughput() -> Iterator[Figure]:
    """Warm; then on a fresh engine, where no verdict is remembered; then the parser alone."""
    recordings = _recordings()
    with tempfile.TemporaryDirectory() as folder:
        rules = _rules(Path(folder))
        first_s = []
        for _ in range(REPEATS):
            compiled = load(rules, Path(folder) / "cache")
            compiled.engine.warm()
            judge = LineJudge(compiled.engine)
            began = time.process_time()
            events, _ = run(compiled, recordings, judge)
            first_s.append(time.process_time() - began)
        again_s = []
        for _ in range(REPEATS):
            began = time.process_time()
            run(compiled, recordings, judge)
            again_s.append(time.process_time() - began)
    parse_s = []
    for _ in range(REPEATS):
        began = time.process_time()
        _parsed(recordings)
        parse_s.append(time.process_time() - began)
    floor = events / min(parse_s)
    wanted = f"events/s wanted; JSON parsing alone {floor:,.0f}/s"
    yield Figure("sigma_events_per_cpu_s", events / min(again_s), "events/s", EVENTS_PER_CPU_S, wanted, events)
    yield Figure("sigma_first_pass_per_cpu_s", events / min(first_s), "events/s", EVENTS_PER_CPU_S, wanted, events)
    yield Figure("sigma_parse_floor_per_cpu_s", floor, "events/s", floor, "itself: parsing alone", events)


def sigma_warm_start() -> Figure:
    """From the call to the first verdict's readiness, with an image of the same rules on disk: CPU time."""
    with tempfile.TemporaryDirectory() as folder:
        rules = _rules(Path(folder))
        cache = Path(folder) / "cache"
        count = len(load(rules, cache).rules.rules)
        times = []
        for _ in range(REPEATS):
            began = time.process_time()
            load(rules, cache).engine.warm()
            times.append(time.process_time() - began)
    return Figure("sigma_warm_start", min(times), "s", WARM_START_S, "s allowed", count)


def measure() -> Iterator[Figure]:
    """All of them."""
    yield from throughput()
    yield sigma_warm_start()
