"""New York, 2009 to 2014: one console's restart crashed all; crashes in a row; an hour lost to routine maintenance.

Consoles and the node are restarted at any moment, the node also by power and by routine maintenance while it is busy.
Addresses are read back to callers, who said another one now and then.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import msgspec

from redstick.dispatch.place import Place
from redstick.dispatch.rules.incidents import IncidentMoved, IncidentOpened, MoveIncident, OpenIncident
from redstick.dispatch.rules.locations import AddressConfirmed, AddressDiffered, ReadBackAddress
from redstick.dispatch.state import Dispatch
from redstick.kernel.envelope import Gap
from redstick.kernel.executor import Executor
from redstick.kernel.values import Event
from redstick.server.board import Board, BoardSeat
from redstick.server.ports import Snapshot
from redstick.simulation.museum.build import Build
from redstick.simulation.museum.case import Case, Mutant, Problem, Result, judged
from redstick.simulation.museum.centre import HOUR, MINUTE, Centre, dice
from redstick.simulation.museum.oakland import WithoutWindow, at_entry
from redstick.simulation.museum.ordinary import Ordinary
from redstick.simulation.museum.paper import PaperSeat, numbered_twice, untimely
from redstick.simulation.museum.planting import Plant, deciding
from redstick.simulation.museum.record import Line, of, unsound
from redstick.simulation.museum.screens import Screen, Screens, misshown, over_boards

SEATS, RUN_MS, LOOK_S = 5, 110 * MINUTE, 7
KILLS, CUTS, MAINTENANCE, CONSOLES = 3, 4, 2, 12
MISHEARD = 0.2


class Floor(Ordinary):
    """Takers who read every address back; `said` is what callers truly said, by incident, first and in the end."""

    def __init__(self, centre: Centre, seed: int, on_paper: "PaperSeat") -> None:
        self.said: dict[str, str] = {}
        self._misheard, self._cuts = dice(seed, "misheard"), CUTS
        self.before_unverified: Callable[[], None] = lambda: None
        super().__init__(
            centre, dice(seed, "ordinary"), every_s=75, on_paper=lambda _, place: self._write(on_paper, place)
        )

    def place(self) -> Place:
        """Somewhere in town, and now and then where the geofile knows nothing."""
        return msgspec.structs.replace(super().place(), in_geofile=self._misheard.random() < 0.8)

    def _write(self, seat: PaperSeat, place: Place) -> None:
        units = [self.free.pop()] if self.free else []
        written = seat.write(place, units)
        self.centre.after(((written.card.closed_at or 0) - self.centre.now) / 1_000, self.free.extend, units)

    def _open(self, name: str, place: Place) -> None:
        if not place.in_geofile and self._cuts and self.centre.up:
            self._cuts -= 1
            self.before_unverified()
        super()._open(name, place)
        wrong = self._misheard.random() < MISHEARD
        self.said[f"i{name}"] = f"{self._misheard.randrange(1, 9_999)} Wrong Way" if wrong else place.text
        if self._misheard.random() < 0.8:
            self.centre.after(self._misheard.uniform(3, 12), self._read_back, f"i{name}", place.text)

    def _read_back(self, incident: str, text: str) -> None:
        """The second step; where the caller says another address, it is entered, and read back in its turn."""
        said = self.said[incident]
        self._ask(ReadBackAddress(incident, text, said))
        if said != text:
            self.centre.after(20, self._correct, incident, said)

    def _correct(self, incident: str, said: str) -> None:
        self._ask(MoveIncident(incident, Place(said, in_geofile=True)))
        self.centre.after(10, self._read_back, incident, said)


class World:
    """The floor, its screens, and all that is restarted."""

    def __init__(self, build: Build, seed: int) -> None:
        self.random, self.centre = dice(seed, "new_york"), Centre(build, seed)
        self.paper = PaperSeat("s1", self.centre, build, dice(seed, "paper"))
        self.floor = Floor(self.centre, seed, self.paper)
        self.screens = Screens(self.centre, build)
        self.seats = [Screen(f"seat{number}", self.screens) for number in range(SEATS)]
        for count, act in (
            (KILLS, self._kill),
            (CUTS, self._cut),
            (MAINTENANCE, self._maintain),
            (CONSOLES, self._console),
        ):
            for _ in range(count):
                self.centre.after(self.random.uniform(0.05, 0.95) * RUN_MS / 1_000, act)
        self.centre.after(LOOK_S, self._look)
        self.floor.before_unverified = self._cut

    def _look(self) -> None:
        self.centre.after(LOOK_S, self._look)
        for seat in self.seats:
            seat.look()

    def _console(self) -> None:
        """Somebody pulls the plug of one console."""
        if self.centre.up:
            self.random.choice(self.seats).restart()

    def _kill(self) -> None:
        self.centre.kill()
        self.centre.after(self.random.uniform(3, 40), self._start)

    def _cut(self) -> None:
        """Power goes at one of the next writes, which may be that of what follows from another."""
        self.centre.disk.lose_power_in(self.random.randrange(1, 7))
        self._watch()

    def _watch(self) -> None:
        self.centre.after(1, self._watch) if self.centre.up else self.centre.after(
            self.random.uniform(5, 12) * 60, self._start
        )

    def _maintain(self) -> None:
        """In the middle of work, and at once."""
        self.centre.keep_snapshot()
        self.centre.kill()
        self._start()

    def _start(self) -> None:
        if not self.centre.up and self.centre.restart():
            self.screens.open()


def run(seed: int, build: Build) -> Result:
    """Nearly two hours of that, then the cards, and a quiet hour; see `CASE`."""
    world = World(build, seed)
    centre = world.centre
    centre.live(RUN_MS)
    world.floor.stopped = True
    centre.live(HOUR)
    world.paper.enter_all("A. Roe")
    centre.live(HOUR)
    stored, lines = centre.stored(), centre.lines()
    facts: dict[str, int | str] = {
        "restarts": len(centre.refolded) - 1, "looks": sum(len(seat.seen) for seat in world.seats),
        "cards": len(world.paper.cards), "addresses_differed": len(of(lines, "address_differed")),
        "lines": len(stored), "head": stored[-1][:64].decode(),
    }  # fmt: skip
    cards = world.paper.cards
    problems = [
        *unsound(stored), *centre.untrue("nothing_lost"), *misshown(world.seats, lines), *numbered_twice(cards),
        *untimely(lines, cards, "cards_at_true_times"), *_two_steps(world.floor, lines), *_reacted(lines),
    ]  # fmt: skip
    return judged(problems, facts)


def _two_steps(floor: Floor, lines: list[Line]) -> Iterator[Problem]:
    """Confirmed is what was read back and said to be right; another address is flagged, and entered by a person."""
    texts: dict[str, str] = {}
    read_back = {line.cause: line for line in of(lines, "address_confirmed", "address_differed")}
    for line in lines:
        what = line.payload
        incident = what.get("incident", "")
        if line.kind == "incident_opened" and incident in floor.said:
            texts[incident] = what["place"].get("text", "")
            if what["place"].get("caller_confirmed"):
                yield Problem("confirmed_in_two_steps", f"{incident} is confirmed before it was read back")
        elif line.kind == "incident_moved":
            texts[incident] = what["place"].get("text", "")
            if what["place"].get("caller_confirmed") or line.cause in read_back:
                yield Problem("confirmed_in_two_steps", f"{incident} was moved to {texts[incident]} by the machine")
        elif line.kind == "address_confirmed" and floor.said.get(incident) != what["text"]:
            yield Problem("confirmed_in_two_steps", f"{incident}: {what['text']!r} is confirmed, and was not said")
    differed = {line.payload["incident"] for line in of(lines, "address_differed")}
    confirmed = {line.payload["incident"] for line in of(lines, "address_confirmed")}
    for incident in confirmed:
        first = next(line for line in of(lines, "incident_opened") if line.payload["incident"] == incident)
        if floor.said[incident] != first.payload["place"].get("text", "") and incident not in differed:
            yield Problem("confirmed_in_two_steps", f"{incident}: the caller said another address, and no flag was set")


def _reacted(lines: list[Line]) -> Iterator[Problem]:
    """What follows by itself follows over restarts too: an address that was changed on paper is looked into, once."""
    unverified = {
        line.payload["incident"] for line in of(lines, "incident_opened")
        if line.payload["place"].get("text", "").strip() and not line.payload["place"].get("in_geofile")
    }  # fmt: skip
    raised = {line.payload["place"]["text"] for line in of(lines, "follow_up_raised")}
    for line in of(lines, "incident_opened"):
        if line.payload["incident"] in unverified and line.payload["place"]["text"] not in raised:
            yield Problem("nothing_lost", f"{line.payload['incident']} has an address that nobody looks into")


# The causes, put back in


class _AllLeave(Board):
    """One seat that leaves takes all others with it."""

    def forget(self, seat: BoardSeat) -> None:
        """Nobody is told anything any more."""
        del seat
        self._seats.clear()


class _EmptyBegin(Board):
    """A seat that begins anew sees what changes from then on, and nothing that stands."""

    def subscribe(self) -> tuple[Snapshot, BoardSeat]:
        """Without the rows."""
        snapshot, seat = super().subscribe()
        return Snapshot(snapshot.at, snapshot.now, {}), seat


class _Restless(Board):
    """A seat that begins anew takes the place of the newest one, which is told nothing any more."""

    def subscribe(self) -> tuple[Snapshot, BoardSeat]:
        """And another goes."""
        if len(self._seats) >= SEATS - 1:
            self._seats.popitem()
        return super().subscribe()


def _boards(made: type[Board]) -> Plant:
    return lambda build: replace(build, audiences=over_boards(made))


class _OwesNothing(Executor):
    """What reactions had asked when the node died is not asked again."""

    def refold(self, lines: Iterable[bytes] = (), gaps: Sequence[Gap] | None = None) -> None:
        """And forget it."""
        super().refold(lines, gaps)
        self._due.clear()


def _corrects_itself(decision: list[Event], state: Dispatch, asked: ReadBackAddress) -> list[Event]:
    place = msgspec.structs.replace(state.incidents[asked.incident].place, text=asked.heard)
    differs = any(isinstance(one, AddressDiffered) for one in decision)
    return [IncidentMoved(asked.incident, place)] if differs else decision


def _always_right(decision: list[Event], state: Dispatch, asked: ReadBackAddress) -> list[Event]:
    del state
    differs = any(isinstance(one, AddressDiffered) for one in decision)
    return [AddressConfirmed(asked.incident, asked.text)] if differs else decision


def _in_one_step(decision: list[Event], state: Dispatch, asked: OpenIncident) -> list[Event]:
    del state, asked
    return [
        msgspec.structs.replace(one, place=msgspec.structs.replace(one.place, caller_confirmed=True))
        if isinstance(one, IncidentOpened) else one
        for one in decision
    ]  # fmt: skip


CASE = Case(
    "new_york",
    "New York, 2009 to 2014",
    "A link crash of three hours; one console's restart crashed all; four crashes in three days; a power button "
    "pressed; at least 590 fire calls with a wrong address; some 400 ambulances run by hand; an hour's outage in "
    "routine maintenance.",
    f"In nearly two hours of busy work the node is killed {KILLS} times, loses power inside {CUTS} writes and is "
    f"maintained {MAINTENANCE} times, and {CONSOLES} times one of {SEATS} consoles is switched off and on. In the dark "
    f"work goes on by paper. Every address is read back, and {MISHEARD:.0%} of the callers had said another.",
    {
        "other_seats_unaffected": "every screen shows what the journal gives, at every look, whatever is restarted",
        "nothing_lost": "what was told is in the journal once, what was asked is answered, what follows follows",
        "cards_at_true_times": "every card stands in the journal at its true times, with its clerk",
        "confirmed_in_two_steps": "an address is confirmed when it was read back; another is flagged, and entered by a "
        "person",
        "seats_work_alone": "each card has a number of its own",
    },
    run,
    {
        "one_leaves_all_leave": Mutant("a console's restart takes all others down", _boards(_AllLeave)),
        "restart_shows_nothing": Mutant("a console that is back sees only what changes", _boards(_EmptyBegin)),
        "one_comes_one_goes": Mutant("a console that is back takes another's place", _boards(_Restless)),
        "node_owes_nothing": Mutant(
            "a restart forgets what follows", lambda build: replace(build, executor=_OwesNothing)
        ),
        "node_decides_again": Mutant(
            "a restart forgets what was decided", lambda build: replace(build, executor=WithoutWindow)
        ),
        "ambulances_at_entry_time": Mutant(
            "cards stand at the time of entry", lambda build: replace(build, cards=at_entry)
        ),
        "corrects_itself": Mutant(
            "what the caller says is entered by itself", deciding(ReadBackAddress, _corrects_itself)
        ),
        "always_right": Mutant("whatever the caller says confirms it", deciding(ReadBackAddress, _always_right)),
        "in_one_step": Mutant("what the geofile knows is confirmed", deciding(OpenIncident, _in_one_step)),
    },
)
