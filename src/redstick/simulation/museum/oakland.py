"""Oakland, July 2023: a power cut took dispatch down for 26 hours, and again the next day.

Power goes while something is being written, again and again, now and then while the centre comes up. Seats that printed
by themselves work on paper meanwhile, and what they wrote is entered afterwards.
"""

from collections.abc import Iterable
from dataclasses import replace

from redstick.dispatch.cards.card import PaperCard, number_of
from redstick.dispatch.cards.entering import requests_of
from redstick.dispatch.place import Place
from redstick.dispatch.rules.cards import IncidentFromPaper, TagFromPaper
from redstick.dispatch.state import Dispatch
from redstick.kernel.envelope import Gap
from redstick.kernel.executor import Executor
from redstick.kernel.ports import Disk, File, Journal
from redstick.kernel.snapshots import Snapshot, written_snapshot
from redstick.kernel.timers import Timers
from redstick.kernel.values import Instant, Request
from redstick.kernel.window import Window
from redstick.simulation.museum.build import Build
from redstick.simulation.museum.case import Case, Mutant, Problem, Result, judged
from redstick.simulation.museum.centre import HOUR, MINUTE, Centre, dice
from redstick.simulation.museum.ordinary import Ordinary
from redstick.simulation.museum.paper import PaperSeat, misprinted, numbered_twice, untimely
from redstick.simulation.museum.planting import without
from redstick.simulation.museum.record import Line, of, unsound

HOURS, CUTS, SEATS = 5, 6, 3
SNAPSHOT_MIN = 25


class Days:
    """The centre with its work, its seats and its bad wiring."""

    def __init__(self, build: Build, seed: int) -> None:
        self.random, self.centre = dice(seed, "oakland"), Centre(build, seed)
        self.ordinary = Ordinary(self.centre, dice(seed, "ordinary"), every_s=110, on_paper=self._on_paper)
        self.seats = [PaperSeat(f"s{number}", self.centre, build, dice(seed, f"s{number}")) for number in range(SEATS)]
        self.cuts: list[tuple[Instant, Instant]] = []
        self.misprints: list[Problem] = []
        self.overlong: list[Problem] = []
        self._kept_at = 0
        for hour in range(CUTS):
            self.centre.after((hour + self.random.uniform(0.3, 0.7)) * HOURS * 3_600 / CUTS, self._power_fails)
        self.centre.after(SNAPSHOT_MIN * 60, self._snapshot)

    def _snapshot(self) -> None:
        self.centre.after(SNAPSHOT_MIN * 60, self._snapshot)
        if self.centre.up:
            self.centre.keep_snapshot()
            self._kept_at = len(self.centre.stored())

    def _power_fails(self) -> None:
        """At one of the next changes of the disk: before, inside or after a write."""
        self.centre.disk.lose_power_in(self.random.randrange(25))
        self._watch()

    def _watch(self) -> None:
        if self.centre.up:
            self.centre.after(1, self._watch)
            return
        began = self.centre.now
        self.cuts.append((began, began))
        self.centre.after(self.random.uniform(4, 25) * 60, self._comes_back, began)

    def _comes_back(self, began: Instant) -> None:
        """And now and then it goes again at once, while the journal is opened."""
        if self.random.random() < 0.4:
            self.centre.disk.lose_power_in(self.random.randrange(6))
        if not self.centre.restart():
            self.centre.after(60, self._comes_back, began)
            return
        self.centre.disk.lose_power_in(None)
        lines = self.centre.lines()
        self.cuts[-1] = (began, self.centre.now)
        self.misprints += misprinted(self.seats, lines, began)
        if self.centre.refolded[-1] > len(lines) - self._kept_at:
            words = (
                f"{self.centre.refolded[-1]} of {len(lines)} lines were folded, the snapshot stood at {self._kept_at}"
            )
            self.overlong.append(Problem("restarts_in_seconds", words))
        self.centre.after(10 * 60, self.enter)

    def enter(self) -> None:
        """Somebody types in what is finished."""
        for seat in self.seats:
            if self.centre.up:
                seat.enter_all("A. Roe")

    def _on_paper(self, name: str, place: Place) -> None:
        del name
        free = self.ordinary.free
        units = [free.pop(self.random.randrange(len(free)))] if free else []
        written = self.random.choice(self.seats).write(place, units)
        over_s = ((written.card.closed_at or self.centre.now) - self.centre.now) / 1_000
        self.centre.after(over_s, free.extend, units)


