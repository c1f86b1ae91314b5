"""Rotation: contractors (tow, locksmith) are offered work in turn, per service and zone, and nobody chooses.

Whoever has had the fewest turns is next, of these the first in the list: that is the pointer. A turn is had by
accepting, or by a refusal that is written down; a call that was withdrawn, a skip with its reason and a tow that the
owner asked for move nothing. One offer is open at a time, so that between equally eligible contractors turns never
differ by more than one.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders


class Answer(StrEnum):
    """What became of an offer. No answer is a refusal that says so."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"
    WITHDRAWN = "withdrawn"  # the work is not needed any more


class Contractor(msgspec.Struct):
    """Who is on a list: what they can do, how many turns they have had, why they are suspended ("" when not)."""

    id: str
    capabilities: list[str] = msgspec.field(default_factory=list)
    turns: int = 0
    suspended: str = ""


class Offer(msgspec.Struct, frozen=True):
    """Work that was offered and is not answered yet."""

    id: str
    contractor: str
    incident: str


class Rotation(msgspec.Struct):
    """One list: its contractors in order, and the offer that is open."""

    id: str
    service: str
    zone: str
    contractors: list[Contractor] = msgspec.field(default_factory=list)
    offer: Offer | None = None

    @property
    def pointer(self) -> str:
        """Who is next; "" where nobody is."""
        able = [one for one in self.contractors if not one.suspended]
        return min(able, key=lambda one: one.turns).id if able else ""  # of equal turns, the first in the list


class Listed(msgspec.Struct, frozen=True, omit_defaults=True):
    """A contractor as a list names it."""

    contractor: str
    capabilities: list[str] = []


class Skip(msgspec.Struct, frozen=True):
    """Whose turn it was and why the offer went on."""

    contractor: str
    reason: str


@event("dispatch.rotation_set", subjects=("rotation", "contractors"))
class RotationSet(Event, frozen=True):
    """A list and its order; `turns` are those with which each begins."""

    rotation: str
    service: str
    zone: str
    contractors: list[str]
    capabilities: list[list[str]]
    turns: list[int]


@event("dispatch.contractor_suspended", subjects=("rotation", "contractor"))
class ContractorSuspended(Event, frozen=True):
    """Nothing is offered to it until it is restored."""

    rotation: str
    contractor: str
    by: str
    reason: str


@event("dispatch.contractor_restored", subjects=("rotation", "contractor"))
class ContractorRestored(Event, frozen=True):
    """It is offered work again, with as many turns as its peers: what it missed is not made up."""

    rotation: str
    contractor: str
    by: str
    turns: int


@event("dispatch.rotation_offered", subjects=("rotation", "contractor", "incident"))
class RotationOffered(Event, frozen=True):
    """Work was offered to whoever is next; `skipped` says who was before them and why not."""

    rotation: str
    offer: str
    contractor: str
    incident: str
    skipped: list[Skip] = []


@event("dispatch.rotation_answered", subjects=("rotation", "contractor", "incident"))
class RotationAnswered(Event, frozen=True):
    """The offer is closed; `turn` says that it counts."""

    rotation: str
    offer: str
    contractor: str
    incident: str
    answer: Answer
    turn: bool
    by: str
    reason: str = ""


@event("dispatch.owner_requested", subjects=("rotation", "contractor", "incident"))
class OwnerRequested(Event, frozen=True):
    """The owner asked for this contractor, listed or not. The pointer does not move."""

    rotation: str
    contractor: str
    incident: str
    by: str


@command("dispatch.set_rotation")
class SetRotation(Command, frozen=True):
    """Set who is on a list and in which order."""

    rotation: str
    service: str
    zone: str
    contractors: list[Listed]


@command("dispatch.suspend_contractor")
class SuspendContractor(Command, frozen=True):
    """Offer it nothing for now."""

    rotation: str
    contractor: str
    by: str
    reason: str


@command("dispatch.restore_contractor")
class RestoreContractor(Command, frozen=True):
    """Offer it work again."""

    rotation: str
    contractor: str
    by: str


@command("dispatch.offer_rotation")
class OfferRotation(Command, frozen=True):
    """Offer work to whoever is next and has these capabilities; `skips` are those to be passed over, and why."""

    rotation: str
    offer: str
    incident: str
    capabilities: list[str] = []
    skips: list[Skip] = []


@command("dispatch.answer_rotation")
class AnswerRotation(Command, frozen=True):
    """Say what the contractor said."""

    rotation: str
    offer: str
    answer: Answer
    by: str
    reason: str = ""


@command("dispatch.request_contractor")
class RequestContractor(Command, frozen=True):
    """Say that the owner wants this one."""

    rotation: str
    contractor: str
    incident: str
    by: str


