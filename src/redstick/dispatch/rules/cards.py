"""Degraded mode: numbers for paper cards are reserved ahead, and cards are entered later at their true times.

Who entered a card, and when, is kept beside them. A card that contradicts what is known waits until a named person has
settled it: nothing is merged silently, and nothing is dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.cards.card import Conflict, PaperCard, UnitLine, count_of, number_of
from redstick.dispatch.cards.reconciliation import Known, conflicts_of
from redstick.dispatch.marks import PaperOrigin
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders

BLOCKS = range(1, 501)  # how many numbers a seat may reserve at once


class Block(msgspec.Struct, frozen=True):
    """Numbers that belong to a seat, both ends included."""

    seat: str
    first: int
    last: int


class Entry(msgspec.Struct):
    """A card that was entered: `card` only while it waits to be settled; `settled` says by whom and how."""

    id: str
    incident: str
    count: int | None
    clerk: str
    entered_at: Instant
    units: list[UnitLine]
    conflicts: list[Conflict]
    card: PaperCard | None = None
    settled: str = ""
    kept: bool = True


class PaperDesk(msgspec.Struct):
    """Reserved numbers and entered cards. `next` is the first number that nobody has; numbers are never used twice."""

    next: int = 1
    blocks: list[Block] = msgspec.field(default_factory=list)
    entries: dict[str, Entry] = msgspec.field(default_factory=dict)


@event("dispatch.cards_reserved", subjects=("seat",))
class CardsReserved(Event, frozen=True):
    """These numbers belong to a seat from now on."""

    seat: str
    first: int
    last: int


@event("dispatch.card_entered", subjects=("entry", "incident"))
class CardEntered(Event, frozen=True):
    """A card as it was written, who entered it, and what it contradicts; without conflicts it may be worked in."""

    entry: str
    incident: str
    card: PaperCard
    clerk: str
    count: int | None = None
    conflicts: list[Conflict] = []


@event("dispatch.card_settled", subjects=("entry", "incident"))
class CardSettled(Event, frozen=True):
    """A named person says whether a card with conflicts is an incident of its own."""

    entry: str
    incident: str
    by: str
    keep: bool
    reason: str


@event("dispatch.incident_from_paper", subjects=("incident",))
class IncidentFromPaper(Event, frozen=True):
    """The incident was worked on paper."""

    incident: str
    card: str
    clerk: str
    entered_at: Instant


@command("dispatch.reserve_cards")
class ReserveCards(Command, frozen=True):
    """Reserve numbers for a seat, to print cards with."""

    seat: str
    count: int


@command("dispatch.enter_card")
class EnterCard(Command, frozen=True):
    """Write down a paper card. `incident` is the id under which it will be an incident."""

    entry: str
    incident: str
    card: PaperCard
    clerk: str


@command("dispatch.settle_card")
class SettleCard(Command, frozen=True):
    """Say by name that a card with conflicts is an incident of its own (`keep`), or is not."""

    entry: str
    by: str
    keep: bool
    reason: str


@command("dispatch.tag_from_paper")
class TagFromPaper(Command, frozen=True):
    """Say of an incident that it comes from a card that was entered."""

    incident: str
    entry: str


def decide_reserve_cards(state: Dispatch, asked: ReserveCards, now: Instant) -> Decision:
    """Rejections: `seat_unnamed`, `count_out_of_range`."""
    del now
    if not asked.seat.strip():
        return Rejection("seat_unnamed")
    if asked.count not in BLOCKS:
        return Rejection("count_out_of_range", {"said": asked.count, "most": BLOCKS[-1]})
    first = state.paper.next
    return [CardsReserved(asked.seat, first, first + asked.count - 1)]


def apply_cards_reserved(state: Dispatch, happened: CardsReserved, at: Instant) -> None:
    """Nobody else gets them, ever."""
    del at
    state.paper.blocks.append(Block(happened.seat, happened.first, happened.last))
    state.paper.next = happened.last + 1


def decide_enter_card(state: Dispatch, asked: EnterCard, now: Instant) -> Decision:
    """Whatever is on the card is taken in; what it contradicts is said with it.

    Rejections: `entry_known`, `incident_known`, `name_needed` (the clerk's).
    """
    if not asked.entry.strip() or asked.entry in state.paper.entries:
        return Rejection("entry_known", {"entry": asked.entry})
    promised = any(entry.incident == asked.incident for entry in state.paper.entries.values())
    if not asked.incident.strip() or asked.incident in state.incidents or promised:
        return Rejection("incident_known", {"incident": asked.incident})
    if not asked.clerk.strip():
        return Rejection("name_needed", {"entry": asked.entry})
    count = count_of(asked.card.number)
    found = conflicts_of(asked.card, _known(state), now)
    return [CardEntered(asked.entry, asked.incident, asked.card, asked.clerk, count, found)]


def _known(state: Dispatch) -> Known:
    """What a card is held against: numbers, cards that count, units, and where they were."""
    paper = state.paper
    entries = [entry for entry in paper.entries.values() if entry.kept]
    spans: list[tuple[str, str, Instant, Instant | None]] = []
    for entry in entries:
        for line in entry.units:
            times = line.times()
            if times:
                spans.append((line.unit, entry.id, times[0], line.available))
    for incident in state.incidents.values():
        if incident.paper is not None:
            continue  # its card speaks for it
        for part in (*incident.earlier, *incident.assignments.values()):
            began = min(part.stamps.values(), default=None)
            if began is not None:
                spans.append((part.unit, incident.id, began, part.ended_at))
    return Known(
        reserved=lambda count: any(block.first <= count <= block.last for block in paper.blocks),
        entered={entry.count: entry.id for entry in entries if entry.count is not None},
        units=frozenset(state.units),
        spans=spans,
    )


def apply_card_entered(state: Dispatch, happened: CardEntered, at: Instant) -> None:
    """Kept whole while somebody must settle it."""
    state.paper.entries[happened.entry] = Entry(
        happened.entry,
        happened.incident,
        happened.count,
        happened.clerk,
        at,
        list(happened.card.units),
        list(happened.conflicts),
        happened.card if happened.conflicts else None,
    )


def decide_settle_card(state: Dispatch, asked: SettleCard, now: Instant) -> Decision:
    """Rejections: `entry_unknown`, `nothing_to_settle`, `name_and_reason_needed`."""
    del now
    entry = state.paper.entries.get(asked.entry)
    if entry is None:
        return Rejection("entry_unknown", {"entry": asked.entry})
    if not entry.conflicts or entry.settled:
        return Rejection("nothing_to_settle", {"entry": entry.id, "settled": entry.settled})
    if not asked.by.strip() or not asked.reason.strip():
        return Rejection("name_and_reason_needed", {"entry": entry.id})
    return [CardSettled(entry.id, entry.incident, asked.by, asked.keep, asked.reason)]


def apply_card_settled(state: Dispatch, happened: CardSettled, at: Instant) -> None:
    """It is settled; the journal has the card."""
    del at
    entry = state.paper.entries[happened.entry]
    entry.settled, entry.kept, entry.card = f"{happened.by}: {happened.reason}", happened.keep, None


def decide_tag_from_paper(state: Dispatch, asked: TagFromPaper, now: Instant) -> Decision:
    """Rejections: `incident_unknown`, `entry_unknown`, `card_not_settled`, `card_not_kept`."""
    del now
    incident, entry = state.incidents.get(asked.incident), state.paper.entries.get(asked.entry)
    if incident is None:
        return Rejection("incident_unknown", {"incident": asked.incident})
    if entry is None or entry.incident != asked.incident:
        return Rejection("entry_unknown", {"entry": asked.entry})
    if entry.conflicts and not entry.settled:
        return Rejection("card_not_settled", {"entry": entry.id})
    if not entry.kept:
        return Rejection("card_not_kept", {"entry": entry.id, "settled": entry.settled})
    if incident.paper is not None:
        return []
    number = "" if entry.count is None else number_of(entry.count)
    return [IncidentFromPaper(incident.id, number, entry.clerk, entry.entered_at)]


def apply_incident_from_paper(state: Dispatch, happened: IncidentFromPaper, at: Instant) -> None:
    """Tagged wherever it is shown."""
    del at
    origin = PaperOrigin(happened.card, happened.clerk, happened.entered_at)
    state.incidents[happened.incident].paper = origin


def waiting(state: Dispatch) -> list[Entry]:
    """Cards that somebody must settle, in the order of entry."""
    return [entry for entry in state.paper.entries.values() if entry.conflicts and not entry.settled]


DECIDERS: Deciders = {
    ReserveCards: decide_reserve_cards,
    EnterCard: decide_enter_card,
    SettleCard: decide_settle_card,
    TagFromPaper: decide_tag_from_paper,
}
APPLIERS: Appliers = {
    CardsReserved: apply_cards_reserved,
    CardEntered: apply_card_entered,
    CardSettled: apply_card_settled,
    IncidentFromPaper: apply_incident_from_paper,
}
