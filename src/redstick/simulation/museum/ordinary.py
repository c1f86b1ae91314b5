"""An ordinary day at a centre: calls come, units go, statuses are told. What is going on when something befalls it.

Whoever works here knows what they do without asking the system; while it is dark they go on by radio, and what they
did is told afterwards with its true time.
"""

from collections.abc import Callable
from random import Random

from redstick.dispatch.place import Place
from redstick.dispatch.rules.assignments import AssignUnits, ReleaseUnit
from redstick.dispatch.rules.calls import AnswerCall, EndCall, ReceiveCall
from redstick.dispatch.rules.incidents import AddNote, CloseIncident, OpenIncident
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.kernel.values import Command
from redstick.simulation.museum.centre import Centre

STREETS = ("Oak St", "Elm Ave", "Bayou Rd", "Levee Blvd", "Pecan Dr", "Third St")


class Ordinary:
    """Calls every `every_s` seconds or so until it is `stopped`; `on_paper` takes those that come in the dark."""

    def __init__(
        self, centre: Centre, random: Random, units: int = 12, every_s: float = 150.0,
        on_paper: Callable[[str, Place], None] | None = None,
    ) -> None:  # fmt: skip
        self.centre, self.random = centre, random
        self.units = [f"E{number}" for number in range(units)]
        self.free, self.stopped = list(self.units), False
        self.every_s, self._on_paper, self._count = every_s, on_paper, 0
        for unit in self.units:
            centre.all_of([EnrollUnit(unit, "ENGINE", "fire", "S1"), ReportStatus(unit, "AQ")])
        centre.after(10, self._call)

    def place(self) -> Place:
        """Somewhere in town."""
        return Place(f"{self.random.randrange(1, 9_999)} {self.random.choice(STREETS)}", in_geofile=True)

    def _ask(self, command: Command, actor: str = "floor") -> None:
        self.centre.ask(command, actor, None if self.centre.up else self.centre.now)

    def _call(self) -> None:
        if self.stopped:
            return
        self.centre.after(self.random.expovariate(1 / self.every_s), self._call)
        self._count += 1
        name, place = f"{self._count}", self.place()
        if not self.centre.up and self._on_paper is not None:
            self._on_paper(name, place)
            return
        number = f"225555{self._count:04d}"
        self._ask(ReceiveCall(f"c{name}", "911", number, place), "telephone")
        self.centre.after(self.random.uniform(3, 12), self._answer, name, place)

    def _answer(self, name: str, place: Place) -> None:
        self._ask(AnswerCall(f"c{name}", f"calls:{self._count % 3}"))
        self.centre.after(self.random.uniform(20, 70), self._open, name, place)

    def _open(self, name: str, place: Place) -> None:
        priority = self.random.choice((1, 2, 2, 3, 3, 4))
        self._ask(OpenIncident(f"i{name}", name, "FIRE", priority=priority, place=place, call=f"c{name}"))
        self._ask(AddNote(f"i{name}", self.random.choice(("smoke showing", "alarm sounding", "caller outside"))))
        self._ask(EndCall(f"c{name}"))
        self.centre.after(self.random.uniform(5, 30), self._send, name)

    def _send(self, name: str) -> None:
        if not self.free:
            self.centre.after(30, self._send, name)
            return
        unit = self.free.pop(self.random.randrange(len(self.free)))
        self._ask(AssignUnits(f"i{name}", [unit]))
        self.centre.after(self.random.uniform(30, 90), self._says, name, unit, "ENR")
        arrives_s = self.random.uniform(180, 500)
        self.centre.after(arrives_s, self._says, name, unit, "ONS")
        self.centre.after(arrives_s + self.random.uniform(300, 1_200), self._clear, name, unit)

    def _says(self, name: str, unit: str, status: str) -> None:
        self._ask(ReportStatus(unit, status, f"i{name}"), unit)

    def _clear(self, name: str, unit: str) -> None:
        self._ask(ReleaseUnit(f"i{name}", unit))
        self._ask(ReportStatus(unit, "AQ"), unit)
        self._ask(CloseIncident(f"i{name}", "01"))
        self.free.append(unit)
