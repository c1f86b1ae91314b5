"""The kernel's own domain: who leads, what is suspended, what other journals said; and outcomes without an event."""

import msgspec

from redstick.kernel.evolution import Evolution
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event


class Kernel(msgspec.Struct):
    """The kernel's own state. `suspended` gives the error for each domain that takes no commands.

    `anchors` holds the newest head seen of each other journal, as position and hash in hexadecimal. `breaks` are the
    positions at which this journal's chain went on behind damage.
    """

    epoch: int = 0
    node: str = ""
    suspended: dict[str, str] = {}
    anchors: dict[str, tuple[int, str]] = {}
    breaks: list[int] = []
    evolution: Evolution = msgspec.field(default_factory=Evolution)


@event("kernel.rejected")
class Rejected(Event, frozen=True):
    """A command was refused: a stable code, and the data that explains it as JSON text."""

    command: str
    code: str
    data: str


@event("kernel.nothing_changed")
class NothingChanged(Event, frozen=True):
    """A command was accepted and there was nothing to do: its outcome is kept like any other."""

    command: str


@event("kernel.domain_suspended")
class DomainSuspended(Event, frozen=True):
    """A domain's own code failed on a command; the domain takes no commands until it is resumed. The node goes on."""

    domain: str
    command: str
    error: str


@event("kernel.domain_resumed")
class DomainResumed(Event, frozen=True):
    """A suspended domain takes commands again, from its committed state."""

    domain: str


@event("kernel.reaction_failed")
class ReactionFailed(Event, frozen=True):
    """A reaction's own code failed on the event at a position: what it would have asked, a person must see to."""

    reaction: str
    position_failed: int
    error: str


@event("kernel.epoch_began")
class EpochBegan(Event, frozen=True):
    """A node leads from here on; a line of an older epoch behind this one would be a fault."""

    epoch: int
    node: str


@event("kernel.chain_broken")
class ChainBroken(Event, frozen=True):
    """Stored bytes were not what was written: good up to `good`, and gone on with from `first`. An alarm.

    `missing` counts the lines between that could not be read any more.
    """

    good: int
    first: int
    missing: int


@event("kernel.head_anchored")
class HeadAnchored(Event, frozen=True):
    """Another journal stood here: its position, and its hash there in hexadecimal. Neither can be rewritten alone."""

    journal: str
    position_anchored: int
    hash: str


@command("kernel.begin_epoch")
class BeginEpoch(Command, frozen=True):
    """Say that a node leads now."""

    epoch: int
    node: str


@command("kernel.suspend_domain")
class SuspendDomain(Command, frozen=True):
    """Write down that a domain's code failed on stored lines: it takes no commands."""

    domain: str
    error: str


@command("kernel.resume_domain")
class ResumeDomain(Command, frozen=True):
    """Let a suspended domain take commands again, after its fault has been mended."""

    domain: str


@command("kernel.report_failure")
class ReportFailure(Command, frozen=True):
    """Write down that a reaction's code failed."""

    reaction: str
    position_failed: int
    error: str


@command("kernel.report_break")
class ReportBreak(Command, frozen=True):
    """Write down that the chain was broken and goes on."""

    good: int
    first: int
    missing: int


@command("kernel.anchor_head")
class AnchorHead(Command, frozen=True):
    """Write down where another journal stands."""

    journal: str
    position_anchored: int
    hash: str


def decide_begin_epoch(state: Kernel, asked: BeginEpoch, now: Instant) -> Decision:
    """Rejections: `epoch_not_higher`."""
    del now
    if asked.epoch <= state.epoch:
        return Rejection("epoch_not_higher", {"epoch": state.epoch})
    return [EpochBegan(asked.epoch, asked.node)]


def apply_epoch_began(state: Kernel, happened: EpochBegan, at: Instant) -> None:
    """A new leader folds from durable lines alone, so what was suspended is whole again."""
    del at
    state.epoch, state.node = happened.epoch, happened.node
    state.suspended.clear()


def decide_suspend_domain(state: Kernel, asked: SuspendDomain, now: Instant) -> Decision:
    """Nothing is refused; saying it twice changes nothing."""
    del now
    return [] if asked.domain in state.suspended else [DomainSuspended(asked.domain, "", asked.error)]


def decide_resume_domain(state: Kernel, asked: ResumeDomain, now: Instant) -> Decision:
    """Rejections: `domain_not_suspended`."""
    del now
    if asked.domain not in state.suspended:
        return Rejection("domain_not_suspended", {"domain": asked.domain})
    return [DomainResumed(asked.domain)]


def apply_domain_suspended(state: Kernel, happened: DomainSuspended, at: Instant) -> None:
    """It takes no commands."""
    del at
    state.suspended[happened.domain] = happened.error


def apply_domain_resumed(state: Kernel, happened: DomainResumed, at: Instant) -> None:
    """It takes commands again."""
    del at
    state.suspended.pop(happened.domain, None)


def decide_report_failure(state: Kernel, asked: ReportFailure, now: Instant) -> Decision:
    """Nothing is refused."""
    del state, now
    return [ReactionFailed(asked.reaction, asked.position_failed, asked.error)]


def decide_report_break(state: Kernel, asked: ReportBreak, now: Instant) -> Decision:
    """Nothing is refused; a break that is known already changes nothing."""
    del now
    return [] if asked.first in state.breaks else [ChainBroken(asked.good, asked.first, asked.missing)]


def apply_chain_broken(state: Kernel, happened: ChainBroken, at: Instant) -> None:
    """Known from now on."""
    del at
    state.breaks.append(happened.first)


def decide_anchor_head(state: Kernel, asked: AnchorHead, now: Instant) -> Decision:
    """Rejections: `anchor_not_ahead` (a journal does not go back)."""
    del now
    position, known = state.anchors.get(asked.journal, (0, ""))
    if asked.position_anchored < position or (asked.position_anchored == position and asked.hash != known):
        return Rejection("anchor_not_ahead", {"journal": asked.journal, "position": position})
    if asked.position_anchored == position:
        return []
    return [HeadAnchored(asked.journal, asked.position_anchored, asked.hash)]


def apply_head_anchored(state: Kernel, happened: HeadAnchored, at: Instant) -> None:
    """The newest head is kept."""
    del at
    state.anchors[happened.journal] = (happened.position_anchored, happened.hash)


def apply_nothing(state: Kernel, happened: Event, at: Instant) -> None:
    """Outcomes and records change no state."""
    del state, happened, at
