"""A process under load: decides commands, makes them durable, and prints the id of each one that it acknowledges.

Run as `python loader.py FOLDER FIRST SEED`: commands are numbered from FIRST on. Prints `open` once it serves.
"""

import sys
from pathlib import Path
from random import Random

from redstick.adapters.disk import PosixDisk
from redstick.adapters.segments import SegmentJournal
from redstick.dispatch import domain
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Executor
from redstick.kernel.values import Request

NOON = 1_700_000_000_000
UNITS, STATUSES = 20, ("AQ", "ASG", "DSP", "ENR", "ONS", "CLR", "AR")


def request(number: int) -> Request:
    """The command of a number: units are enrolled first, then report statuses in turn."""
    if number < UNITS:
        return Request(f"c{number}", EnrollUnit(f"U{number:03d}", "ENGINE"), "loader")
    unit, status = f"U{number % UNITS:03d}", STATUSES[number // UNITS % len(STATUSES)]
    return Request(f"c{number}", ReportStatus(unit, status), "loader")


def main() -> None:
    """Serve until somebody ends the process."""
    folder, number, random = Path(sys.argv[1]), int(sys.argv[2]), Random(sys.argv[3])
    journal = SegmentJournal(PosixDisk(folder), segment_bytes=30_000, allocate_bytes=16_384)
    driver = SynchronousDriver(Executor([domain]), journal)
    sys.stdout.write("open\n")
    sys.stdout.flush()
    while True:
        count = random.randrange(1, 40)
        outcomes = driver.run([request(number + i) for i in range(count)], NOON + number)
        sys.stdout.writelines(f"{outcome.request}\n" for outcome in outcomes)
        sys.stdout.flush()
        number += count
        for _ in range(random.randrange(4)):
            journal.tend()


main()
