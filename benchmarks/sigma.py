"""The Sigma engine over recorded attacks: events a second of CPU time, its start from an image, its memory."""

import gzip
import io
import os
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from benchmarks.figure import Figure
from redstick.defense.readers.event import Tally
from redstick.defense.readers.json_events import json_lines
from redstick.defense.sigma.engine import Engine
from redstick.defense.sigma.image import load
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


def run(engine: Engine, recordings: list[bytes], judge: LineJudge) -> tuple[int, int]:
    """Events received and hits; `judge` spares clean lines."""
    tally, hits = Tally(), 0
    for data in recordings:
        for event in json_lines(io.BytesIO(data), tally, judge.is_clean):
            hits += len(engine.match(event.source, event.fields, event.raw))
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
    """The stream once; again with all verdicts remembered; with none ever remembered; and the parser alone.

    The four are measured in turn, so that they meet the same load on the machine. Rules and databases are warm.
    """
    recordings = _recordings()
    with tempfile.TemporaryDirectory() as folder:
        engine = load(_rules(Path(folder))).engine
    forgetful = Engine(engine.rules, engine.databases, memo_characters=0)
    engine.warm()
    judge, other_judge = LineJudge(engine), LineJudge(forgetful)
    events, hits = run(engine, recordings, judge)
    if run(forgetful, recordings, other_judge) != (events, hits):
        raise RuntimeError("verdicts differ with and without a memory of them")
    once_s, again_s, never_s, parse_s = [], [], [], []
    for _ in range(REPEATS):
        engine.forget()
        once_s.append(_cpu_s(lambda: run(engine, recordings, judge)))
        again_s.append(_cpu_s(lambda: run(engine, recordings, judge)))
        never_s.append(_cpu_s(lambda: run(forgetful, recordings, other_judge)))
        parse_s.append(_cpu_s(lambda: _parsed(recordings)))
    wanted = f"events/s wanted; JSON parsing alone {events / min(parse_s):,.0f}/s"
    for name, taken in (("", once_s), ("_again", again_s), ("_unremembered", never_s)):
        value = events / min(taken)
        yield Figure(f"sigma{name}_events_per_cpu_s", value, "events/s", EVENTS_PER_CPU_S, wanted, events)


def _cpu_s(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def sigma_memory() -> Figure:
    """Peak of the whole command, first start included: all rules, all recordings, and lines made to fill memory."""
    with tempfile.TemporaryDirectory() as folder:
        hostile = Path(folder) / "hostile.json"
        hostile.write_bytes(b"\n".join(_hostile_lines()))
        command = [sys.executable, "-c", "from redstick.cli.main import main; main()", "defend", DATA / "otrf", hostile]
        options = ["--rules", DATA / "sigma_rules.tar.gz", "--cache", folder, "--format", "ocsf"]
        process = subprocess.Popen(list(map(str, command + options)), stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"the command ended with {status}")
    return Figure("sigma_memory", used.ru_maxrss / 1024, "MB", MEMORY_MB, "MB allowed, peak of redstick defend", 1)


def _hostile_lines() -> Iterator[bytes]:
    """64 MB in one line; deep, wide and long events of just under the limit of a line."""
    yield b'{"Channel":"Security","EventID":4688,"a":"' + b"x" * 64 * 1024 * 1024 + b'"}'
    yield b'{"a":' * 25 + b'"' + "x\U0001f600".encode() * 1_500_000 + b'"' + b"}" * 25
    yield b'{"a":[' + b",".join(b'{"k%d":1}' % i for i in range(500_000)) + b"]}"
    yield b"{" + b",".join(b'"k%d":{"x":"y"}' % i for i in range(250_000)) + b"}"
    start = b'{"Channel":"Microsoft-Windows-PowerShell/Operational","EventID":4104,"ScriptBlockText":"'
    yield start + b"powershell -enc invoke " * 340_000 + b'"}'


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
    yield sigma_memory()
