"""The city beside the server: questions are made here from committed state, and answered in other processes.

Nothing that takes long happens here. Where the city cannot be asked the same question goes to a process without one,
which answers by straight lines and recorded zones and says so; a text is then not looked up at all.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

import msgspec

from redstick.dispatch.avl.quality import Fix
from redstick.dispatch.computing.answers import NOT_AVAILABLE, Exchanges, PlacesFound
from redstick.dispatch.computing.desk import Desk
from redstick.dispatch.computing.questions import (
    AnyQuestion,
    Planned,
    WhatIsDoubted,
    WhatIsSent,
    WhatIsWrittenIn,
    WhatPays,
    WhereIs,
    WhichRoad,
    WhichWay,
    WhoGoes,
    packed,
    unpacked,
)
from redstick.dispatch.duplicates.nearby import Suggestion, of_call, of_incident
from redstick.dispatch.place import Place
from redstick.dispatch.plans.reading import TextReading
from redstick.dispatch.plans.resolving import Question as PlanQuestion
from redstick.dispatch.ports import Point
from redstick.dispatch.recommendation.asking import (
    Unlocated,
    exchange_question,
    question_of,
    seen_by_device,
    sent_out,
)
from redstick.dispatch.recommendation.exchange import Exchange
from redstick.dispatch.recommendation.question import Policy, Question
from redstick.dispatch.recommendation.whereabouts import whereabouts
from redstick.dispatch.rules.closures import closed_at
from redstick.dispatch.rules.incidents import Incident
from redstick.dispatch.rules.plans import active_plan
from redstick.dispatch.state import Dispatch
from redstick.dispatch.status_table import Status
from redstick.kernel.values import Instant, Rejection
from redstick.server.computing import ENDED, ComputingProcess, NotComputed, answer_questions

NO_CITY = "no_city"
SHOWN_AT_MOST = 2_000  # incidents of which the suggested exchanges are remembered


class CityFacts(msgspec.Struct, frozen=True):
    """What the server itself must know of the city: which it is, and where its stations are."""

    name: str = ""
    digest: str = ""
    stations: dict[str, Point] = {}


class CityStanding(msgspec.Struct, frozen=True):
    """Whether the city can be asked; `why` it cannot: no_city, starting, ended, too_slow, or what is wrong with it."""

    whole: bool
    why: str
    name: str
    digest: str
    starts: int
    process: int | None


_READINGS = msgspec.json.Decoder(TextReading)
_EXCHANGES = msgspec.json.Decoder(Exchanges)
Told = bytes | Rejection


class CityDesk:
    """Asks the city, and falls back. `plain` is a process without a city; `city` None where none is served.

    Answers are JSON as `dispatch.computing.answers` has it. Rejections: `incident_unknown`, `incident_closed`,
    `incident_unlocated`, `call_unknown`, `computing_unavailable` (neither process answers; ask again).
    `newest` gives the last report of a unit's device.
    """

    def __init__(
        self,
        states: Callable[[], Mapping[str, Any]],
        clock: Callable[[], Instant],
        plain: ComputingProcess,
        city: ComputingProcess | None = None,
        newest: Callable[[str], Fix | None] = lambda _: None,
    ) -> None:
        self._states, self._clock, self._newest = states, clock, newest
        self._plain, self._city = plain, city
        self._facts, self._hello = CityFacts(), b""
        self._shown: dict[str, tuple[Exchange, ...]] = {}

    def close(self) -> None:
        """Have the processes end."""
        self._plain.close()
        if self._city is not None:
            self._city.close()

    def standing(self) -> CityStanding:
        """Whether the city can be asked."""
        facts = self._known()
        if self._city is None:
            return CityStanding(False, NO_CITY, "", "", 0, None)
        why, starts, pid = self._city.standing
        return CityStanding(not why, why, facts.name, facts.digest, starts, pid)

    async def where_is(self, asked: WhereIs) -> Told:
        """What a text names; without the city `not_available`, with the text as an unverified place."""
        try:
            return await self._of_city(msgspec.structs.replace(asked, at=self._clock()))
        except NotComputed as error:
            place = Place(asked.text, source=asked.source)
            return msgspec.json.encode(PlacesFound(NOT_AVAILABLE, asked.text, [], place, fallback=error.why))

    async def what_is_sent(self, incident: str, flags: tuple[str, ...] = ()) -> Told:
        """What the active plan says for an incident, else the default by its group: the fields of `SetNeeds`."""
        found = self._open(incident)
        return found if isinstance(found, Rejection) else await self._computed(self._response(found, flags))

    async def what_would_be_sent(self, incident: Incident) -> Told:
        """What the active plan would say for an incident that need not be open yet."""
        return await self._computed(self._response(incident, ()))

    async def who_goes(self, incident: str, flags: tuple[str, ...] = ()) -> Told:
        """Who should go to an incident, and for every other unit why it should not."""
        found = self._open(incident)
        if isinstance(found, Rejection):
            return found
        try:
            asked = self._question(found)
        except Unlocated:
            return Rejection("incident_unlocated", {"incident": incident})
        return await self._computed(WhoGoes(asked, self._response(found, flags), planned=not found.needs))

    async def what_pays(self, incident: str) -> Told:
        """Which exchanges would pay; what was suggested last is what stands."""
        found = self._open(incident)
        if isinstance(found, Rejection):
            self._shown.pop(incident, None)
            return found
        try:
            asked = self._question(found)
        except Unlocated:
            return Rejection("incident_unlocated", {"incident": incident})
        sent = tuple(sent_out(self._state, found, asked))
        shown = self._shown.pop(incident, ())
        told = await self._computed(WhatPays(exchange_question(asked, found), sent, shown))
        if isinstance(told, bytes):
            self._remember(incident, tuple(_EXCHANGES.decode(told).exchanges))
        return told

    async def which_way(self, unit: str, incident: str) -> Told:
        """The drive of a unit from where it is taken to be. Rejections also: `unit_unknown`, `unit_unlocated`."""
        found = self._open(incident)
        if isinstance(found, Rejection):
            return found
        if unit not in self._state.units:
            return Rejection("unit_unknown", {"unit": unit[:80]})
        try:
            asked = self._question(found)
        except Unlocated:
            return Rejection("incident_unlocated", {"incident": incident})
        candidate = next(one for one in asked.roster if one.id == unit)
        place = whereabouts(msgspec.structs.replace(candidate, status=Status.AR), asked).at
        if place is None:
            return Rejection("unit_unlocated", {"unit": unit})
        return await self._computed(
            WhichWay(unit=unit, incident=incident, begin=place, end=asked.target, now=asked.now)
        )

    async def which_road(self, points: tuple[Point, ...]) -> Told:
        """The segments nearest to points, to be closed."""
        return await self._computed(WhichRoad(points=points))

    def duplicates_of_incident(self, incident: str) -> list[Suggestion] | Rejection:
        """What else an incident may be."""
        found = self._open(incident)
        return found if isinstance(found, Rejection) else of_incident(self._state, incident, self._clock())

    def duplicates_of_call(self, call: str) -> list[Suggestion] | Rejection:
        """What a call may be about."""
        known = call in self._state.calls
        return of_call(self._state, call) if known else Rejection("call_unknown", {"call": call})

    async def reading_of(self, text: str) -> TextReading | Rejection:
        """What came of reading and linting the text of a plan."""
        told = await self._plainly(WhatIsWrittenIn(text))
        return told if isinstance(told, Rejection) else _READINGS.decode(told)

    async def findings_of(self, text: str) -> Told:
        """What the linter finds in the text of a plan."""
        return await self._plainly(WhatIsDoubted(text))

    # From state to question

    @property
    def _state(self) -> Dispatch:
        state: Dispatch = self._states()["dispatch"]
        return state

    def _open(self, incident: str) -> Incident | Rejection:
        found = self._state.incidents.get(incident)
        if found is None or found.closed_at is not None:
            return Rejection("incident_unknown" if found is None else "incident_closed", {"incident": incident[:80]})
        return found

    def _question(self, incident: Incident) -> Question:
        """With each unit where its device says, if that is newer than what came with its last status."""
        now = self._clock()
        closed = [one.id for one in closed_at(self._state, now)]
        asked = question_of(self._state, incident, now, self._known().stations, Policy(), closures=closed)
        roster = tuple(seen_by_device(unit, self._newest(unit.id)) for unit in asked.roster)
        return msgspec.structs.replace(asked, roster=roster)

    def _response(self, incident: Incident, flags: tuple[str, ...]) -> WhatIsSent:
        place, plan = incident.place, active_plan(self._state)
        return WhatIsSent(
            incident=incident.id,
            asked=PlanQuestion(
                incident.kind, incident.opened_at, incident.group, incident.alarm_level, flags, place.text
            ),
            at=None if place.x is None or place.y is None else (place.x, place.y),
            plan=None if plan is None else Planned(plan.id, plan.digest, plan.text),
            kinds=tuple(sorted({unit.kind for unit in self._state.units.values() if unit.kind})),
            zones=incident.zones,
        )

    def _known(self) -> CityFacts:
        """What the city said of itself; it stays known while its process is started again."""
        if self._city is not None and self._city.hello != self._hello:
            self._hello = self._city.hello
            self._facts = msgspec.msgpack.decode(self._hello, type=CityFacts)
        return self._facts

    def _remember(self, incident: str, exchanges: tuple[Exchange, ...]) -> None:
        while len(self._shown) >= SHOWN_AT_MOST:
            del self._shown[next(iter(self._shown))]
        self._shown[incident] = exchanges

    # Asking

    async def _computed(self, question: AnyQuestion) -> Told:
        try:
            return await self._of_city(question)
        except NotComputed as error:
            return await self._plainly(msgspec.structs.replace(question, fallback=error.why))

    async def _of_city(self, question: AnyQuestion) -> bytes:
        if self._city is None:
            raise NotComputed(NO_CITY)
        closed = {name for one in closed_at(self._state, self._clock()) for name in one.segments}
        return await self._city.ask(packed(msgspec.structs.replace(question, closed=tuple(sorted(closed)))))

    async def _plainly(self, question: AnyQuestion) -> Told:
        """Once more when it ended beneath the question: it has then been started again."""
        content = packed(question)
        try:
            try:
                return await self._plain.ask(content)
            except NotComputed as error:
                if error.why != ENDED:
                    raise
                return await self._plain.ask(content)
        except NotComputed as error:
            return Rejection("computing_unavailable", {"why": error.why})


# In the process without a city


def compute_plainly(server: Connection) -> None:
    """Answer questions without a city until the server hangs up."""
    desk = Desk()
    with suppress(EOFError, OSError, KeyboardInterrupt):  # the server has hung up, or is gone
        answer_questions(server, lambda question: desk.answer(unpacked(question)))
