"""What reading a line costs at each key, on a busy floor: CPU of the grammar, the dry run and the digest together."""

from benchmarks.figure import Figure, cpu_us
from redstick.adapters.memory import MemoryJournal
from redstick.dispatch import live
from redstick.dispatch.bar.grammar import read
from redstick.dispatch.bar.reading import Answers, Asked
from redstick.dispatch.place import Place
from redstick.dispatch.rules.assignments import AssignUnits
from redstick.dispatch.rules.incidents import OpenIncident
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.dispatch.state import Dispatch
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Executor
from redstick.kernel.values import Command, Request

UNITS, INCIDENTS = 300, 400
NOON = 1_700_000_000_000
LIMIT_US = 5_000  # at each key, debounced, without what the city computes
LINES = (
    "d #4212 m4 e2", "m4 on scene", "#4212 n caller says door is locked", "#4212 p1", "merge #4212 #4214",
    "i 1600 s 5th st, cardiac arrest, p1, n two cars", "i cardiac arest 1600 s 5th st", "ts p12 i-10 mm 155 abc123 la",
    "#12", "f main", "x", "mv m7 station 3 three medics are out", "d #4212 m400",
)  # fmt: skip


def floor() -> Dispatch:
    """A city's worth of units and incidents, half of the units at work."""
    driver = SynchronousDriver(Executor([live]), MemoryJournal())
    asked: list[Command] = []
    for count in range(UNITS):
        name = f"{'MEP'[count % 3]}{count // 3 + 1}"
        asked += [EnrollUnit(name, "MEDIC", "ems", f"Station {count % 40}"), ReportStatus(name, "AQ")]
    for count in range(INCIDENTS):
        place = Place(f"{count} MAIN ST", -912_000_000 + count * 900, 304_000_000)
        asked.append(OpenIncident(f"inc{count}", str(4_100 + count), "Fall", "ems", 3, place))
        if count % 3 == 0 and count // 3 < UNITS // 6:
            asked.append(AssignUnits(f"inc{count}", [f"E{count // 3 + 20}"]))
    driver.run([Request(f"c{number}", command, "bench") for number, command in enumerate(asked)], NOON)
    state: Dispatch = driver.executor.committed["dispatch"]
    return state


def measure() -> list[Figure]:
    """The dearest of the lines that dispatchers type, and their mean."""
    state, asked = floor(), Asked("bench", "dispatch:1", NOON + 60_000)
    costs = {line: cpu_us(lambda line=line: read(line, state, asked, Answers({}, {}, {})), 40) for line in LINES}
    dearest = max(costs, key=lambda line: costs[line])
    name = "us CPU, what a key may cost"
    return [
        Figure("bar_read", costs[dearest], f"us CPU, the dearest line: {dearest}", LIMIT_US, name, UNITS + INCIDENTS),
        Figure("bar_read_mean", sum(costs.values()) / len(costs), "us CPU", LIMIT_US, name, len(LINES)),
    ]


if __name__ == "__main__":
    for figure in measure():
        print(figure.as_json())
