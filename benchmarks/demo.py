"""What the demo costs: from the command to the first answer, its memory, its share of a core while one seat looks on.

The whole parish at real speed and 1,200 calls a day, with every process that it has. Memory is the proportional set
size: what processes share is counted once. Beside the time of the start stand the CPU of the process that serves, which
is what is waited for and which a busy machine stretches less, and that of all processes. Figures are medians.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple

import httpx
import psutil
from websockets.sync.client import connect

from benchmarks.figure import Figure

ROUNDS = 3
WATCHED_S = 30.0
READY_S = 120.0  # for what computes beside the server
REDSTICK = [str(Path(sys.executable).with_name("redstick"))]
VIEWS = "view=dispatch.view.units&view=dispatch.view.incidents&view=city.view.positions"


class Round(NamedTuple):
    """One demo from its start to its end."""

    start_s: float
    serving_cpu_s: float  # of the process that serves, until its first answer
    whole_cpu_s: float  # of all processes, until then
    memory_mb: float
    core_share: float  # percent of one core while a seat takes every frame


def measure() -> Iterator[Figure]:
    """demo_start_s, demo_start_cpu_s, demo_start_cpu_whole_s, demo_memory_mb, demo_core_share (percent of one core)."""
    subprocess.run([*REDSTICK, "demo", "--prepare"], check=True)  # part of the set-up
    rounds = [_demo() for _ in range(ROUNDS)]
    middle = Round(*(median(column) for column in zip(*rounds, strict=True)))
    load = f"s at load {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores"
    yield Figure("demo_start_s", middle.start_s, load, 10.0, "s, promised", ROUNDS)
    yield Figure("demo_start_cpu_s", middle.serving_cpu_s, load, 6.0, "s, of what is waited for", ROUNDS)
    yield Figure("demo_start_cpu_whole_s", middle.whole_cpu_s, load, 10.0, "s, of all processes", ROUNDS)
    yield Figure("demo_memory_mb", middle.memory_mb, "MB", 600.0, "MB, promised", ROUNDS)
    yield Figure("demo_core_share", middle.core_share, "%", 60.0, "% of one core, promised", ROUNDS)


def _demo() -> Round:
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        command = [*REDSTICK, "demo", "--port", "0", "--json", "--data", folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            url = json.loads(_line(process))["url"]
            with httpx.Client(base_url=url, timeout=60) as visitor:
                visitor.get("/api/demo").raise_for_status()
                start_s, whole_cpu_s = time.perf_counter() - began, _cpu_s(_tree(process))
                serving_cpu_s = _cpu_s([psutil.Process(process.pid)])
                visitor.post("/api/demo/seat", json={"seat": "dispatch:2"}).raise_for_status()
                _await_ready(visitor)
                share = _share_while_watched(process, visitor)
                memory_mb = _memory_mb(process)
            process.terminate()
            process.communicate()
    return Round(start_s, serving_cpu_s, whole_cpu_s, memory_mb, share)


def _await_ready(visitor: httpx.Client) -> None:
    """Until the processes beside the server have read the city: only then is their memory what it will be."""
    end = time.perf_counter() + READY_S
    while time.perf_counter() < end:
        asked = visitor.get("/api/dispatch/city").json()["whole"]
        if asked and visitor.get("/api/map/style-sources").status_code == 200:
            return
        time.sleep(0.5)
    raise RuntimeError("what computes beside the server never came up")


def _share_while_watched(process: "subprocess.Popen[str]", visitor: httpx.Client) -> float:
    cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    url = f"{visitor.base_url}/api/seat?{VIEWS}".replace("http", "ws", 1)
    with connect(url, additional_headers={"cookie": cookie}) as seat:
        seat.recv()
        began, before = time.perf_counter(), _cpu_s(_tree(process))
        while time.perf_counter() - began < WATCHED_S:
            seat.recv()
        return 100 * (_cpu_s(_tree(process)) - before) / (time.perf_counter() - began)


def _line(process: "subprocess.Popen[str]") -> str:
    if process.stdout is None:
        raise RuntimeError("the process was begun without a pipe for what it says")
    return process.stdout.readline()


def _tree(process: "subprocess.Popen[str]") -> list[psutil.Process]:
    root = psutil.Process(process.pid)
    return [root, *root.children(recursive=True)]


def _cpu_s(processes: list[psutil.Process]) -> float:
    return sum(float(one.cpu_times().user + one.cpu_times().system) for one in processes)


def _memory_mb(process: "subprocess.Popen[str]") -> float:
    return sum(float(one.memory_full_info().pss) for one in _tree(process)) / 1e6