def decide_set_rotation(state: Dispatch, asked: SetRotation, now: Instant) -> Decision:
    """Who stays keeps its turns, unless its capabilities changed; who is new begins with its peers.

    Rejections: `rotation_unnamed`, `no_contractors`, `contractor_named_twice`, `offer_open`.
    """
    del now
    names = [one.contractor for one in asked.contractors]
    if not asked.rotation.strip() or not asked.service.strip():
        return Rejection("rotation_unnamed")
    if not names or not all(name.strip() for name in names):
        return Rejection("no_contractors", {"rotation": asked.rotation})
    if len(set(names)) != len(names):
        return Rejection("contractor_named_twice", {"contractors": names})
    known = state.rotations.get(asked.rotation)
    if known is not None and known.offer is not None:
        return Rejection("offer_open", {"offer": known.offer.id, "contractor": known.offer.contractor})
    before = known.contractors if known is not None else []
    able = [sorted(set(one.capabilities)) for one in asked.contractors]
    held = {one.id: one for one in before}
    turns = [
        held[name].turns if name in held and held[name].capabilities == can else _level(before, can)
        for name, can in zip(names, able, strict=True)
    ]
    return [RotationSet(asked.rotation, asked.service, asked.zone, names, able, turns)]


def _level(contractors: list[Contractor], capabilities: list[str], but: str = "") -> int:
    """The turns with which somebody joins: the fewest among its peers; without peers, the most of all."""
    others = [one for one in contractors if one.id != but]
    peers = [one.turns for one in others if one.capabilities == capabilities and not one.suspended]
    return min(peers) if peers else max((one.turns for one in others), default=0)


def apply_rotation_set(state: Dispatch, happened: RotationSet, at: Instant) -> None:
    """Suspensions stay."""
    del at
    known = state.rotations.get(happened.rotation)
    suspended = {one.id: one.suspended for one in known.contractors} if known is not None else {}
    state.rotations[happened.rotation] = Rotation(
        happened.rotation,
        happened.service,
        happened.zone,
        [
            Contractor(name, list(can), turns, suspended.get(name, ""))
            for name, can, turns in zip(happened.contractors, happened.capabilities, happened.turns, strict=True)
        ],
    )


def decide_suspend_contractor(state: Dispatch, asked: SuspendContractor, now: Instant) -> Decision:
    """Rejections: `rotation_unknown`, `contractor_unknown`, `name_and_reason_needed`, `offer_open`."""
    del now
    rotation, contractor = _find(state, asked.rotation, asked.contractor)
    if rotation is None or contractor is None:
        return _unknown(rotation, asked.rotation, asked.contractor)
    if not asked.by.strip() or not asked.reason.strip():
        return Rejection("name_and_reason_needed", {"contractor": asked.contractor})
    if rotation.offer is not None and rotation.offer.contractor == contractor.id:
        return Rejection("offer_open", {"offer": rotation.offer.id, "contractor": contractor.id})
    return [ContractorSuspended(rotation.id, contractor.id, asked.by, asked.reason)]


def apply_contractor_suspended(state: Dispatch, happened: ContractorSuspended, at: Instant) -> None:
    """It keeps its place in the list."""
    del at
    _, contractor = _find(state, happened.rotation, happened.contractor)
    if contractor is not None:
        contractor.suspended = f"{happened.by}: {happened.reason}"


def decide_restore_contractor(state: Dispatch, asked: RestoreContractor, now: Instant) -> Decision:
    """Rejections: `rotation_unknown`, `contractor_unknown`, `name_needed`. Nothing where it is not suspended."""
    del now
    rotation, contractor = _find(state, asked.rotation, asked.contractor)
    if rotation is None or contractor is None:
        return _unknown(rotation, asked.rotation, asked.contractor)
    if not asked.by.strip():
        return Rejection("name_needed", {"contractor": asked.contractor})
    if not contractor.suspended:
        return []
    turns = max(contractor.turns, _level(rotation.contractors, contractor.capabilities, contractor.id))
    return [ContractorRestored(rotation.id, contractor.id, asked.by, turns)]


def apply_contractor_restored(state: Dispatch, happened: ContractorRestored, at: Instant) -> None:
    """It is in turn again."""
    del at
    _, contractor = _find(state, happened.rotation, happened.contractor)
    if contractor is not None:
        contractor.suspended, contractor.turns = "", happened.turns


