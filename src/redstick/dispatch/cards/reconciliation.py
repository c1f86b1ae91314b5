"""What a card contradicts: listed for a person, never settled by the machine."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from redstick.dispatch.cards.card import Conflict, PaperCard, UnitLine, count_of
from redstick.kernel.values import Instant

Span = tuple[str, str, Instant, Instant | None]  # unit, card or incident, from, until (None: still)


@dataclass(frozen=True, slots=True)
class Known:
    """What a card is held against. `entered` gives the card under which a number was entered already."""

    reserved: Callable[[int], bool]
    entered: Mapping[int, str]
    units: frozenset[str]
    spans: Sequence[Span]


def conflicts_of(card: PaperCard, known: Known, now: Instant) -> list[Conflict]:
    """Every conflict, in the order in which they are looked for.

    `no_number`, `number_not_reserved`, `number_entered_before` (other: that card), `unit_unknown`, `unit_twice`,
    `unit_on_two_incidents` (other: the card or incident), `times_run_backwards` (unit, or none for the call's own),
    `time_ahead`, `no_place`.
    """
    return [*_of_number(card, known), *_of_units(card, known), *_of_times(card, now)]


def _of_number(card: PaperCard, known: Known) -> Iterator[Conflict]:
    count = count_of(card.number)
    if count is None:
        yield Conflict("no_number")
    elif not known.reserved(count):
        yield Conflict("number_not_reserved")
    elif count in known.entered:
        yield Conflict("number_entered_before", other=known.entered[count])
    if not card.place.strip():
        yield Conflict("no_place")


def _of_units(card: PaperCard, known: Known) -> Iterator[Conflict]:
    names = [line.unit for line in card.units]
    for name in dict.fromkeys(names):
        if name not in known.units:
            yield Conflict("unit_unknown", name)
        if names.count(name) > 1:
            yield Conflict("unit_twice", name)
    for line in card.units:
        met = (other for unit, other, began, ended in known.spans if unit == line.unit and _meet(line, began, ended))
        for other in dict.fromkeys(met):
            yield Conflict("unit_on_two_incidents", line.unit, other)


def _meet(line: UnitLine, began: Instant, ended: Instant | None) -> bool:
    """Whether a unit was there and elsewhere at once; ending one at the very time of the other is no conflict."""
    times = line.times()
    if not times:
        return False
    return times[0] < (ended if ended is not None else times[0] + 1) and began < (line.available or began + 1)


def _of_times(card: PaperCard, now: Instant) -> Iterator[Conflict]:
    own = [card.received_at, card.answered_at, card.opened_at, card.closed_at]
    lines = [("", [time for time in own if time is not None]), *((line.unit, line.times()) for line in card.units)]
    for unit, times in lines:
        if times != sorted(times):
            yield Conflict("times_run_backwards", unit)
        if any(time > now for time in times):
            yield Conflict("time_ahead", unit)