def run(seed: int, build: Build) -> Result:
    """Five hours with six cuts, and one in which all is entered and ends; see `CASE`."""
    days = Days(build, seed)
    centre = days.centre
    centre.live(HOURS * HOUR)
    days.ordinary.stopped = True
    centre.live(HOUR)
    if not centre.up:
        centre.restart()
    days.enter()
    centre.live(4 * HOUR)
    stored, lines = centre.stored(), centre.lines()
    cards = [card for seat in days.seats for card in seat.cards]
    facts: dict[str, int | str] = {
        "cuts": len(days.cuts), "restarts": len(centre.refolded) - 1, "cards": len(cards), "lines": len(stored),
        "most_lines_folded": max(centre.refolded), "head": stored[-1][:64].decode(),
    }  # fmt: skip
    problems = [
        *unsound(stored), *centre.untrue("nothing_lost"), *_fold(centre, stored), *days.overlong, *days.misprints,
        *numbered_twice(cards), *untimely(lines, cards, "cards_at_true_times"), *_dated(days, lines), *_ended(lines),
    ]  # fmt: skip
    return judged(problems, facts)


def _fold(centre: Centre, stored: list[bytes]) -> Iterable[Problem]:
    """What runs is what the journal alone gives."""
    fresh = Executor([centre.build.domain])
    fresh.refold(stored)
    if written_snapshot(fresh.snapshot()) != centre.fold():
        yield Problem("nothing_lost", "what runs is not what the journal gives")


def _dated(days: Days, lines: list[Line]) -> Iterable[Problem]:
    """The journal alone tells when it was back, each time, and when each card was entered: evidence for an exercise.

    A start during which the power goes again may have said what was due by then: it bears the moment of its epoch.
    """
    began = [line.recorded_at for line in of(lines, "kernel.epoch_began")]
    for cut, back in days.cuts:
        said = [line for line in lines if cut < line.recorded_at < back and not line.kind.startswith("kernel.")]
        undated = [line for line in said if line.recorded_at not in began]
        if back not in began or undated:
            words = f"dark from {cut} to {back}: epochs {began}, {len(undated)} lines between"
            yield Problem("exercise_is_dated", words)
    entered = {line.payload["entry"]: line.recorded_at for line in of(lines, "card_entered")}
    for card in (card for seat in days.seats for card in seat.cards):
        back = max((back for _, back in days.cuts if back <= card.entered_at), default=0)
        if not back <= entered.get(card.entry, 0):
            yield Problem("exercise_is_dated", f"{card.entry} was entered at {entered.get(card.entry)}")


def _ended(lines: list[Line]) -> Iterable[Problem]:
    """Clocks that ran when the power went run on: what was closed leaves, two hours later, once."""
    closed = {line.payload["incident"]: line.recorded_at for line in of(lines, "incident_closed")}
    last = lines[-1].recorded_at
    retired: dict[str, list[Instant]] = {}
    for line in of(lines, "retired"):
        retired.setdefault(line.payload.get("incident", ""), []).append(line.recorded_at)
    for incident, at in closed.items():
        if at + 2 * HOUR + MINUTE < last and len(retired.get(incident, [])) != 1:
            yield Problem("nothing_lost", f"{incident} was closed at {at} and left at {retired.get(incident)}")


# The causes, put back in