def decide_offer_rotation(state: Dispatch, asked: OfferRotation, now: Instant) -> Decision:
    """To the one with the fewest turns that can do it. Each who is passed over stands there with a reason.

    Rejections: `rotation_unknown`, `incident_unknown`, `offer_open`, `skip_without_reason`, `nobody_left` (says why).
    """
    del now
    rotation = state.rotations.get(asked.rotation)
    if rotation is None:
        return Rejection("rotation_unknown", {"rotation": asked.rotation})
    if asked.incident not in state.incidents:
        return Rejection("incident_unknown", {"incident": asked.incident})
    if rotation.offer is not None:
        return Rejection("offer_open", {"offer": rotation.offer.id, "contractor": rotation.offer.contractor})
    if any(not skip.reason.strip() for skip in asked.skips):
        return Rejection(
            "skip_without_reason", {"contractors": [s.contractor for s in asked.skips if not s.reason.strip()]}
        )
    said = {skip.contractor: skip.reason for skip in asked.skips}
    skipped: list[Skip] = []
    for contractor in sorted(rotation.contractors, key=lambda one: one.turns):  # stable: of equal turns, list order
        missing = [one for one in asked.capabilities if one not in contractor.capabilities]
        lacks = f"lacks {', '.join(missing)}" if missing else ""
        reason = contractor.suspended or lacks or said.get(contractor.id, "")
        if not reason:
            return [RotationOffered(rotation.id, asked.offer, contractor.id, asked.incident, skipped)]
        skipped.append(Skip(contractor.id, reason))
    return Rejection("nobody_left", {"skipped": {skip.contractor: skip.reason for skip in skipped}})


def apply_rotation_offered(state: Dispatch, happened: RotationOffered, at: Instant) -> None:
    """Nothing moves until it is answered."""
    del at
    state.rotations[happened.rotation].offer = Offer(happened.offer, happened.contractor, happened.incident)


def decide_answer_rotation(state: Dispatch, asked: AnswerRotation, now: Instant) -> Decision:
    """Rejections: `rotation_unknown`, `offer_unknown`, `name_needed`, `reason_needed` (for all but an acceptance)."""
    del now
    rotation = state.rotations.get(asked.rotation)
    if rotation is None:
        return Rejection("rotation_unknown", {"rotation": asked.rotation})
    offer = rotation.offer
    if offer is None or offer.id != asked.offer:
        return Rejection("offer_unknown", {"offer": asked.offer})
    if not asked.by.strip():
        return Rejection("name_needed", {"offer": offer.id})
    if asked.answer is not Answer.ACCEPTED and not asked.reason.strip():
        return Rejection("reason_needed", {"offer": offer.id})
    turn = asked.answer is not Answer.WITHDRAWN
    return [
        RotationAnswered(
            rotation.id, offer.id, offer.contractor, offer.incident, asked.answer, turn, asked.by, asked.reason
        )
    ]


def apply_rotation_answered(state: Dispatch, happened: RotationAnswered, at: Instant) -> None:
    """The turn was had, or not."""
    del at
    rotation, contractor = _find(state, happened.rotation, happened.contractor)
    if rotation is not None and contractor is not None:
        rotation.offer = None
        contractor.turns += int(happened.turn)


def decide_request_contractor(state: Dispatch, asked: RequestContractor, now: Instant) -> Decision:
    """Rejections: `rotation_unknown`, `incident_unknown`, `name_needed`."""
    del now
    if asked.rotation not in state.rotations:
        return Rejection("rotation_unknown", {"rotation": asked.rotation})
    if asked.incident not in state.incidents:
        return Rejection("incident_unknown", {"incident": asked.incident})
    if not asked.by.strip() or not asked.contractor.strip():
        return Rejection("name_needed", {"incident": asked.incident})
    return [OwnerRequested(asked.rotation, asked.contractor, asked.incident, asked.by)]


def apply_owner_requested(state: Dispatch, happened: OwnerRequested, at: Instant) -> None:
    """It is written down; nobody's turn was had."""
    del state, happened, at


def _find(state: Dispatch, rotation: str, contractor: str) -> tuple[Rotation | None, Contractor | None]:
    found = state.rotations.get(rotation)
    if found is None:
        return None, None
    return found, next((one for one in found.contractors if one.id == contractor), None)


def _unknown(rotation: Rotation | None, named: str, contractor: str) -> Rejection:
    if rotation is None:
        return Rejection("rotation_unknown", {"rotation": named})
    return Rejection("contractor_unknown", {"contractor": contractor})


DECIDERS: Deciders = {
    SetRotation: decide_set_rotation,
    SuspendContractor: decide_suspend_contractor,
    RestoreContractor: decide_restore_contractor,
    OfferRotation: decide_offer_rotation,
    AnswerRotation: decide_answer_rotation,
    RequestContractor: decide_request_contractor,
}
APPLIERS: Appliers = {
    RotationSet: apply_rotation_set,
    ContractorSuspended: apply_contractor_suspended,
    ContractorRestored: apply_contractor_restored,
    RotationOffered: apply_rotation_offered,
    RotationAnswered: apply_rotation_answered,
    OwnerRequested: apply_owner_requested,
}
