"""Robots at the telephones: the caller who speaks first, then whoever rings, then whoever is owed a callback."""

from collections.abc import Iterator
from functools import partial

from redstick.dispatch.rules.callbacks import Attempt, AttemptCallback, ClaimCallback, queue
from redstick.dispatch.rules.calls import (
    AnswerCall,
    AttachCall,
    Call,
    CallState,
    EndCall,
    HoldCall,
    ResumeCall,
    TransferCall,
)
from redstick.dispatch.rules.incidents import OpenIncident
from redstick.dispatch.rules.needs import SetNeeds
from redstick.dispatch.state import Dispatch
from redstick.kernel.values import Command, Instant, Outcome
from redstick.simulation.world.city.ground import corner
from redstick.simulation.world.city.robots import Act, Robot

TALK_MS, SILENCE_MS = 14_000, 5_000
PLAN = "night plan"
OVER = (CallState.ENDED, CallState.DIVERTED)


class Taker(Robot):
    """A call taker."""

    def acts(self, state: Dispatch, now: Instant) -> Iterator[Act]:
        """Who is on the line, who rings, who is owed a callback."""
        calls = [call for call in state.calls.values() if call.id not in self._over]
        self._over.update(call.id for call in calls if call.state in OVER)
        mine = [call for call in calls if call.seat == self.seat]
        for call in mine:
            yield from self._spoken(state, call, now)
        for call in calls:
            if call.state is CallState.TRANSFERRING and call.to == self.seat:
                yield Act([ResumeCall(call.id, self.seat)])
        if self._speaks(state):
            return  # one caller at a time
        for call in calls:
            if call.state is CallState.PRESENTED:
                yield Act([AnswerCall(call.id, self.seat)], partial(self._took, call.id))
        yield from self._callbacks(state, now)

    def _spoken(self, state: Dispatch, call: Call, now: Instant) -> Iterator[Act]:
        """Ask, listen, write down, and let the caller go."""
        match call.state:
            case CallState.ON_HOLD if not self._speaks(state):
                yield Act([ResumeCall(call.id, self.seat)])
            case CallState.CALLBACK_REACHED:
                yield Act(self._written_down(state, call))
            case CallState.ANSWERED:
                story = self._town.telephone.story_of(call.id)
                spoke_ms = now - (call.answered_at or now)
                if spoke_ms >= (TALK_MS if story is not None else SILENCE_MS):
                    yield Act(self._written_down(state, call))
                elif spoke_ms > 2_000 and self._random.random() < 0.03:
                    yield self._elsewhere(call)

    def _speaks(self, state: Dispatch) -> bool:
        return any(call.seat == self.seat and call.state is CallState.ANSWERED for call in state.calls.values())

    def _elsewhere(self, call: Call) -> Act:
        other = "calls:1" if self.seat != "calls:1" else "calls:2"
        asked = HoldCall(call.id) if self._random.random() < 0.5 else TransferCall(call.id, other)
        return Act([asked])

    def _written_down(self, state: Dispatch, call: Call) -> list[Command]:
        """An incident for what was told, or the one that is open there already; a silent line has none."""
        story = self._town.telephone.story_of(call.id)
        if story is None or call.incident:
            return [EndCall(call.id)]
        place, nature = corner(story.corner), story.nature
        open_there = [
            one.id
            for one in state.incidents.values()
            if one.closed_at is None and one.kind == nature.kind and one.place.text == place.text
        ]
        if open_there and self._random.random() < 0.6:
            return [AttachCall(call.id, open_there[0]), EndCall(call.id)]
        name = f"inc:{call.id}"  # of the call: whoever writes it down again after a loss opens no second one
        opened = OpenIncident(
            name, name[-6:], nature.kind, nature.group, nature.priority, place, call=call.id
        )  # fmt: skip
        return [opened, SetNeeds(name, list(nature.needs), PLAN, nature.kind), EndCall(call.id)]

    def _callbacks(self, state: Dispatch, now: Instant) -> Iterator[Act]:
        for owed in queue(state, now):
            if owed.exhausted or owed.seat not in ("", self.seat):
                continue
            if owed.seat == "":
                yield Act([ClaimCallback(owed.number, self.seat)])
            reached = self._town.telephone.reaches(owed.number)
            result = Attempt.REACHED if reached else self._random.choice((Attempt.NO_ANSWER, Attempt.BUSY))
            yield Act([AttemptCallback(owed.number, self.seat, result)])

    def _took(self, call: str, outcomes: list[Outcome]) -> None:
        if outcomes[0].accepted:
            self._town.telephone.answered(call)
