"""A named seat: one robot's work in its order, until a person takes the seat."""

from collections.abc import Callable
from heapq import heappop, heappush

from redstick.dispatch.rules.seats import SeatSignedOn, SignOn
from redstick.kernel.values import Outcome
from redstick.published.dispatch import SeatRelieved, SeatSignedOff
from redstick.simulation.city.floor import ROBOT, Floor

BACK_MS = 15_000  # so long after a person has left a robot sits down again
RETRY_MS = 5_000
Work = Callable[[], None]


class Seat:
    """Does one thing at a time: the most urgent first, then what was given first. What is known is not given twice.

    A person who signs on at the seat takes over whatever is open there; `sat_down` is called when the robot is back.
    """

    def __init__(self, floor: Floor, name: str, groups: list[str], sat_down: Callable[["Seat"], None]) -> None:
        self.name, self.groups = name, groups
        self._floor, self._sat_down = floor, sat_down
        self._waiting: list[tuple[int, int, str, int, Work]] = []
        self._known: set[str] = set()
        self._count = 0
        self.turn = 0  # counts who has sat here; work of an earlier turn is not finished
        self.busy = False
        floor.listen(SeatSignedOn, self._signed_on)
        floor.listen(SeatRelieved, self._relieved)
        floor.listen(SeatSignedOff, self._signed_off)

    @property
    def mine(self) -> bool:
        """Whether the robot holds it."""
        return not self._floor.person_at(self.name)

    def sit(self) -> None:
        """Sign on."""
        if self.mine:
            asked = SignOn(self.name, f"{ROBOT}{self.name}", self.groups)
            self._floor.ask(f"{ROBOT}{self.name}", [asked], self._seated)

    def _seated(self, outcomes: list[Outcome]) -> None:
        """Whoever sat here already looks at what is open too."""
        self._floor.later(*((0, self._look) if outcomes[0].accepted else (RETRY_MS, self.sit)))

    def _look(self) -> None:
        if self.mine:
            self._sat_down(self)

    def give(self, urgency: int, key: str, takes_ms: int, work: Work) -> None:
        """Something to do; 1 is the most urgent. While a person holds the seat it is theirs."""
        if key in self._known or not self.mine:
            return
        self._known.add(key)
        self._count += 1
        heappush(self._waiting, (urgency, self._count, key, takes_ms, work))
        if not self.busy:
            self._next()

    def _next(self) -> None:
        if not self._waiting or not self.mine:
            return
        self.busy = True
        _, _, key, takes_ms, work = heappop(self._waiting)
        turn = self.turn

        def done() -> None:
            if turn != self.turn:
                return
            self.busy = False
            self._known.discard(key)
            if self.mine:
                work()
                if not self.busy:
                    self._next()

        self._floor.later(takes_ms, done)

    def _signed_on(self, happened: SeatSignedOn) -> None:
        if happened.seat == self.name:
            self._taken(happened.person)

    def _relieved(self, happened: SeatRelieved) -> None:
        if happened.relief == self.name:
            self._taken(happened.person)
        elif happened.seat == self.name:
            self._floor.later(BACK_MS, self.sit)

    def _taken(self, person: str) -> None:
        """By a person: the robot lets go of everything. By a robot: it looks at what is open."""
        self.turn += 1
        self._waiting, self._known, self.busy = [], set(), False
        if person.startswith(ROBOT):
            self._floor.later(0, self._look)

    def _signed_off(self, happened: SeatSignedOff) -> None:
        if happened.seat == self.name:
            self._floor.later(BACK_MS, self.sit)
