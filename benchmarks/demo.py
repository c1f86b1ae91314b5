"""What the demo costs: from the command to the first answer, its memory, its share of a core while one seat looks on.

Beside it a process that only imports the libraries it stands on, measured in the same run.
"""

import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from urllib.request import urlopen

import psutil
from websockets.sync.client import connect

from benchmarks.figure import Figure

ROUNDS = 3
WATCHED_S = 15.0
LIBRARIES = "import litestar, uvicorn, scipy.sparse.csgraph, scipy.spatial, shapely, pyproj, pyroutingkit, sqlalchemy"
BARE = [sys.executable, "-c", f"{LIBRARIES}; print(1, flush=True); input()"]
DEMO = [sys.executable, "-c", "from redstick.cli.main import main; main()", "demo", "--port", "0", "--json"]


def measure() -> Iterator[Figure]:
    """demo_start and demo_start_cpu (s), demo_memory (MB), demo_cpu (share of one core)."""
    bare = min((_bare() for _ in range(ROUNDS)), key=lambda process: process[1])
    demos = [_demo() for _ in range(ROUNDS)]
    yield Figure("demo_start", min(demo[0] for demo in demos), "s", 10.0, "s, promised", ROUNDS)
    yield Figure("demo_start_cpu", min(demo[1] for demo in demos), "s", bare[1], "s to import its libraries", ROUNDS)
    yield Figure("demo_memory", max(demo[2] for demo in demos), "MB", bare[2], "MB with its libraries alone", ROUNDS)
    yield Figure("demo_cpu", max(demo[3] for demo in demos), "cores", 1.0, "core", ROUNDS)


def _bare() -> tuple[float, float, float]:
    """Wall time, CPU and memory of the libraries alone: seconds, seconds, MB."""
    began = time.perf_counter()
    with subprocess.Popen(BARE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        _line(process)
        wall_s, cpu_s, memory_mb = time.perf_counter() - began, _cpu_s(process), _memory_mb(process)
        process.communicate("\n")
    return wall_s, cpu_s, memory_mb


def _demo() -> tuple[float, float, float, float]:
    """Seconds to the first answer, CPU until then, memory in MB, and cores while one seat takes every frame."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        command = [*DEMO, "--data", folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            url = json.loads(_line(process))["url"]
            with urlopen(f"{url}/api/map/city") as answer:  # noqa: S310  (our own server on loopback)
                answer.read()
            wall_s, start_cpu_s = time.perf_counter() - began, _cpu_s(process)
            share = _share_while_watched(process, url)
            memory_mb = _memory_mb(process)
            process.send_signal(signal.SIGINT)
            process.communicate()
    return wall_s, start_cpu_s, memory_mb, share


def _share_while_watched(process: "subprocess.Popen[str]", url: str) -> float:
    with connect(f"{url.replace('http', 'ws')}/stream") as seat:
        seat.recv()
        began, before = time.perf_counter(), _cpu_s(process)
        while time.perf_counter() - began < WATCHED_S:
            seat.recv()
        return (_cpu_s(process) - before) / (time.perf_counter() - began)


def _line(process: "subprocess.Popen[str]") -> str:
    if process.stdout is None:
        raise RuntimeError("the process was begun without a pipe for what it says")
    return process.stdout.readline()


def _cpu_s(process: "subprocess.Popen[str]") -> float:
    times = psutil.Process(process.pid).cpu_times()
    return float(times.user + times.system)


def _memory_mb(process: "subprocess.Popen[str]") -> float:
    return float(psutil.Process(process.pid).memory_info().rss) / 1e6
