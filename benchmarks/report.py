"""How long a report of a year's calls takes: a million unit rows, made from one week by shifting its days.

The week is San Francisco's of 2016-12-31 (third-party data, beside the checkout); without it there is no figure.
The command runs in a process of its own, so that its memory is its own.
"""

import csv
import gzip
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.figure import Figure

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("REDSTICK_TEST_DATA", ROOT.parent / "shared" / "data"))
WEEK = DATA / "cad" / "san_francisco_fire_2016-12-31_2017-01-07.csv.gz"
COLUMNS = ROOT / "examples" / "san_francisco" / "columns.toml"

ROWS = 1_000_000
WALL_S = 60.0
MEMORY_MB = 2000.0
_TIME = re.compile(r"\d\d/\d\d/\d{4} \d\d:\d\d:\d\d [AP]M")
_FORM = "%m/%d/%Y %I:%M:%S %p"


def write_rows(week: Path, target: Path, n_rows: int) -> None:
    """`n_rows` rows: the week again and again, each time eight days later and with call numbers of its own."""
    with gzip.open(week, "rt", encoding="utf-8", newline="") as file:
        head, *rows = list(csv.reader(file))
    times = [i for i, name in enumerate(head) if name.endswith("DtTm")]
    call, incident = head.index("Call Number"), head.index("Incident Number")
    stamps = sorted({row[i] for row in rows for i in times if row[i]})
    read = {text: datetime.strptime(text, _FORM) for text in stamps}  # noqa: DTZ007  (a clock on a wall has no offset)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        for turn in range(-(-n_rows // len(rows))):
            shifted = {text: (at + timedelta(days=8 * turn)).strftime(_FORM) for text, at in read.items()}
            for row in rows[: n_rows - turn * len(rows)]:
                copy = list(row)
                copy[call], copy[incident] = f"{turn}-{row[call]}", f"{turn}-{row[incident]}"
                for i in times:
                    copy[i] = shifted.get(row[i], "")
                writer.writerow(copy)


def report_1m_rows(n_rows: int = ROWS) -> Iterator[Figure]:
    """Wall time, CPU time and peak memory of `redstick report` over `n_rows` rows."""
    if not WEEK.exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        source, page = Path(folder) / "calls.csv", Path(folder) / "report.html"
        write_rows(WEEK, source, n_rows)
        command = [sys.executable, "-c", "from redstick.cli.main import main; main()", "report", str(source)]
        command += ["--columns", str(COLUMNS), "--out", str(page)]
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)  # the usage of this child alone
        wall_s = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode or not page.exists():
            raise RuntimeError(f"redstick report ended with {child.returncode}")
        yield Figure("report_1m_rows", wall_s, "s", WALL_S, "s", n_rows)
        yield Figure("report_1m_rows_cpu", used.ru_utime + used.ru_stime, "s", WALL_S, "s", n_rows)
        yield Figure("report_1m_rows_memory", used.ru_maxrss / 1024, "MB", MEMORY_MB, "MB", n_rows)


def measure() -> Iterator[Figure]:
    """Every figure of this suite."""
    yield from report_1m_rows()


if __name__ == "__main__":
    for figure in measure():
        print(figure.as_json())
