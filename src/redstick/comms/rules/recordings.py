"""Recordings: what was kept of a leg, piece by piece, each proven by its hash; and who heard it, and why.

The chain of a leg begins with SHA-256 of its id; each link is SHA-256 of the link before it with the hash of exactly
the bytes that are stored. A piece that does not follow is refused: the journal never vouches for a broken chain. The
head of a recording stands in the journal once its leg is over, and with that in what is signed.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from redstick.comms.ports import seat_leg
from redstick.kernel.timers import Start
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.comms.state import Comms
    from redstick.kernel.domain import Appliers, Deciders

CLOSES_AFTER_MS = 15 * 60_000  # behind the last piece of a leg that is over


class Recording(msgspec.Struct):
    """The head of what is kept of a leg: the next piece, the chain to there; `failed` while nothing is kept."""

    chain: str
    segments: int = 0
    size: int = 0
    call: str = ""
    failed: str = ""


@event("comms.segment_kept", subjects=("leg", "call"))
class SegmentKept(Event, frozen=True):
    """A piece is on disk: its place, its size in bytes, its hash, the chain to there.

    `cut` where whoever wrote it was killed: it ends with the last packet that was whole.
    """

    leg: str
    index: int
    path: str
    size: int
    sha256: str
    chain: str
    call: str = ""
    cut: bool = False


@event("comms.recording_failed", subjects=("leg", "call"))
class RecordingFailed(Event, frozen=True):
    """What a leg says is not kept any more: somebody must know at once."""

    leg: str
    why: str
    call: str = ""


@event("comms.recording_closed", subjects=("leg", "call"))
class RecordingClosed(Event, frozen=True):
    """Nothing more comes: so many pieces and bytes, and the head of their chain."""

    leg: str
    segments: int
    size: int
    chain: str
    call: str = ""


@event("comms.recording_heard", subjects=("leg", "by"))
class RecordingHeard(Event, frozen=True):
    """Somebody heard these pieces of what was kept of a leg, and said why."""

    leg: str
    by: str
    why: str
    first: int
    last: int


@command("comms.keep_segment")
class KeepSegment(Command, frozen=True):
    """Say that a piece was closed, or was `cut` by the end of whoever wrote it."""

    leg: str
    index: int
    path: str
    size: int
    sha256: str
    chain: str
    cut: bool = False


@command("comms.fail_recording")
class FailRecording(Command, frozen=True):
    """Say that nothing is kept any more."""

    leg: str
    why: str


@command("comms.close_recording")
class CloseRecording(Command, frozen=True):
    """Anchor the head of a recording whose leg is over. A timer asks this."""

    leg: str


@command("comms.hear_recording")
class HearRecording(Command, frozen=True):
    """Hear what was kept of a leg, from piece to piece; it is written down before it is heard."""

    leg: str
    by: str
    why: str
    first: int
    last: int


def first_link(leg: str) -> str:
    """Where the chain of a leg begins."""
    return hashlib.sha256(leg.encode()).hexdigest()


def next_link(chain: str, sha256: str) -> str:
    """The chain with one piece more; raises ValueError for what is no hash."""
    return hashlib.sha256(bytes.fromhex(chain) + bytes.fromhex(sha256)).hexdigest()


def is_standing(leg: str) -> bool:
    """Whether it is a seat's own leg, which no command offers and no fact ends."""
    return leg.startswith(seat_leg(""))


