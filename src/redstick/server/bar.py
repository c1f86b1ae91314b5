"""The command bar beside the executor: reads a line with what the city says, and does exactly what was shown.

Acts are ordinary commands under ids made of the act's own, so that an act asked again after a lost answer does nothing
twice. At Enter what others have asked before is waited for, then the state is looked at once more, and between that
look and the asking nothing is waited for. If what Enter would do, or what it rests on, is not what was shown, nothing
is asked at all.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import msgspec

from redstick.dispatch import domain
from redstick.dispatch.bar.dry_run import AS_SHOWN
from redstick.dispatch.bar.grammar import read
from redstick.dispatch.bar.history import ACT, REDO, UNDO, History, command_id, digits_of, history_of
from redstick.dispatch.bar.reading import (
    Answers,
    Asked,
    Candidate,
    Choice,
    Fault,
    GoingWanted,
    HistoryWanted,
    NeedsWanted,
    Part,
    PlaceWanted,
    Reading,
    Want,
)
from redstick.dispatch.bar.refusals import in_words
from redstick.dispatch.computing.answers import PlacesFound, PlannedResponse, Recommendation
from redstick.dispatch.computing.questions import WhereIs
from redstick.kernel.authority.authority import Authority
from redstick.kernel.executor import Lane
from redstick.kernel.system import NothingChanged
from redstick.kernel.values import Command, Outcome, Request
from redstick.server.api.oneself import named
from redstick.server.api.ports import Operations

SHOWN_AT_MOST, DONE_AT_MOST = 2_000, 2_000  # plans and acts that are remembered
BACK_AT_MOST = 5_000  # lines of the journal that an undo looks through
SETTLE_S = 0.25  # how long an Enter waits for what others have asked before it
READ_PATIENCE_S, ACT_PATIENCE_S = 1.0, 10.0  # for what the city computes: while typing, and at Enter
ROUNDS = 3  # an answer may raise a further question: where it is, then what the plan sends there

_places = msgspec.json.Decoder(PlacesFound)
_going = msgspec.json.Decoder(Recommendation)
_needs = msgspec.json.Decoder(PlannedResponse)


class Asking(msgspec.Struct, frozen=True):
    """One command that Enter asks: its kind and its fields."""

    kind: str
    fields: dict[str, Any]


class BarReading(msgspec.Struct, frozen=True):
    """A line as it was understood. Enter does `commands`, in order, to the `effect`, if it is sent back with `plan`.

    `plan` is "" where Enter does nothing: then `problems` say why, unless the line only asks (`f kettle`). Of several
    `readings` none is done; `candidates` are what may be meant, or was found.
    """

    form: str
    understood: list[Part]
    readings: list[Choice]
    effect: list[str]
    plan: str
    problems: list[Fault]
    candidates: list[Candidate]
    commands: list[Asking]


class DoneCommand(msgspec.Struct, frozen=True):
    """A command that was taken: its id, its kind, the position of its last line, and the kinds of its events.

    `kind` is "" where it was taken by a server before this one.
    """

    id: str
    kind: str
    position: int
    events: list[str]


class BarOutcome(msgspec.Struct, frozen=True):
    """What became of Enter. `outcome`: done, partly, refused, plan_changed (nothing was done; `reading` is new).

    `done` were taken, in order; at the first refusal the rest was not asked: `refused` says which and why, `not_done`
    are it and those behind it.
    """

    outcome: str
    done: list[DoneCommand] = []
    refused: Fault | None = None
    not_done: list[Asking] = []
    reading: BarReading | None = None


class Bar:
    """The bars of every seat."""

    def __init__(self, operations: Operations) -> None:
        self._operations, self._authority = operations, Authority()
        self._shown: OrderedDict[str, list[Command]] = OrderedDict()
        self._acts: OrderedDict[str, asyncio.Future[BarOutcome]] = OrderedDict()

    async def read(self, text: str, asked: Asked) -> BarReading:
        """What a line means now; nothing is written."""
        reading = await self._reading(text, asked)
        if reading.plan:
            self._shown[reading.plan] = reading.commands
            self._shown.move_to_end(reading.plan)
            while len(self._shown) > SHOWN_AT_MOST:
                self._shown.popitem(last=False)
        return told(reading)

    async def act(self, text: str, asked: Asked, plan: str) -> BarOutcome:
        """Do what was shown under `plan`; asked again under the same act it gives the same answer."""
        key = f"{asked.person}/{asked.act}"
        known = self._acts.get(key)
        if known is not None:
            return await asyncio.shield(known)
        self._acts[key] = future = asyncio.get_running_loop().create_future()
        try:
            outcome = await self._act(text, asked, plan)
        except BaseException:
            self._acts.pop(key, None)
            future.cancel()
            raise
        future.set_result(outcome)
        if outcome.outcome == "plan_changed":  # nothing was done under this id: it may be used once more
            del self._acts[key]
        while len(self._acts) > DONE_AT_MOST:
            self._acts.popitem(last=False)
        return outcome

    async def _act(self, text: str, asked: Asked, plan: str) -> BarOutcome:
        shown = self._shown.get(plan, [])
        reading = await self._reading(text, asked)
        if not reading.plan or reading.plan != plan:
            return await self._done_before(asked) or BarOutcome("plan_changed", reading=told(reading))
        commands = [_as_shown(one, shown[i] if i < len(shown) else one) for i, one in enumerate(reading.commands)]
        return await self._ask(commands, asked, {"undo": UNDO, "redo": REDO}.get(reading.form, ACT))

    async def _done_before(self, asked: Asked) -> BarOutcome | None:
        """What the journal says of this very act: the answer to it may have been lost with the server that gave it."""
        act = (await self._history(asked.seat)).acts.get(digits_of(asked.act))
        if act is None:
            return None
        taken = sorted(act.done.values(), key=lambda one: one.count)
        done = [DoneCommand(one.id, "", one.position, one.kinds) for one in taken]
        stopped = None if act.whole else Fault("interrupted", "the server stopped in between: the rest was not done")
        return BarOutcome("done" if act.whole else "partly", done, stopped)

    async def _ask(self, commands: Sequence[Command], asked: Asked, what: str) -> BarOutcome:
        """One command after the other, until one is refused."""
        done: list[DoneCommand] = []
        for count, command in enumerate(commands):
            outcome = await self._one(
                command, command_id(asked.seat, what, count, len(commands), asked.act), asked.person
            )
            if outcome.rejection is not None:
                refused = Fault(outcome.rejection.code, in_words(outcome.rejection))
                rest = [asking(one) for one in commands[count:]]
                return BarOutcome("partly" if done else "refused", done, refused, rest)
            kinds = [event.event_kind for event in outcome.events]
            done.append(DoneCommand(outcome.request, command.command_kind, outcome.position, kinds))
        return BarOutcome("done", done)

    async def _one(self, command: Command, name: str, person: str) -> Outcome:
        lane = Lane.EMERGENCY if type(command) in self._operations.house.urgent else Lane.ORDINARY
        return await self._operations.ask(Request(name, command, person), lane)

    # Reading with what the city says

    async def _reading(self, text: str, asked: Asked) -> Reading:
        answers = Answers({}, {}, {})
        wanted: set[str] = set()
        for _ in range(ROUNDS):
            reading = read(text, self._operations.states()["dispatch"], self._now(asked), answers)
            new = [one for one in reading.wants if _key(one) not in wanted]
            if not new:
                break
            wanted.update(map(_key, new))
            await self._answer_all(new, answers, ACT_PATIENCE_S if asked.act else READ_PATIENCE_S)
        if asked.act:  # what is under way by then is seen before anything is asked
            await self._operations.settled(SETTLE_S)
        reading = read(text, self._operations.states()["dispatch"], self._now(asked), answers)
        return self._permitted(reading, asked.person)

    def _now(self, asked: Asked) -> Asked:
        return msgspec.structs.replace(asked, now=self._operations.now(), position=self._operations.position())

    async def _answer_all(self, wants: Sequence[Want], answers: Answers, patience_s: float) -> None:
        """All at once; what takes too long is done without, and is noted if it comes after all."""
        tasks = [asyncio.ensure_future(self._answer(one, answers)) for one in wants]
        done, late = await asyncio.wait(tasks, timeout=patience_s)
        for task in done:
            task.result()
        for task in late:
            task.add_done_callback(lambda one: one.cancelled() or one.exception())

    async def _answer(self, want: Want, answers: Answers) -> None:
        if isinstance(want, HistoryWanted):
            answers.history = await self._history(want.seat)
            return
        desk = self._operations.desk
        if desk is None:
            return
        if isinstance(want, PlaceWanted):
            found = await desk.where_is(WhereIs(text=want.text))
            if isinstance(found, bytes):
                answers.places[want.text] = _places.decode(found)
        elif isinstance(want, GoingWanted):
            going = await desk.who_goes(want.incident)
            answers.going[want.incident] = _going.decode(going) if isinstance(going, bytes) else going
        else:
            needs = await desk.what_would_be_sent(want.incident)
            answers.needs[want.key] = _needs.decode(needs) if isinstance(needs, bytes) else needs

    async def _history(self, seat: str) -> History:
        """What the seat has done lately, as the journal tells it."""
        since = max(0, self._operations.position() - BACK_AT_MOST)
        return await self._operations.past.over(
            since, (NothingChanged, *domain.appliers), lambda facts: history_of(seat, facts)
        )

    def _permitted(self, reading: Reading, person: str) -> Reading:
        """With what the person may not ask among the problems, before Enter is ever pressed."""
        access = self._operations.states()["access"]
        refused = [
            found
            for command in reading.commands
            if (found := named(command, person) or self._authority.refusal(access, Request("", command, person)))
        ]
        if not refused:
            return reading
        faults = list(dict.fromkeys(Fault(one.code, in_words(one)) for one in refused))
        return msgspec.structs.replace(reading, commands=[], plan="", problems=[*reading.problems, *faults])


def asking(command: Command) -> Asking:
    """A command as a seat is told of it."""
    return Asking(command.command_kind, msgspec.to_builtins(command))


def told(reading: Reading) -> BarReading:
    """A reading as a seat is told."""
    commands = [asking(one) for one in reading.commands]
    return BarReading(
        reading.form, reading.understood, reading.readings, reading.effect, reading.plan, reading.problems,
        reading.candidates, commands,
    )  # fmt: skip


def _as_shown(command: Command, shown: Command) -> Command:
    """A command with those values that move by themselves as they were when it was shown."""
    if type(shown) is not type(command):
        return command
    return msgspec.structs.replace(
        command, **{name: getattr(shown, name) for name in AS_SHOWN if name in command.__struct_fields__}
    )


def _key(want: Want) -> str:
    if isinstance(want, NeedsWanted):
        return f"needs {want.key}"
    if isinstance(want, HistoryWanted):
        return f"history {want.seat}"
    return f"place {want.text}" if isinstance(want, PlaceWanted) else f"going {want.incident}"
