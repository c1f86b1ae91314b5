"""A card as the commands that it stands for, each at its true time, under ids that make entering twice harmless."""

from collections.abc import Iterator

from redstick.dispatch.cards.card import PaperCard, UnitLine
from redstick.dispatch.place import Place
from redstick.dispatch.rules.assignments import AssignUnits, CorrectTime, ReleaseUnit
from redstick.dispatch.rules.calls import AnswerCall, EndCall, ReceiveCall
from redstick.dispatch.rules.cards import TagFromPaper
from redstick.dispatch.rules.incidents import AddNote, CloseIncident, OpenIncident
from redstick.kernel.values import Command, Instant, Request

SOURCE = "paper"


def requests_of(entry: str, incident: str, card: PaperCard, actor: str) -> list[Request]:
    """What to ask, in this order, after `EnterCard` was accepted without conflicts or they were settled.

    A time that was not written is not asked: it stays empty. Whatever is refused is for the clerk to see.
    """
    asked = list(_asked(entry, incident, card))
    return [Request(f"card:{entry}:{number}", command, actor, at) for number, (command, at) in enumerate(asked)]


def _asked(entry: str, incident: str, card: PaperCard) -> Iterator[tuple[Command, Instant]]:
    call, place = "", Place(card.place, source=SOURCE)
    if card.received_at is not None:
        call = f"{incident}/call"
        yield ReceiveCall(call, SOURCE, card.callback, place), card.received_at
        if card.answered_at is not None:
            yield AnswerCall(call, SOURCE), card.answered_at
    opening = OpenIncident(incident, card.number, card.kind, priority=card.priority, place=place, call=call)
    yield opening, card.opened_at
    yield TagFromPaper(incident, entry), card.opened_at
    if call:
        yield EndCall(call), card.opened_at
    for note in card.notes:
        yield AddNote(incident, note), card.opened_at
    for line in card.units:
        yield from _of_unit(incident, card, line)
    if card.closed_at is not None:
        yield CloseIncident(incident, card.disposition), card.closed_at


def _of_unit(incident: str, card: PaperCard, line: UnitLine) -> Iterator[tuple[Command, Instant]]:
    """Sent, its times, and let go; what a card says of a unit changes nothing of what it is doing now."""
    times = line.times()
    if not times:
        return
    reason = f"card {card.number}"
    sent = AssignUnits(incident, [line.unit], alerted=line.dispatched is not None, despite=reason)
    yield sent, times[0]
    for stamp, at in (("en_route", line.en_route), ("on_scene", line.on_scene)):
        if at is not None:
            yield CorrectTime(incident, line.unit, stamp, at, reason), at
    if line.available is not None:
        yield ReleaseUnit(incident, line.unit), line.available
