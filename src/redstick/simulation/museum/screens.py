"""What stands on the seats' screens: the boards of production, rendered from the committed fold; who looks at them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from redstick.dispatch.reads.seats import FLOOR, VIEWS
from redstick.kernel.fold import Fact
from redstick.kernel.values import Instant
from redstick.server.audiences import Audiences
from redstick.server.board import Board, BoardSeat
from redstick.simulation.museum.build import Build
from redstick.simulation.museum.case import Problem
from redstick.simulation.museum.centre import Centre
from redstick.simulation.museum.record import Line

DIFFERS = "place_read_back_differs"
Kept = dict[str, tuple[Any, ...]]


class Screens:
    """The boards of one life of a node."""

    def __init__(self, centre: Centre, build: Build) -> None:
        self.centre, self._build = centre, build
        self.boards: list[Audiences] = []
        self.life = 0
        self.open()

    def open(self) -> None:
        """Render everything anew: a node has come up."""
        self.life += 1
        states = {"dispatch": self.centre.state}
        at = self.centre.journal.head().position
        self.boards = [self._build.audiences(view, (FLOOR,), states, at, self.centre.now) for view in VIEWS]
        self.centre.heard[:] = [self._note]

    def _note(self, facts: list[Fact]) -> None:
        if facts and self.centre.driver is not None:
            states = self.centre.driver.executor.committed
            for boards in self.boards:
                boards.note(states, facts)
                boards.publish(states, facts[-1].envelope.position, self.centre.now)


class Screen:
    """One seat at the boards. `seen` is what stood there, and at which position of the journal."""

    def __init__(self, name: str, screens: Screens) -> None:
        self.name, self._screens = name, screens
        self.problems: list[Problem] = []
        self.seen: list[tuple[Instant, int, Kept]] = []
        self._streams: list[BoardSeat] = []
        self._at: list[int] = []
        self._rows: dict[str, msgspec.Raw] = {}
        self._life = 0
        self._sign_on()

    def restart(self) -> None:
        """Leave, as a console that is switched off, and begin anew."""
        for stream in self._streams:
            stream.leave()
        self._sign_on()

    def waiting(self) -> int:
        """How many rows are kept for it that it has not read."""
        return sum(len(stream._rows) for stream in self._streams)  # noqa: SLF001  (nobody else needs to know it)

    def look(self) -> None:
        """Take what is new; begin anew only where the node did."""
        centre = self._screens.centre
        if not centre.up:
            return
        if self._life != self._screens.life:
            self._sign_on()
        for number, stream in enumerate(self._streams):
            frame = stream.cut()
            if frame.start != self._at[number]:
                words = f"{self.name} stood at {self._at[number]} and got a frame that begins at {frame.start}"
                self.problems.append(Problem("other_seats_unaffected", words))
            self._at[number] = frame.end
            for key in frame.gone:
                self._rows.pop(key, None)
            self._rows.update(frame.rows)
        self.seen.append((centre.now, centre.journal.head().position, kept_of(self._rows)))

    def _sign_on(self) -> None:
        self._life, self._rows, self._streams, self._at = self._screens.life, {}, [], []
        for boards in self._screens.boards:
            snapshot, stream = boards.boards[FLOOR].subscribe()
            self._rows.update(snapshot.rows)
            self._streams.append(stream)
            self._at.append(snapshot.at)


def kept_of(rows: dict[str, msgspec.Raw]) -> Kept:
    """Of incidents the address, whether the caller confirmed it or said another; of calls that they are there."""
    found: Kept = {}
    for key, raw in rows.items():
        row = msgspec.json.decode(raw)
        if key.startswith("incident/"):
            found[key] = (row["text"], row["caller_confirmed"], DIFFERS in row["flags"])
        elif key.startswith("call/"):
            found[key] = ()
    return found


class Outside:
    """The same, played anew from the journal's lines."""

    def __init__(self) -> None:
        self.shown: Kept = {}

    def follow(self, line: Line) -> None:
        """Take one line in."""
        what = line.payload
        incident, call = f"incident/{what.get('incident', '')}", f"call/{what.get('call', '')}"
        match line.kind:
            case "incident_opened" | "incident_moved":
                place = what["place"]
                self.shown[incident] = (place.get("text", ""), place.get("caller_confirmed", False), False)
            case "address_confirmed":
                self.shown[incident] = (self.shown[incident][0], True, False)
            case "address_differed":
                self.shown[incident] = (self.shown[incident][0], False, True)
            case "incident_closed":
                self.shown.pop(incident, None)
            case "call_received":
                self.shown[call] = ()
            case "call_ended" | "call_abandoned":
                self.shown.pop(call, None)


def misshown(screens: Sequence[Screen], lines: Sequence[Line]) -> Iterator[Problem]:
    """What stood on a screen is what the journal gives at that position; one problem a screen is enough."""
    for screen in screens:
        yield from screen.problems
        outside, read = Outside(), 0
        for at, position, shown in screen.seen:
            for line in lines[read:position]:
                outside.follow(line)
            read = position
            if shown != outside.shown:
                keys = sorted({*shown, *outside.shown})
                wrong = [key for key in keys if shown.get(key) != outside.shown.get(key)]
                words = f"{screen.name} at {at}: {wrong[0]} is {shown.get(wrong[0])}, not {outside.shown.get(wrong[0])}"
                yield Problem("other_seats_unaffected", words)
                break


def over_boards(made: type[Board]) -> type[Audiences]:
    """Audiences over boards of another make."""

    class Other(Audiences):
        """They are made where they are first needed."""

        def publish(self, states: Mapping[str, Any], at: int, now: int, *, followed: bool = False) -> None:
            if not all(isinstance(board, made) for board in self.boards.values()):
                self.boards = {audience: made() for audience in self.boards}
            super().publish(states, at, now, followed=followed)

    return Other
