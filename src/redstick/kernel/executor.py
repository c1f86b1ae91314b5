"""The executor: one command at a time, decided in order; two folds; outcomes only when they are durable.

Sans-I/O. A driver submits requests, asks for a batch of decided lines, makes the batch durable in its own way, and says
so; only then do outcomes and committed state exist for anyone. Two folds run the same appliers: *decided* is ahead by
the batches in flight and private to the deciders; *committed* is what seats, reactions and the world may see.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import msgspec

from redstick.kernel.domain import Apply, Decide, Domain, EventReader
from redstick.kernel.envelope import Envelope, Head, fingerprint, seal, unseal
from redstick.kernel.errors import Corruption, Unavailable
from redstick.kernel.system import SYSTEM_EVENTS, DomainSuspended, NothingChanged, Rejected
from redstick.kernel.values import Command, Event, Instant, Outcome, Rejection, Request
from redstick.kernel.window import DAY_MS, Window


class Lane(IntEnum):
    """Where a request waits; a lower number is served first."""

    EMERGENCY = 0
    ORDINARY = 1
    BULK = 2


@dataclass(frozen=True)
class Limits:
    """A limit on everything: waiting requests per lane, requests in a batch, the idempotency window."""

    lane: int = 10_000
    batch: int = 512
    window_ms: int = DAY_MS


@dataclass(frozen=True, slots=True)
class Fact:
    """One committed event with its envelope."""

    envelope: Envelope
    event: Event


@dataclass(slots=True)
class Batch:
    """Decided and not yet durable: lines that follow `after` and end the chain at `head`."""

    after: Head
    head: Head
    lines: list[bytes] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)


class Executor:
    """Decides the commands of several domains that share one journal."""

    def __init__(self, domains: list[Domain], limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.durable = Head()
        self.committed: dict[str, Any] = {domain.name: domain.state() for domain in domains}
        self.suspended: dict[str, str] = {}
        self._decided: dict[str, Any] = {domain.name: domain.state() for domain in domains}
        self._head = Head()
        self._recorded_at: Instant = 0
        self._halted = False
        self._window = Window(self.limits.window_ms)
        self._lanes: tuple[deque[Request], ...] = tuple(deque() for _ in Lane)
        self._gathering = Batch(self._head, self._head)
        self._in_flight: deque[Batch] = deque()
        self._deciders: dict[type[Command], tuple[str, Decide]] = {
            cls: (domain.name, decide) for domain in domains for cls, decide in domain.deciders.items()
        }
        self._appliers: dict[type[Event], tuple[str, Apply]] = {
            cls: (domain.name, apply) for domain in domains for cls, apply in domain.appliers.items()
        }
        system = Domain("kernel", dict, {}, dict.fromkeys(SYSTEM_EVENTS, _apply_nothing))
        self._reader = EventReader([*domains, system])
        self._encoder = msgspec.json.Encoder()

    # Coming up

    def refold(self, lines: Iterable[bytes]) -> None:
        """Fold the durable lines of a journal into both states; raises Corruption with the position."""
        group: list[Fact] = []
        for line in lines:
            digest, envelope = unseal(self._head.hash, line)
            if envelope.position != self._head.position + 1:
                raise Corruption(f"position {envelope.position} follows {self._head.position}")
            event = self._reader.read(envelope)
            self._head = Head(envelope.position, digest)
            self._recorded_at = envelope.recorded_at
            for state in (self._decided, self.committed):
                self._apply(state, event, envelope.at)
            group.append(Fact(envelope, event))
            if envelope.part == envelope.parts:
                self._remember(group)
                group = []
        self.durable = self._head
        self._gathering = Batch(self._head, self._head)

    # Requests in, batches out

    def submit(self, request: Request, lane: Lane = Lane.ORDINARY) -> Rejection | None:
        """Take a request into a lane, or say `busy` when the lane is full; what is refused here was never decided."""
        waiting = self._lanes[lane]
        if len(waiting) >= self.limits.lane:
            return Rejection("busy", {"lane": lane.name.lower(), "limit": self.limits.lane})
        waiting.append(request)
        return None

    def decide(self, now: Instant) -> int:
        """Decide what waits at `now`, emergency first, at most a batch of requests; gives how many were decided.

        What is decided gathers in one open batch until the writer takes it. Raises Unavailable after a failed append:
        what is in flight must first be settled by reopening the journal.
        """
        if self._halted:
            raise Unavailable("an append was not answered; reopen the journal to settle what was in flight")
        self._recorded_at = max(self._recorded_at, now)
        decided = 0
        while decided < self.limits.batch and (request := self._next_request()) is not None:
            self._gathering.outcomes.append(self._decide_one(request, self._gathering))
            decided += 1
        return decided

    def take(self) -> Batch | None:
        """Give the writer what was decided since it last asked; None when there is nothing."""
        batch = self._gathering
        if not batch.outcomes:
            return None
        batch.head = self._head
        self._gathering = Batch(self._head, self._head)
        self._in_flight.append(batch)
        return batch

    # The writer's answer

    def written(self, batch: Batch) -> list[Outcome]:
        """The batch is durable: fold it into the committed state and release its outcomes, in order."""
        if not self._in_flight or self._in_flight[0] is not batch:
            raise ValueError("batches become durable in the order in which they were decided")
        self._in_flight.popleft()
        for fact in batch.facts:
            self._apply(self.committed, fact.event, fact.envelope.at)
        self.durable = batch.head
        return batch.outcomes

    def lost(self) -> None:
        """An append failed or was not answered: nothing more is decided, and no outcome in flight is released."""
        self._halted = True

    @property
    def gathered(self) -> int:
        """Lines decided that no writer has taken yet."""
        return len(self._gathering.lines)

    # One command

    def _next_request(self) -> Request | None:
        for lane in self._lanes:
            if lane:
                return lane.popleft()
        return None

    def _decide_one(self, request: Request, batch: Batch) -> Outcome:
        now = self._recorded_at
        body = self._encoder.encode(request.command)
        digest = fingerprint(request.command.command_kind, body, request.actor, request.at, request.purpose)
        known = self._window.recall(request, digest, now)
        if known is not None:
            return known
        events, rejection = self._ask_domain(request, now)
        facts = self._seal(request, digest, events, now, batch)
        outcome = Outcome(request.id, self._head.position, () if rejection else tuple(events), rejection)
        self._window.remember(request.id, digest, facts[-1].envelope.recorded_at, outcome)
        return outcome

    def _ask_domain(self, request: Request, now: Instant) -> tuple[list[Event], Rejection | None]:
        """Decide against the decided state and apply to it; a domain whose code fails is suspended, not the node."""
        if type(request.command) not in self._deciders:
            return self._refusal(request, Rejection("command_unknown", {"kind": request.command.command_kind}))
        name, decide = self._deciders[type(request.command)]
        if name in self.suspended:
            return self._refusal(request, Rejection("domain_suspended", {"domain": name}))
        at = now if request.at is None else request.at
        try:
            decision = decide(self._decided[name], request.command, now)
            if isinstance(decision, Rejection):
                return self._refusal(request, decision)
            for event in decision:
                self._apply(self._decided, event, at)
        except Exception as error:  # noqa: BLE001  (whatever a domain's code raises, 911 goes on)
            self.suspended[name] = f"{type(error).__name__}: {error}"
            suspension = DomainSuspended(name, request.id, self.suspended[name])
            return [suspension], Rejection("domain_suspended", {"domain": name})
        return decision or [NothingChanged(request.id)], None

    def _refusal(self, request: Request, rejection: Rejection) -> tuple[list[Event], Rejection]:
        data = self._encoder.encode(rejection.data).decode()
        return [Rejected(request.id, rejection.code, data)], rejection

    def _seal(self, request: Request, digest: str, events: list[Event], now: Instant, batch: Batch) -> list[Fact]:
        facts: list[Fact] = []
        for part, event in enumerate(events, start=1):
            envelope = Envelope(
                position=self._head.position + 1,
                recorded_at=now,
                at=now if request.at is None else request.at,
                kind=event.event_kind,
                version=event.event_version,
                actor=request.actor,
                cause=request.id,
                digest=digest,
                payload=msgspec.Raw(self._encoder.encode(event)),
                subjects=event.subjects(),
                purpose=request.purpose,
                part=part,
                parts=len(events),
            )
            line_hash, line = seal(self._head.hash, envelope)
            self._head = Head(envelope.position, line_hash)
            batch.lines.append(line)
            facts.append(Fact(envelope, event))
        batch.facts.extend(facts)
        return facts

    # Folding

    def _apply(self, states: dict[str, Any], event: Event, at: Instant) -> None:
        known = self._appliers.get(type(event))
        if known is not None:  # the kernel's own events change no domain's state
            known[1](states[known[0]], event, at)

    def _remember(self, group: list[Fact]) -> None:
        """Rebuild an outcome from a command's own lines, so that a restart forgets none."""
        last, events = group[-1].envelope, tuple(fact.event for fact in group)
        rejection = None
        first = events[0]
        if isinstance(first, Rejected):
            events, rejection = (), Rejection(first.code, msgspec.json.decode(first.data))
        elif isinstance(first, DomainSuspended):
            events, rejection = (), Rejection("domain_suspended", {"domain": first.domain})
        outcome = Outcome(last.cause, last.position, events, rejection)
        self._window.remember(last.cause, last.digest, last.recorded_at, outcome)


def _apply_nothing(state: Any, event: Event, at: Instant) -> None:
    """The kernel's own events change no domain's state."""
    del state, event, at
