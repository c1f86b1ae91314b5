"""Triage: which protocols may be used, what callers answered, and the determinant that came of it.

A protocol is locked until a medical director has signed the digest of the very text that is used. The signature is an
event of its own, asked by a person in the role `medical_director` and by nobody else (policies); it stands in the hash
chain under the signed heads of the journal. Questions are walked outside; here is checked that the text is the signed
one. An incident goes to dispatch on its place and chief complaint: questioning goes on while units are on their way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.triage.interview import Answer
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders

MAX_DETERMINANT = 8  # characters (NERIS)
DIGEST_DIGITS = 64  # SHA-256, hexadecimal
MAX_ANSWER = 1_000  # characters


class SignedProtocol(msgspec.Struct, frozen=True):
    """The version of a protocol that is in force, and who signed it."""

    protocol: str
    version: str
    digest: str
    by: str
    licence: str
    signed_at: Instant


@event("dispatch.protocol_signed", subjects=("protocol",))
class ProtocolSigned(Event, frozen=True):
    """A medical director answers for this text; `licence` is that of the director."""

    protocol: str
    version: str
    digest: str
    by: str
    licence: str


@event("dispatch.protocol_locked", subjects=("protocol",))
class ProtocolLocked(Event, frozen=True):
    """It may not be used any more."""

    protocol: str
    by: str
    reason: str


@event("dispatch.triage_answered", subjects=("incident",))
class TriageAnswered(Event, frozen=True):
    """A caller answered; `answer` is as it was given."""

    incident: str
    protocol: str
    version: str
    question: str
    answer: str


@event("dispatch.instructions_given", subjects=("incident",))
class InstructionsGiven(Event, frozen=True):
    """A caller was told what to do, telephone CPR for one."""

    incident: str
    protocol: str
    version: str
    instructions: str


@event("dispatch.determinant_set", subjects=("incident",))
class DeterminantSet(Event, frozen=True):
    """The questions came to this; `was` is what stood before."""

    incident: str
    protocol: str
    version: str
    determinant: str
    was: str = ""


@command("dispatch.sign_protocol")
class SignProtocol(Command, frozen=True):
    """Answer for a text as its medical director: the digest is that of the bytes that were read."""

    protocol: str
    version: str
    digest: str
    by: str
    licence: str


@command("dispatch.lock_protocol")
class LockProtocol(Command, frozen=True):
    """Take a protocol out of use."""

    protocol: str
    by: str
    reason: str


@command("dispatch.record_answer")
class RecordAnswer(Command, frozen=True):
    """Write down what a caller answered, from the text with this digest."""

    incident: str
    protocol: str
    digest: str
    question: str
    answer: str


@command("dispatch.give_instructions")
class GiveInstructions(Command, frozen=True):
    """Write down that a caller is being told what to do, from the text with this digest."""

    incident: str
    protocol: str
    digest: str
    instructions: str


@command("dispatch.set_determinant")
class SetDeterminant(Command, frozen=True):
    """Write down what the questions came to."""

    incident: str
    protocol: str
    digest: str
    determinant: str


def decide_sign_protocol(state: Dispatch, asked: SignProtocol, now: Instant) -> Decision:
    """Rejections: `protocol_unnamed`, `digest_malformed`, `name_and_licence_needed`. Signing again changes nothing."""
    del now
    if not asked.protocol.strip() or not asked.version.strip():
        return Rejection("protocol_unnamed")
    if len(asked.digest) != DIGEST_DIGITS or any(digit not in "0123456789abcdef" for digit in asked.digest):
        return Rejection("digest_malformed", {"said": asked.digest[:DIGEST_DIGITS]})
    if not asked.by.strip() or not asked.licence.strip():
        return Rejection("name_and_licence_needed", {"protocol": asked.protocol})
    known = state.protocols.get(asked.protocol)
    same = (asked.version, asked.digest, asked.by, asked.licence)
    if known is not None and (known.version, known.digest, known.by, known.licence) == same:
        return []
    return [ProtocolSigned(asked.protocol, *same)]


def apply_protocol_signed(state: Dispatch, happened: ProtocolSigned, at: Instant) -> None:
    """The text that is in force, and no other version is."""
    state.protocols[happened.protocol] = SignedProtocol(
        happened.protocol, happened.version, happened.digest, happened.by, happened.licence, at
    )


def decide_lock_protocol(state: Dispatch, asked: LockProtocol, now: Instant) -> Decision:
    """Rejections: `protocol_locked`, `name_and_reason_needed`."""
    del now
    if asked.protocol not in state.protocols:
        return Rejection("protocol_locked", {"protocol": asked.protocol})
    if not asked.by.strip() or not asked.reason.strip():
        return Rejection("name_and_reason_needed", {"protocol": asked.protocol})
    return [ProtocolLocked(asked.protocol, asked.by, asked.reason)]


def apply_protocol_locked(state: Dispatch, happened: ProtocolLocked, at: Instant) -> None:
    """What was answered from it stays with its incidents."""
    del at
    del state.protocols[happened.protocol]


def decide_record_answer(state: Dispatch, asked: RecordAnswer, now: Instant) -> Decision:
    """While the incident is open, units sent or not.

    Rejections: `incident_unknown`, `incident_closed`, `protocol_locked`, `question_unnamed`, `answer_too_long`.
    """
    del now
    signed = _usable(state, asked.incident, asked.protocol, asked.digest)
    if isinstance(signed, Rejection):
        return signed
    if not asked.question.strip():
        return Rejection("question_unnamed")
    if len(asked.answer) > MAX_ANSWER:
        return Rejection("answer_too_long", {"most": MAX_ANSWER})
    return [TriageAnswered(asked.incident, asked.protocol, signed.version, asked.question, asked.answer)]


def _usable(state: Dispatch, incident: str, protocol: str, digest: str) -> SignedProtocol | Rejection:
    """The signed protocol, when the incident is open and the text is the signed one."""
    found = state.incidents.get(incident)
    if found is None or found.closed_at is not None:
        return Rejection("incident_unknown" if found is None else "incident_closed", {"incident": incident})
    signed = state.protocols.get(protocol)
    if signed is None or signed.digest != digest:
        return Rejection("protocol_locked", {"protocol": protocol, "signed": signed.version if signed else ""})
    return signed


def apply_triage_answered(state: Dispatch, happened: TriageAnswered, at: Instant) -> None:
    """One more answer."""
    state.incidents[happened.incident].triage.answers.append(_line(happened, happened.question, happened.answer, at))


def decide_give_instructions(state: Dispatch, asked: GiveInstructions, now: Instant) -> Decision:
    """Rejections: `incident_unknown`, `incident_closed`, `protocol_locked`, `instructions_unnamed`."""
    del now
    signed = _usable(state, asked.incident, asked.protocol, asked.digest)
    if isinstance(signed, Rejection):
        return signed
    if not asked.instructions.strip():
        return Rejection("instructions_unnamed")
    return [InstructionsGiven(asked.incident, asked.protocol, signed.version, asked.instructions)]


def apply_instructions_given(state: Dispatch, happened: InstructionsGiven, at: Instant) -> None:
    """It is known when the caller was told."""
    state.incidents[happened.incident].triage.instructions.append(_line(happened, happened.instructions, "", at))


def _line(happened: TriageAnswered | InstructionsGiven, question: str, answer: str, at: Instant) -> Answer:
    return Answer(at, f"{happened.protocol} {happened.version}", question, answer)


def decide_set_determinant(state: Dispatch, asked: SetDeterminant, now: Instant) -> Decision:
    """Rejections: `incident_unknown`, `incident_closed`, `protocol_locked`, `determinant_malformed`."""
    del now
    signed = _usable(state, asked.incident, asked.protocol, asked.digest)
    if isinstance(signed, Rejection):
        return signed
    if not asked.determinant.strip() or len(asked.determinant) > MAX_DETERMINANT:
        return Rejection("determinant_malformed", {"said": asked.determinant, "most": MAX_DETERMINANT})
    was = state.incidents[asked.incident].triage
    if (was.determinant, was.protocol) == (asked.determinant, f"{asked.protocol} {signed.version}"):
        return []
    return [DeterminantSet(asked.incident, asked.protocol, signed.version, asked.determinant, was.determinant)]


def apply_determinant_set(state: Dispatch, happened: DeterminantSet, at: Instant) -> None:
    """The latest counts; those before are in the journal."""
    del at
    triage = state.incidents[happened.incident].triage
    triage.determinant, triage.protocol = happened.determinant, f"{happened.protocol} {happened.version}"


DECIDERS: Deciders = {
    SignProtocol: decide_sign_protocol,
    LockProtocol: decide_lock_protocol,
    RecordAnswer: decide_record_answer,
    GiveInstructions: decide_give_instructions,
    SetDeterminant: decide_set_determinant,
}
APPLIERS: Appliers = {
    ProtocolSigned: apply_protocol_signed,
    ProtocolLocked: apply_protocol_locked,
    TriageAnswered: apply_triage_answered,
    InstructionsGiven: apply_instructions_given,
    DeterminantSet: apply_determinant_set,
}
