"""The first hour's main job: San Francisco's streets and a week of its calls, from two files to an answer."""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("REDSTICK_TEST_DATA", ROOT.parent / "shared" / "data"))
EXAMPLES = ROOT / "examples" / "san_francisco"
WEEK = DATA / "cad" / "san_francisco_fire_2016-12-31_2017-01-07.csv.gz"
LIMIT_S = 60
ROWS = 7704


def redstick(*arguments: object) -> None:
    """Run one command as its user does; raises CalledProcessError."""
    command = [sys.executable, "-c", "from redstick.cli.main import main; main()", *map(str, arguments)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def import_to_report() -> Iterator[Figure]:
    """Import the city, replay the week with full durability, write the replay's page and the report."""
    began, used = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        redstick(
            "city", "import", "--roads", DATA / "roads" / "san_francisco_centerlines.geojson.gz",
            "--columns", EXAMPLES / "roads.toml", "--stations", DATA / "cad" / "san_francisco_stations.csv",
            "--name", "San Francisco", "--time-zone", "America/Los_Angeles", "--out", folder / "city",
        )  # fmt: skip
        redstick(
            "replay", WEEK, "--columns", EXAMPLES / "columns.toml", "--city", folder / "city",
            "--homes", EXAMPLES / "homes.toml", "--data", folder / "data", "--out", folder / "replay.html",
        )  # fmt: skip
        redstick("report", WEEK, "--columns", EXAMPLES / "columns.toml", "--out", folder / "report.html")
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = spent.ru_utime + spent.ru_stime - used.ru_utime - used.ru_stime
    yield Figure("import_to_report", time.monotonic() - began, "s", LIMIT_S, "s allowed", ROWS)
    yield Figure("import_to_report_cpu", cpu_s, "s", LIMIT_S, "s allowed", ROWS)


def measure() -> Iterator[Figure]:
    """The whole job, wall and CPU time, each command a process of its own."""
    yield from import_to_report()
