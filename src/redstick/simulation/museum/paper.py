"""Seats that are alone: each has its page and its numbers and works on cards; a clerk enters them afterwards."""

from collections.abc import Iterator, Sequence
from datetime import UTC
from random import Random

import msgspec

from redstick.dispatch.cards.card import PaperCard, UnitLine
from redstick.dispatch.place import Place
from redstick.dispatch.rules.cards import EnterCard, ReserveCards
from redstick.dispatch.state import Dispatch
from redstick.kernel.values import Instant
from redstick.simulation.museum.build import Build
from redstick.simulation.museum.case import Problem
from redstick.simulation.museum.centre import MINUTE, SECOND, Centre
from redstick.simulation.museum.record import Line, of

PRINT_MIN, NUMBERS = 10, 60


class Written(msgspec.Struct):
    """A card as it was written, by which seat, and under which ids it is entered."""

    seat: str
    card: PaperCard
    entry: str
    incident: str
    entered_at: Instant = 0


class PaperSeat:
    """One seat: prints by itself every few minutes while there is a system, and has nothing else when there is none."""

    def __init__(self, name: str, centre: Centre, build: Build, random: Random) -> None:
        self.name, self.centre, self._build, self._random = name, centre, build, random
        self.printed_at: Instant = 0
        self.page, self.numbers, self.cards = "", list[str](), list[Written]()
        centre.all_of([ReserveCards(name, NUMBERS)], name)
        self._print()

    def _print(self) -> None:
        self.centre.after(PRINT_MIN * 60, self._print)
        if self.centre.up:
            self.print_now()

    def print_now(self) -> None:
        """What is on the screen, on paper."""
        state: Dispatch = self.centre.state
        self.page = self._build.card_page(state, self.name, self.centre.now, UTC).render()
        used = {one.card.number for one in self.cards}
        self.numbers = [number for number in self._build.card_numbers(state, self.name) if number not in used]
        self.printed_at = self.centre.now

    def write(self, place: Place, units: Sequence[str]) -> Written:
        """A card for a call that comes now, with the times at which things will happen."""
        now, random = self.centre.now // SECOND * SECOND, self._random
        opened = now + random.randrange(20, 70) * SECOND
        lines = []
        for unit in units:
            sent = opened + random.randrange(10, 60) * SECOND
            drives = sent + random.randrange(30, 90) * SECOND
            there = drives + random.randrange(120, 400) * SECOND
            lines.append(UnitLine(unit, sent, drives, there, there + random.randrange(300, 900) * SECOND))
        closed = max((line.available or opened for line in lines), default=opened) + 30 * SECOND
        number = self.numbers.pop(0) if self.numbers else ""
        card = PaperCard(number, opened, place.text, "FIRE", 2, now, now + 5 * SECOND, "2255550199", lines,
                         ["smoke showing"], closed, "01")  # fmt: skip
        name = f"{self.name}/{len(self.cards)}"
        written = Written(self.name, card, f"card {name}", f"p{name}")
        self.cards.append(written)
        return written

    def enter_all(self, clerk: str) -> None:
        """Everything that was written, as it was written."""
        for one in self.cards:
            if not one.entered_at and (one.card.closed_at or 0) < self.centre.now:
                self.enter(one, clerk)

    def enter(self, one: Written, clerk: str) -> None:
        """One card; it is worked in at once unless it contradicts something."""
        one.entered_at = self.centre.now
        self.centre.ask(EnterCard(one.entry, one.incident, one.card, clerk), clerk)
        entry = self.centre.state.paper.entries.get(one.entry) if self.centre.up else None
        if entry is not None and not entry.conflicts:
            self.work_in(one, clerk)

    def work_in(self, one: Written, clerk: str) -> None:
        """Ask what the card stands for."""
        for request in self._build.cards(one.entry, one.incident, one.card, clerk):
            self.centre.ask_request(request)


def untimely(lines: Sequence[Line], cards: Sequence[Written], clause: str) -> Iterator[Problem]:
    """Every card that was worked in stands in the journal at its true times, with who entered it and when."""
    by_incident: dict[str, list[Line]] = {}
    for line in lines:
        for about in {line.payload.get("incident", ""), line.payload.get("call", "").removesuffix("/call")} - {""}:
            by_incident.setdefault(about, []).append(line)
    for one in cards:
        theirs, card = by_incident.get(one.incident, []), one.card
        entered = of(theirs, "card_entered")
        if not entered:
            yield Problem(clause, f"{one.entry} was never entered")
            continue
        if entered[0].payload.get("conflicts"):
            continue
        times = [(line.kind, line.payload.get("true_at", line.at)) for line in theirs]
        for kind, at in _expected(card):
            if (kind, at) not in times:
                yield Problem(clause, f"{one.entry}: {kind} at {at} is not there: {[t for t in times if t[0] == kind]}")
        tags = of(theirs, "incident_from_paper")
        said = [(tag.payload["card"], tag.payload["clerk"], tag.payload["entered_at"]) for tag in tags]
        if said != [(card.number, entered[0].payload["clerk"], entered[0].recorded_at)]:
            yield Problem(clause, f"{one.entry} is tagged {said}")


def _expected(card: PaperCard) -> Iterator[tuple[str, Instant]]:
    every: list[tuple[str, Instant | None]] = [
        ("call_received", card.received_at), ("call_answered", card.answered_at), ("incident_opened", card.opened_at),
        ("incident_closed", card.closed_at),
    ]  # fmt: skip
    for line in card.units:
        every += [("unit_assigned", line.dispatched), ("time_corrected", line.en_route)]
        every += [("time_corrected", line.on_scene), ("assignment_ended", line.available)]
    yield from ((kind, at) for kind, at in every if at is not None)


def numbered_twice(cards: Sequence[Written]) -> Iterator[Problem]:
    """No number is on two cards, and none is without one."""
    seen: dict[str, str] = {}
    for one in cards:
        if not one.card.number:
            yield Problem("seats_work_alone", f"{one.entry} has no number: {one.seat} ran out of them")
        elif one.card.number in seen:
            yield Problem("seats_work_alone", f"{one.card.number} is on {seen[one.card.number]} and {one.entry}")
        seen[one.card.number] = one.entry


def misprinted(seats: Sequence[PaperSeat], lines: Sequence[Line], cut: Instant) -> Iterator[Problem]:
    """When the light goes out each seat has a page that is minutes old, with every open incident and every unit."""
    for seat in seats:
        if cut - seat.printed_at > PRINT_MIN * MINUTE + SECOND:
            yield Problem("seats_work_alone", f"{seat.name}'s page was {(cut - seat.printed_at) // MINUTE} minutes old")
        open_then: dict[str, str] = {}
        before = [line for line in lines if line.recorded_at < seat.printed_at]
        for line in of(before, "incident_opened", "incident_closed"):
            if line.kind == "incident_opened":
                open_then[line.payload["incident"]] = line.payload["place"]["text"]
            else:
                open_then.pop(line.payload["incident"], None)
        missing = [name for name, text in open_then.items() if f"Place: {text}" not in seat.page]
        units = {line.payload["unit"] for line in of(before, "unit_enrolled")}
        missing += [unit for unit in units if f">{unit}<" not in seat.page]
        if missing:
            yield Problem("seats_work_alone", f"{seat.name}'s page leaves out {sorted(missing)}")
