"""Scoring from the journal alone: what a trainee did at a seat, against the standards and what was known then.

Whoever is signed on at the seat and no robot is the trainee; what they asked is theirs. A recommendation is computed
anew from the state as it stood right before their act, so that it knows no more than they could.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from redstick.bootstrap import LIVE
from redstick.dispatch.avl.ground import distance_m
from redstick.dispatch.duplicates.nearby import of_incident
from redstick.dispatch.ports import Point
from redstick.dispatch.recommendation.answer import Answer
from redstick.dispatch.recommendation.asking import Unlocated, question_of
from redstick.dispatch.recommendation.question import Policy
from redstick.dispatch.recommendation.recommending import recommend
from redstick.dispatch.recommendation.standing import RoadTimes
from redstick.dispatch.rules.alerts import AlertSettled, VoiceNeeded, VoiceTaken
from redstick.dispatch.rules.assignments import UnitAssigned
from redstick.dispatch.rules.calls import CallAttached, CallReceived
from redstick.dispatch.rules.incidents import IncidentMoved, IncidentOpened
from redstick.dispatch.rules.links import IncidentReplaced, IncidentsLinked
from redstick.dispatch.rules.locations import AddressConfirmed, AddressDiffered
from redstick.dispatch.state import Dispatch
from redstick.kernel.envelope import Envelope, opened
from redstick.kernel.executor import Executor
from redstick.kernel.fold import Fact
from redstick.kernel.values import Instant
from redstick.published.dispatch import CallAnswered
from redstick.simulation.training.sheet import Item, Kind, Sheet, Units, counted, times_of
from redstick.simulation.training.units import Sending, judged

ROBOT = "robot:"
LATE_ANSWER_S, LATE_PROCESSING_S = 15, 60  # NENA-STA-020.1, NFPA 1225: the nine in ten that both speak of
MOVED_M = 100  # further off than this an address sends a unit to the wrong block
VOICE_S = 30  # an alert that nobody voices so long after it was asked for
TOGETHER_S = 60  # units sent within this of the first are one sending


@dataclass(slots=True)
class Opened:
    """An incident that the trainee entered or sent units to."""

    id: str
    number: str
    at: Instant
    position: int
    call: str = ""
    theirs: bool = False  # whether the trainee entered it
    first_sent_at: Instant | None = None
    sent_by_them: bool = False
    read_back: bool = False
    moved: list[tuple[Instant, int | None]] = field(default_factory=list)  # when, and how far in metres
    located: bool = True
    twin: str = ""
    told_apart: bool = False


@dataclass(slots=True)
class Call:
    """A call: when it rang, and who answered it when."""

    at: Instant
    answered_at: Instant | None = None
    theirs: bool = False


class Scoring:
    """Reads a journal line by line; `sheet` gives what came of it, at any time."""

    def __init__(self, seat: str, roads: RoadTimes, stations: Mapping[str, Point], policy: Policy) -> None:
        self._seat, self._roads, self._stations, self._policy = seat, roads, stations, policy
        self._executor = Executor(LIVE)
        self._persons: dict[str, None] = {}
        self._calls: dict[str, Call] = {}
        self._incidents: dict[str, Opened] = {}
        self._sendings: dict[str, Sending] = {}
        self._voice: dict[tuple[str, str], tuple[Instant, int, str]] = {}
        self._items: list[Item] = []
        self._begun: Instant | None = None
        self._now: Instant = 0

    def read(self, lines: Iterable[bytes]) -> None:
        """Go on with the lines that follow; raises Corruption where they are not those of one journal."""
        for fact in self._executor.follow(self._ahead(lines)):
            self._now = fact.envelope.recorded_at
            self._take(fact)

    def sheet(self) -> Sheet:
        """What came of it so far."""
        items = [*self._items, *self._late(), *self._addresses(), *self._twins(), *self._unvoiced()]
        sent = [judged(one) for one in self._sendings.values()]
        items += [item for one in sent for item in one.items]
        right = Units(
            sum(one.judged for one in sent), sum(one.right for one in sent), sum(one.regret_s for one in sent),
            sum(not one.judged for one in sent),
        )  # fmt: skip
        ordered = sorted(items, key=lambda item: (item.at, item.position))
        times = [times_of(name, seconds) for name, seconds in self._intervals().items()]
        begun = self._now if self._begun is None else self._begun
        return Sheet(self._seat, list(self._persons), begun, self._now, times, right, ordered, counted(ordered))

    # Reading

    @property
    def _state(self) -> Dispatch:
        state: Dispatch = self._executor.committed["dispatch"]
        return state

    def _ahead(self, lines: Iterable[bytes]) -> Iterable[bytes]:
        """Look at each line before it is folded: what is recommended must not know of it."""
        for line in lines:
            envelope = opened(line)
            if envelope.kind == UnitAssigned.event_kind and self._is_trainee(envelope):
                self._before_sending(envelope)
            yield line

    def _is_trainee(self, envelope: Envelope) -> bool:
        held = self._state.seats.get(self._seat)
        return held is not None and not held.person.startswith(ROBOT) and held.person == envelope.actor

    def _before_sending(self, envelope: Envelope) -> None:
        incident, now = envelope.subjects[0], envelope.recorded_at
        if incident in self._sendings or incident not in self._state.incidents:
            return
        known = self._state.incidents[incident]
        answer: Answer | None = None
        try:
            question = question_of(self._state, known, now, self._stations, self._policy)
            answer = recommend(question, self._roads) if question.requirements else None
        except Unlocated:
            answer = None
        self._sendings[incident] = Sending(incident, known.number, now, envelope.position, answer)

    def _take(self, fact: Fact) -> None:
        theirs, envelope = self._is_trainee(fact.envelope), fact.envelope
        held = self._state.seats.get(self._seat)
        if held is not None and not held.person.startswith(ROBOT):
            self._persons.setdefault(held.person)
            self._begun = envelope.recorded_at if self._begun is None else self._begun
        match fact.event:
            case CallReceived(call=call):
                self._calls[call] = Call(envelope.recorded_at)
            case CallAnswered(call=call) if call in self._calls:
                self._calls[call].answered_at, self._calls[call].theirs = envelope.recorded_at, theirs
            case IncidentOpened():
                self._opened(fact.event, envelope, theirs=theirs)
            case CallAttached(call=call, incident=incident) if incident in self._incidents:
                self._incidents[incident].call = self._incidents[incident].call or call
            case UnitAssigned():
                self._sent(fact.event, envelope, theirs=theirs)
            case _:
                self._afterwards(fact)

    def _opened(self, happened: IncidentOpened, envelope: Envelope, *, theirs: bool) -> None:
        found = Opened(happened.incident, happened.number, envelope.recorded_at, envelope.position, theirs=theirs)
        found.located = happened.place.x is not None
        self._incidents[happened.incident] = found
        if theirs:
            likely = of_incident(self._state, happened.incident, envelope.recorded_at)
            found.twin = next((one.incident for one in likely if one.strong and not one.closed), "")

    def _sent(self, happened: UnitAssigned, envelope: Envelope, *, theirs: bool) -> None:
        known = self._incidents.get(happened.incident)
        if known is not None and known.first_sent_at is None:
            known.first_sent_at, known.sent_by_them = envelope.recorded_at, theirs
        sending = self._sendings.get(happened.incident)
        if theirs and sending is not None and envelope.recorded_at - sending.at <= TOGETHER_S * 1000:
            sending.sent.append((happened.unit, self._state.units[happened.unit].kind))

    def _afterwards(self, fact: Fact) -> None:
        """What mends, or lays open, what was done before."""
        at = fact.envelope.recorded_at
        match fact.event:
            case AddressConfirmed(incident=incident) | AddressDiffered(incident=incident):
                if incident in self._incidents:
                    self._incidents[incident].read_back = True
            case IncidentMoved(incident=incident) if incident in self._incidents:
                self._incidents[incident].moved.append((at, self._moved_m(fact.event)))
            case IncidentReplaced(incident=one, replaced=other) | IncidentsLinked(incident=one, other=other):
                for name, twin in ((one, other), (other, one)):
                    if name in self._incidents and self._incidents[name].twin == twin:
                        self._incidents[name].told_apart = True
            case VoiceNeeded(incident=incident, alert=alert):
                if self._is_theirs(incident):
                    self._voice.setdefault((incident, alert), (at, fact.envelope.position, fact.event.unit))
            case VoiceTaken(incident=incident, alert=alert) | AlertSettled(incident=incident, alert=alert):
                self._voiced(incident, alert, at)
            case _:
                pass

    def _moved_m(self, moved: IncidentMoved) -> int | None:
        """How far an incident was moved from where it was first entered; None from or to no position."""
        first = self._state.incidents[moved.incident].former_places[0]
        if first.x is None or first.y is None or moved.place.x is None or moved.place.y is None:
            return None
        return round(distance_m(first.x, first.y, moved.place.x, moved.place.y))

    def _is_theirs(self, incident: str) -> bool:
        held = self._state.seats.get(self._seat)
        known = self._state.incidents.get(incident)
        if held is None or held.person.startswith(ROBOT) or known is None:
            return False
        return incident in self._sendings or known.group in held.groups

    def _voiced(self, incident: str, alert: str, at: Instant) -> None:
        asked = self._voice.pop((incident, alert), None)
        if asked is not None and at - asked[0] > VOICE_S * 1000:
            self._items.append(self._unvoiced_item(incident, asked, at))

    # What came of it

    def _intervals(self) -> dict[str, list[float]]:
        """Seconds of every interval of the trainee's."""
        answer = [(one.answered_at - one.at) / 1000 for one in self._calls.values() if one.theirs and one.answered_at]
        found: dict[str, list[float]] = {"answer": answer, "entry": [], "sending": [], "processing": []}
        for one in self._incidents.values():
            call = self._calls.get(one.call)
            if one.theirs and call is not None and call.theirs and call.answered_at:
                found["entry"].append((one.at - call.answered_at) / 1000)
            if one.first_sent_at is None or not (one.theirs or one.sent_by_them):
                continue
            if one.sent_by_them:
                found["sending"].append((one.first_sent_at - one.at) / 1000)
            if call is not None and call.answered_at:
                found["processing"].append((one.first_sent_at - call.answered_at) / 1000)
        return found

    def _late(self) -> Iterable[Item]:
        for name, call in self._calls.items():
            if call.theirs and call.answered_at and call.answered_at - call.at > LATE_ANSWER_S * 1000:
                seconds = round((call.answered_at - call.at) / 1000)
                words = f"answered after {seconds} s of ringing"
                yield Item(Kind.LATE_ANSWER, call.answered_at, 0, words, call=name, seconds=seconds)
        for one in self._incidents.values():
            called = self._calls.get(one.call)
            if one.first_sent_at is None or called is None or not called.answered_at:
                continue
            seconds = round((one.first_sent_at - called.answered_at) / 1000)
            if (one.theirs or one.sent_by_them) and seconds > LATE_PROCESSING_S:
                words = f"{seconds} s from the answer to the first unit"
                yield self._item(Kind.LATE_PROCESSING, one, words, at=one.first_sent_at, seconds=seconds)

    def _addresses(self) -> Iterable[Item]:
        for one in self._incidents.values():
            if not one.theirs:
                continue
            if not one.located and not one.moved:
                yield self._item(Kind.ADDRESS_ERROR, one, "entered without a position, and never given one")
            far = [(at, metres) for at, metres in one.moved if metres is None or metres > MOVED_M]
            if far:
                at, metres = far[0]
                where = "without a position" if metres is None else f"{metres} m from where it is"
                seconds = round((at - one.at) / 1000)
                yield self._item(Kind.ADDRESS_ERROR, one, f"entered {where}, moved {seconds} s later", seconds=seconds)
            if one.call and not one.read_back:
                yield self._item(Kind.NOT_READ_BACK, one, "its address was never read back to the caller")

    def _twins(self) -> Iterable[Item]:
        for one in self._incidents.values():
            if one.theirs and one.twin and not one.told_apart:
                twin = self._incidents[one.twin].number if one.twin in self._incidents else one.twin
                yield self._item(Kind.MISSED_DUPLICATE, one, f"probably the same as {twin}, and never joined with it")

    def _unvoiced(self) -> Iterable[Item]:
        for (incident, _), asked in self._voice.items():
            if self._now - asked[0] > VOICE_S * 1000:
                yield self._unvoiced_item(incident, asked, None)

    def _unvoiced_item(self, incident: str, asked: tuple[Instant, int, str], at: Instant | None) -> Item:
        begun, position, unit = asked
        seconds = None if at is None else round((at - begun) / 1000)
        words = f"nobody voiced {unit}" if at is None else f"{unit} was voiced only after {seconds} s"
        known = self._incidents.get(incident)
        number = known.number if known is not None else ""
        return Item(Kind.ALERT_UNACKNOWLEDGED, begun, position, words, "", incident, number, seconds)

    def _item(
        self, kind: Kind, one: Opened, words: str, *, at: Instant | None = None, seconds: int | None = None
    ) -> Item:
        moment = one.at if at is None else at
        return Item(kind, moment, one.position, words, one.call, one.id, one.number, seconds)
