"""The executor: one command at a time, decided in order; two folds; outcomes only when they are durable.

Sans-I/O. A driver submits requests, asks for a batch of decided lines, makes the batch durable in its own way, and says
so; only then do outcomes and committed state exist for anyone. Two folds of the same code: *decided* is ahead by the
batches in flight and private to the deciders; *committed* is what seats, reactions and the world may see.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import islice
from typing import Any, cast

import msgspec

from redstick.kernel.domain import Domain
from redstick.kernel.envelope import Envelope, Gap, Head, fingerprint, opened, seal
from redstick.kernel.errors import Corruption, Unavailable
from redstick.kernel.evolution import (
    ALWAYS_ACTIVE,
    ActivateKinds,
    DeclareNode,
    Written,
    activatable,
    holds,
    written,
)
from redstick.kernel.fold import Fact, Fold, missing_in
from redstick.kernel.house import House
from redstick.kernel.reactions import Owed
from redstick.kernel.recall import History, Retirements, RetirementsInMemory, note_retirement, recalls_for
from redstick.kernel.snapshots import Snapshot, StoredRequest
from redstick.kernel.system import (
    AnchorHead,
    BeginEpoch,
    DomainSuspended,
    Kernel,
    NothingChanged,
    Rejected,
    ReportBreak,
    ResumeDomain,
    SuspendDomain,
)
from redstick.kernel.timers import Running
from redstick.kernel.values import Event, Instant, Outcome, Rejection, Request
from redstick.kernel.window import DAY_MS, Remembered


class Lane(IntEnum):
    """Where a request waits; a lower number is served first. Due timers and reactions go before ordinary requests."""

    EMERGENCY = 0
    ORDINARY = 1
    BULK = 2


@dataclass(frozen=True)
class Limits:
    """A limit on everything: waiting requests per lane, requests in a batch, the idempotency window."""

    lane: int = 10_000
    batch: int = 512
    window_ms: int = DAY_MS


@dataclass(slots=True)
class Batch:
    """Decided and not yet durable: lines that follow `after` and end the chain at `head`."""

    after: Head
    head: Head
    lines: list[bytes] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    requests: list[tuple[Request, Lane]] = field(default_factory=list)


Guard = Callable[[Mapping[str, Any], Request], Rejection | None]


def nothing_stored(after: int) -> Iterable[bytes]:
    """The history of an executor that no driver has given a journal yet."""
    del after
    return ()


def nothing_forbidden(states: Mapping[str, Any], request: Request) -> Rejection | None:
    """The guard of a replay or a what-if, where nobody but us asks."""
    del states, request
    return None


class Executor:
    """Decides the commands of several domains that share one journal, or of a house that other executors share too.

    `guard` is the authority: what it refuses is never decided. `history` gives the durable lines behind a position; it
    is asked when an outcome must be told again, or a retired thing, which `retired` finds, must come back.
    """

    def __init__(
        self, domains: Sequence[Domain] | House, limits: Limits | None = None, guard: Guard = nothing_forbidden
    ) -> None:
        self.limits = limits or Limits()
        self.house = domains if isinstance(domains, House) else House(domains)
        self.history: History = nothing_stored
        self.retired: Retirements = RetirementsInMemory()
        self._guard = guard
        self._committed = Fold(self.house, self.limits.window_ms)
        self._decided = Fold(self.house, self.limits.window_ms)
        self._owed = Owed(self.house.reactions)
        self._due: deque[Request] = deque()  # reactions to decide
        self._now: Instant = 0
        self._halted = False
        self._lanes: tuple[deque[Request], ...] = tuple(deque() for _ in Lane)
        self._gathering = Batch(Head(), Head())
        self._in_flight: deque[Batch] = deque()
        self._undurable: dict[str, Outcome] = {}
        self._encoder = msgspec.json.Encoder()

    # What everyone may see

    @property
    def committed(self) -> Mapping[str, Any]:
        """The committed state of each domain."""
        return self._committed.states

    @property
    def durable(self) -> Head:
        """Where the chain stands that the committed state is the fold of."""
        return self._committed.head

    @property
    def recorded_at(self) -> Instant:
        """The newest time in the journal."""
        return self._committed.recorded_at

    @property
    def suspended(self) -> Mapping[str, str]:
        """Why each suspended domain takes no commands."""
        kernel: Kernel = self._decided.states["kernel"]
        return {**kernel.suspended, **self._committed.broken}

    def snapshot(self) -> Snapshot:
        """The committed fold and what is owed, to begin from another time; ValueError when a domain is broken."""
        owed = [
            StoredRequest(owed.id, owed.command.command_kind, msgspec.Raw(self._encoder.encode(owed.command)))
            for owed in self._owed.all()
        ]
        return Snapshot(self._committed.stored(), owed)

    # Coming up, following, leading

    def restore(self, snapshot: Snapshot) -> None:
        """Begin from a snapshot; raises Corruption when it is not one of this house."""
        self._committed.restore(snapshot.fold)
        for stored in snapshot.owed:
            command = self.house.read_command(stored.kind, stored.command)
            if command is None:
                raise Corruption(f"a snapshot owes {stored.kind}, which this build does not know")
            self._owed.owe(Request(stored.id, command, stored.id.rsplit(":", 2)[0]))

    def follow(self, lines: Iterable[bytes], gaps: Sequence[Gap] | None = None) -> Iterator[Fact]:
        """Fold durable lines into the committed state as they are asked for; raises Corruption with the position.

        `gaps` are those that the journal knows of now; without it they are the ones that were told before.
        """
        if gaps is not None:
            self._committed.gaps = gaps
        for line in lines:
            fact = self._committed.fact_of(line)
            self._commit(fact)
            yield fact

    def refold(self, lines: Iterable[bytes] = (), gaps: Sequence[Gap] | None = None) -> None:
        """Fold the durable lines of a journal, then be ready to decide behind them.

        What was decided and is not among them is forgotten; who asked it is asked again, in the same order, and gets
        the outcome that the journal knows where it knows one.
        """
        pending = [asked for batch in (*self._in_flight, self._gathering) for asked in batch.requests]
        for request, lane in reversed(pending):
            self._lanes[lane].appendleft(request)
        for _ in self.follow(lines, gaps):
            pass
        self._committed.go_on()
        self._decided = self._committed.copy() if not self._committed.broken else self._copy_of_whole_domains()
        self._due = deque(self._owed.all())
        self._in_flight.clear()
        self._undurable.clear()
        self._gathering = Batch(self.durable, self.durable)
        self._halted = False

    def lead(self, epoch: int, node: str, now: Instant) -> None:
        """Begin an epoch: its first line says who leads. What did not fold is suspended by name, breaks are told."""
        self._now = max(self._now, self._decided.recorded_at, now)
        self._decide_one(Request(f"epoch:{epoch}:{node}", BeginEpoch(epoch, node), actor=node), internal=True)
        for domain, error in self._committed.broken.items():
            asked = SuspendDomain(domain, error)
            self._decide_one(Request(f"suspend:{epoch}:{domain}", asked, actor=node), internal=True)
        kernel: Kernel = self._decided.states["kernel"]
        for gap in [gap for gap in self._committed.gaps if gap.first not in kernel.breaks]:
            asked_break = ReportBreak(gap.good, gap.first, missing_in(gap, self.history))
            self._decide_one(Request(f"break:{epoch}:{gap.first}", asked_break, actor=node), internal=True)

    def declare(self, node: str) -> None:
        """Say which kinds this node knows. A node that is alone waits for nobody: what it knows is active."""
        head = self._decided.head.position
        self._decide_one(Request(f"declare:{node}:{head}", DeclareNode(node, self.house.kinds), node), internal=True)
        kernel: Kernel = self._decided.states["kernel"]
        if list(kernel.evolution.nodes) == [node] and activatable(kernel.evolution):
            self._decide_one(Request(f"activate:{node}:{head}", ActivateKinds(), actor=node), internal=True)

    def anchor(self, journal: str, head: Head) -> None:
        """Write down where another journal stands, so that neither can be rewritten alone."""
        asked = AnchorHead(journal, head.position, head.hash.hex())
        self._decide_one(Request(f"anchor:{journal}:{head.position}", asked, actor="anchor"), internal=True)

    def leave(self) -> list[Request]:
        """Lead no more: give back what waits, undecided or decided and not known to be durable, and decide nothing."""
        pending = [request for batch in (*self._in_flight, self._gathering) for request, _ in batch.requests]
        pending += [request for lane in self._lanes for request in lane]
        for lane in self._lanes:
            lane.clear()
        self._in_flight.clear()
        self._gathering = Batch(self.durable, self.durable)
        self._halted = True
        return pending

    # Requests in, batches out

    def submit(self, request: Request, lane: Lane = Lane.ORDINARY) -> Rejection | None:
        """Take a request into a lane, or say `busy` when the lane is full; what is refused here was never decided."""
        waiting = self._lanes[lane]
        if len(waiting) >= self.limits.lane:
            return Rejection("busy", {"lane": lane.name.lower(), "limit": self.limits.lane})
        waiting.append(request)
        return None

    def decide(self, now: Instant, most: int | None = None) -> int:
        """Decide what waits at `now`, emergency first, at most a batch; gives how many commands were decided.

        What is decided gathers in one open batch until the writer takes it. Raises Unavailable after a failed append:
        what is in flight must first be settled by reopening the journal.
        """
        if self._halted:
            raise Unavailable("an append was not answered; reopen the journal to settle what was in flight")
        self._now = max(self._now, self._decided.recorded_at, now)
        limit = min(most or self.limits.batch, self.limits.batch)
        decided = 0
        while decided < limit and self._decide_next():
            decided += 1
        return decided

    def next_due(self) -> Instant | None:
        """When the next timer may fire; None when none runs. One of a suspended domain is held, and due to nobody."""
        timer = self._decided.timers.next(self._held)
        return None if timer is None else timer.due_at

    @property
    def waits(self) -> bool:
        """Whether anything waits to be decided now, timers apart."""
        return bool(self._due) or any(self._lanes)

    def take(self) -> Batch | None:
        """Give the writer what was decided since it last asked; None when there is nothing."""
        batch = self._gathering
        if not batch.outcomes and not batch.lines:
            return None
        batch.head = self._decided.head
        self._gathering = Batch(batch.head, batch.head)
        self._in_flight.append(batch)
        return batch

    # The writer's answer

    def written(self, batch: Batch) -> list[Outcome]:
        """The batch is durable: fold it into the committed state and release its outcomes, in order."""
        if not self._in_flight or self._in_flight[0] is not batch:
            raise ValueError("batches become durable in the order in which they were decided")
        self._in_flight.popleft()
        for fact in batch.facts:
            self._due.extend(self._commit(fact))
        for outcome in batch.outcomes:
            self._undurable.pop(outcome.request, None)
        return batch.outcomes

    def lost(self) -> None:
        """An append failed or was not answered: nothing more is decided, and no outcome in flight is released."""
        self._halted = True

    @property
    def gathered(self) -> int:
        """Lines decided that no writer has taken yet."""
        return len(self._gathering.lines)

    # One command

    def _decide_next(self) -> bool:
        if self._lanes[Lane.EMERGENCY]:
            self._decide_asked(Lane.EMERGENCY)
        elif (timer := self._due_timer()) is not None:
            self._decide_one(Request(timer.id, timer.command, actor="timer"), internal=True)
        elif self._due:
            self._decide_one(self._due.popleft(), internal=True)
        elif self._lanes[Lane.ORDINARY] or self._lanes[Lane.BULK]:
            self._decide_asked(Lane.ORDINARY if self._lanes[Lane.ORDINARY] else Lane.BULK)
        else:
            return False
        return True

    def _due_timer(self) -> Running | None:
        """The timer to decide now. Which ones are held matters only when any is due, and that is seldom."""
        timer = self._decided.timers.next()
        if timer is not None and timer.due_at <= self._now:
            timer = self._decided.timers.next(self._held)
        return timer if timer is not None and timer.due_at <= self._now else None

    def _decide_asked(self, lane: Lane) -> None:
        request = self._lanes[lane].popleft()
        self._gathering.outcomes.append(self._decide_one(request))
        self._gathering.requests.append((request, lane))

    def _held(self, timer: Running) -> bool:
        return self._is_suspended(self.house.deciders[type(timer.command)][0])

    def _is_suspended(self, domain: str) -> bool:
        return domain in self._decided.states["kernel"].suspended or domain in self._committed.broken

    def _decide_one(self, request: Request, *, internal: bool = False) -> Outcome:
        now = self._now
        body = self._encoder.encode(request.command)
        digest = fingerprint(request.command.command_kind, body, request.actor, request.at, request.purpose)
        known = self._decided.window.recall(request, digest, now)
        if isinstance(known, Rejection):
            return Outcome(request.id, self._decided.head.position, rejection=known)
        if known is not None:
            return self._told_again(known)
        refusal = None if internal else self._guarded(request) or self._bring_back(request)
        events, rejection = self._refused(request, refusal) if refusal else self._ask_domain(request, now)
        self._seal(request, digest, events, now)
        outcome = Outcome(request.id, self._decided.head.position, () if rejection else tuple(events), rejection)
        self._undurable[request.id] = outcome
        return outcome

    def _guarded(self, request: Request) -> Rejection | None:
        """What authority says; a guard that fails forbids. What only the kernel asks, nobody else may."""
        if type(request.command) in self.house.kernel_only:
            return Rejection("not_permitted", {"kind": request.command.command_kind})
        try:
            return self._guard(self._decided.states, request)
        except Exception as error:  # noqa: BLE001  (whatever the guard raises is no permission)
            return Rejection("not_permitted", {"error": f"{type(error).__name__}: {error}"})

    def _bring_back(self, request: Request) -> Rejection | None:
        """Recall what the command names and was retired; says why when that cannot be done now."""
        known = self.house.deciders.get(type(request.command))
        if known is None or self._is_suspended(known[0]):
            return None
        undurable = (fact for batch in (*self._in_flight, self._gathering) for fact in batch.facts)
        try:
            found = recalls_for(
                self.house, self._decided.states, request.command, self.retired, undurable, self.history
            )
        except (Corruption, Unavailable) as error:
            return Rejection("not_recalled", {"error": str(error)})
        for position, command in found:
            name = f"recall:{position}:{self._decided.head.position}"
            self._decide_one(Request(name, command, actor="recall"), internal=True)
        return None

    def _ask_domain(self, request: Request, now: Instant) -> tuple[list[Event], Rejection | None]:
        """Decide against the decided state and apply to it; a domain whose code fails is suspended, not the node."""
        if type(request.command) not in self.house.deciders:
            return self._refused(request, Rejection("command_unknown", {"kind": request.command.command_kind}))
        name, decide = self.house.deciders[type(request.command)]
        if self._is_suspended(name):
            return self._refused(request, Rejection("domain_suspended", {"domain": name}))
        if isinstance(request.command, ResumeDomain) and not self._mended(request.command.domain):
            return self._refused(request, Rejection("domain_not_mended", {"domain": request.command.domain}))
        at = now if request.at is None else request.at
        try:
            decision = decide(self._decided.states[name], request.command, now)
            inactive = None if isinstance(decision, Rejection) else self._inactive(decision)
            if isinstance(decision, Rejection) or inactive is not None:
                return self._refused(request, inactive or cast("Rejection", decision))
            for event in decision:
                self._decided.change(event, at)
        except Exception as error:  # noqa: BLE001  (whatever a domain's code raises, 911 goes on)
            suspension = DomainSuspended(name, request.id, f"{type(error).__name__}: {error}")
            self._decided.change(suspension, at)
            return [suspension], Rejection("domain_suspended", {"domain": name})
        return decision or [NothingChanged(request.id)], None

    def _inactive(self, events: Sequence[Event]) -> Rejection | None:
        """Why an event may not be written yet: not every node could read it."""
        kernel: Kernel = self._decided.states["kernel"]
        newer = (event for event in events if not _known_to_all(kernel, event))
        casts = (written(kernel.evolution, event, self.house.casts) for event in newer)
        return next((one for one in casts if isinstance(one, Rejection)), None)

    def _written(self, event: Event) -> Written:
        """An event as it goes into a line, in the version that all nodes know; one that none may write was refused."""
        kernel: Kernel = self._decided.states["kernel"]
        if _known_to_all(kernel, event):
            return Written(event.event_version, self._encoder.encode(event))
        return cast("Written", written(kernel.evolution, event, self.house.casts))

    def _refused(self, request: Request, rejection: Rejection) -> tuple[list[Event], Rejection]:
        data = self._encoder.encode(rejection.data).decode()
        return [Rejected(request.id, rejection.code, data)], rejection

    def _mended(self, domain: str) -> bool:
        """Give a suspended domain its committed state back, once its suspension is durable."""
        kernel: Kernel = self._committed.states["kernel"]
        if domain not in kernel.suspended or domain in self._committed.broken:
            return False
        self._decided.states[domain] = self._committed.copy_state(domain)
        return True

    def _seal(self, request: Request, digest: str, events: list[Event], now: Instant) -> None:
        kernel: Kernel = self._decided.states["kernel"]
        for part, event in enumerate(events, start=1):
            as_written = self._written(event)
            envelope = Envelope(
                position=self._decided.head.position + 1,
                recorded_at=now,
                at=now if request.at is None else request.at,
                kind=event.event_kind,
                version=as_written.version,
                actor=request.actor,
                cause=request.id,
                digest=digest,
                payload=msgspec.Raw(as_written.payload),
                subjects=event.subjects(),
                purpose=request.purpose,
                part=part,
                parts=len(events),
                epoch=kernel.epoch,
            )
            line_hash, line = seal(self._decided.head.hash, envelope)
            fact = Fact(envelope, event, line_hash)
            self._decided.note(fact)
            self._gathering.lines.append(line)
            self._gathering.facts.append(fact)

    # Outcomes told again, and the committed fold

    def _told_again(self, known: Remembered) -> Outcome:
        """The outcome of a command that was decided before: still in flight, or read from its own lines."""
        waiting = self._undurable.get(known.request)
        if waiting is not None:
            return waiting
        try:
            lines = islice(self.history(known.position - known.parts), known.parts)
            envelopes = [envelope for envelope in map(opened, lines) if envelope.cause == known.request]
            facts = [Fact(envelope, self.house.events.read(envelope)) for envelope in envelopes]
        except Unavailable:
            return Outcome(known.request, known.position, rejection=Rejection("ask_again"))
        except Corruption:
            facts = []
        if len(facts) == known.parts:
            return outcome_of(facts)
        # It was decided once and is not decided again, whatever became of its lines.
        unreadable = Rejection("outcome_unreadable", {"position": known.position})
        return Outcome(known.request, known.position, rejection=unreadable)

    def _commit(self, fact: Fact) -> list[Request]:
        self._committed.advance(fact)
        note_retirement(self.house, self.retired, fact)
        return self._owed.note(self._committed.states, fact.event, fact.envelope)

    def _copy_of_whole_domains(self) -> Fold:
        """A fold to decide on where some domains are broken: they are empty in it, and suspended."""
        broken, self._committed.broken = self._committed.broken, {}
        states = self._committed.states
        self._committed.states = {
            name: domain.state() if name in broken else states[name] for name, domain in self.house.domains.items()
        }
        copy = self._committed.copy()
        self._committed.broken, self._committed.states = broken, states
        return copy


def _known_to_all(kernel: Kernel, event: Event) -> bool:
    """Whether every node reads this version of the event."""
    evolution, kind, version = kernel.evolution, event.event_kind, event.event_version
    return not holds(evolution) or evolution.active.get(kind, ALWAYS_ACTIVE.get(kind, 0)) >= version


def outcome_of(facts: Sequence[Fact]) -> Outcome:
    """What became of a command, from its own lines."""
    last, events = facts[-1].envelope, tuple(fact.event for fact in facts)
    first = events[0]
    if isinstance(first, Rejected):
        return Outcome(last.cause, last.position, rejection=Rejection(first.code, msgspec.json.decode(first.data)))
    if isinstance(first, DomainSuspended) and first.command == last.cause:
        return Outcome(last.cause, last.position, rejection=Rejection("domain_suspended", {"domain": first.domain}))
    return Outcome(last.cause, last.position, events)