class _Unsynced:
    """A disk whose files say that they are synced and are not."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    def __getattr__(self, name: str) -> object:
        return getattr(self._disk, name)

    def open(self, name: str, *, create: bool = False) -> File:
        """A file that is never synced."""
        file = self._disk.open(name, create=create)
        return _UnsyncedFile(file)  # type: ignore[return-value]  # it passes everything else on


class _UnsyncedFile:
    def __init__(self, file: File) -> None:
        self._file = file

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)

    def sync(self) -> None:
        """Say so."""


class WithoutTimers(Executor):
    """A snapshot brings back no timers."""

    def restore(self, snapshot: Snapshot) -> None:
        """Without them."""
        super().restore(snapshot)
        self._committed.timers = Timers()


class WithoutWindow(Executor):
    """A restart forgets which commands were decided."""

    def refold(self, lines: Iterable[bytes] = (), gaps: Iterable[Gap] | None = None) -> None:
        """And decides them again."""
        super().refold(lines, gaps)  # type: ignore[arg-type]  # passed on just as it came
        self._committed.window = Window(self.limits.window_ms)
        self._decided.window = Window(self.limits.window_ms)


class _Unread(Executor):
    """A restart begins from nothing, whatever the journal holds."""

    def refold(self, lines: Iterable[bytes] = (), gaps: Iterable[Gap] | None = None) -> None:
        """Read the last line alone, to know where to go on."""
        super().refold((), gaps)  # type: ignore[arg-type]  # passed on just as it came
        del lines


class _WithoutSnapshot(Executor):
    """A snapshot is of no use: everything is folded again."""

    def snapshot(self) -> Snapshot:
        """One of nothing."""
        return Executor([*self.house.domains.values()][1:]).snapshot()


def _unsynced(disk: Disk) -> Journal:
    return Build().journal(_Unsynced(disk))  # type: ignore[arg-type]  # it passes everything else on


def at_entry(entry: str, incident: str, card: PaperCard, actor: str) -> list[Request]:
    """Cards lose their true times."""
    return [replace(request, at=None) for request in requests_of(entry, incident, card, actor)]


def anybodys(state: Dispatch, seat: str) -> list[str]:
    """Every seat takes the first numbers that nobody has used."""
    del seat
    used = {entry.count for entry in state.paper.entries.values()}
    return [number_of(count) for count in range(1, state.paper.next) if count not in used]


def urgent_only(build: Build) -> Build:
    """The page shows what is urgent."""

    def page(state: Dispatch, seat: str, *more: object) -> object:
        less = Dispatch(units=state.units, paper=state.paper)
        less.incidents = {name: one for name, one in state.incidents.items() if one.priority <= 2}
        return build.card_page(less, seat, *more)  # type: ignore[arg-type]  # passed on just as it came

    return replace(build, card_page=page)  # type: ignore[arg-type]  # a mutant gives what the true one gives


CASE = Case(
    "oakland",
    "Oakland, July 2023",
    "A power cut took dispatch down for about 26 hours, and again the next day; a transfer switch had been broken for "
    "two years, and there had been warnings.",
    f"{CUTS} losses of power in {HOURS} hours of ordinary work, each inside one of the next changes of the disk, some "
    f"again while the journal is being opened. {SEATS} seats print by themselves, work on paper while it is dark, and "
    "what they wrote is entered afterwards.",
    {
        "nothing_lost": "what was told is in the journal once, what was asked is answered, clocks run on",
        "restarts_in_seconds": "a restart folds no line that the last snapshot holds",
        "seats_work_alone": "each seat's page is minutes old, leaves nothing out, and its numbers are its own",
        "cards_at_true_times": "every card stands in the journal at its true times, with its clerk",
        "exercise_is_dated": "the journal alone tells when it was dark, when it was back, when each card was entered",
    },
    run,
    {
        "sync_left_out": Mutant("the journal does not sync", lambda build: replace(build, journal=_unsynced)),
        "restart_reads_nothing": Mutant(
            "a restart begins from nothing", lambda build: replace(build, executor=_Unread)
        ),
        "restart_loses_timers": Mutant(
            "a snapshot brings back no timers", lambda build: replace(build, executor=WithoutTimers)
        ),
        "asked_again_done_again": Mutant(
            "a restart forgets what was decided", lambda build: replace(build, executor=WithoutWindow)
        ),
        "folds_everything": Mutant(
            "every restart folds the whole journal", lambda build: replace(build, executor=_WithoutSnapshot)
        ),
        "cards_at_entry_time": Mutant("cards stand at the time of entry", lambda build: replace(build, cards=at_entry)),
        "numbers_shared": Mutant(
            "every seat prints the same numbers", lambda build: replace(build, card_numbers=anybodys)
        ),
        "page_leaves_out": Mutant("the printed page shows what is urgent", urgent_only),
        "paper_untagged": Mutant("nothing says that it was on paper", without(TagFromPaper, IncidentFromPaper)),
    },
)