def decide_keep_segment(state: Comms, asked: KeepSegment, now: Instant) -> Decision:
    """The same piece again changes nothing. Rejections: `leg_unknown`, `out_of_order` (says the next), `chain_broken`.

    The last piece of a leg may come after its end.
    """
    del now
    leg, known = state.legs.get(asked.leg), state.recordings.get(asked.leg)
    if leg is None and known is None and not is_standing(asked.leg):
        return Rejection("leg_unknown", {"leg": asked.leg})
    head = known or Recording(first_link(asked.leg), call=leg.call if leg is not None else "")
    if known is not None and (asked.index, asked.chain) == (known.segments - 1, known.chain):
        return []
    if asked.index != head.segments:
        return Rejection("out_of_order", {"leg": asked.leg, "next": head.segments})
    try:
        follows = len(asked.sha256) == 64 and next_link(head.chain, asked.sha256) == asked.chain
    except ValueError:
        follows = False
    if not follows:
        return Rejection("chain_broken", {"leg": asked.leg, "index": asked.index})
    kept = (asked.leg, asked.index, asked.path, asked.size, asked.sha256, asked.chain)
    return [SegmentKept(*kept, head.call, asked.cut)]


def apply_segment_kept(state: Comms, happened: SegmentKept, at: Instant) -> None:
    """It is kept, again where it had failed."""
    del at
    head = state.recordings.setdefault(happened.leg, Recording("", call=happened.call))
    head.chain, head.segments, head.failed = happened.chain, happened.index + 1, ""
    head.size += happened.size


def decide_fail_recording(state: Comms, asked: FailRecording, now: Instant) -> Decision:
    """Nothing where it has failed already. Rejections: `leg_unknown`."""
    del now
    leg, known = state.legs.get(asked.leg), state.recordings.get(asked.leg)
    if leg is None and not is_standing(asked.leg):
        return Rejection("leg_unknown", {"leg": asked.leg})
    if known is not None and known.failed:
        return []
    return [RecordingFailed(asked.leg, asked.why or "unknown", leg.call if leg is not None else "")]


def apply_recording_failed(state: Comms, happened: RecordingFailed, at: Instant) -> None:
    """Until a piece is kept again."""
    del at
    first = Recording(first_link(happened.leg), call=happened.call)
    state.recordings.setdefault(happened.leg, first).failed = happened.why


def decide_close_recording(state: Comms, asked: CloseRecording, now: Instant) -> Decision:
    """Nothing while the leg is here: each piece of it sets the timer anew. A standing leg has one chain for ever."""
    del now
    head = state.recordings.get(asked.leg)
    if head is None or asked.leg in state.legs or is_standing(asked.leg):
        return []
    return [RecordingClosed(asked.leg, head.segments, head.size, head.chain, head.call)]


def apply_recording_closed(state: Comms, happened: RecordingClosed, at: Instant) -> None:
    """It is in the journal alone."""
    del at
    del state.recordings[happened.leg]


def decide_hear_recording(state: Comms, asked: HearRecording, now: Instant) -> Decision:
    """Rejections: `leg_unnamed`, `name_and_reason_needed`, `no_such_pieces`. The leg may be over long ago."""
    del state, now
    if not asked.leg.strip():
        return Rejection("leg_unnamed")
    if not asked.by.strip() or not asked.why.strip():
        return Rejection("name_and_reason_needed", {"leg": asked.leg})
    if not 0 <= asked.first <= asked.last:
        return Rejection("no_such_pieces", {"leg": asked.leg})
    return [RecordingHeard(asked.leg, asked.by, asked.why, asked.first, asked.last)]


def apply_recording_heard(state: Comms, happened: RecordingHeard, at: Instant) -> None:
    """Who heard what is in the journal."""
    del state, happened, at


def when_kept_then_close_some_time(happened: SegmentKept, now: Instant) -> list[Start]:
    """The head is anchored a while behind the last piece."""
    return [Start(f"comms/recording/{happened.leg}", now + CLOSES_AFTER_MS, CloseRecording(happened.leg))]


DECIDERS: Deciders = {
    KeepSegment: decide_keep_segment,
    FailRecording: decide_fail_recording,
    CloseRecording: decide_close_recording,
    HearRecording: decide_hear_recording,
}
APPLIERS: Appliers = {
    SegmentKept: apply_segment_kept,
    RecordingFailed: apply_recording_failed,
    RecordingClosed: apply_recording_closed,
    RecordingHeard: apply_recording_heard,
}
KERNEL_ONLY: frozenset[type[Command]] = frozenset({CloseRecording})
