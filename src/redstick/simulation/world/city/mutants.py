"""Causes of public failures, planted in the city: in dispatch, in the house around it, in the desks before it.

Each is a mistake that a system of this kind has made, or is one step from making. The checkers do not know which one is
planted, or that any is.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest.mock import patch

import msgspec

from redstick import dispatch
from redstick.dispatch.rules.alerts import AlertQueued, AlertReceipt, AlertSettled, ReportReceipt, VoiceNeeded
from redstick.dispatch.rules.assignments import AssignUnits, UnitAssigned
from redstick.dispatch.rules.callbacks import AttemptCallback, CallbackClosed, CallbackExhausted, CallbackQueued
from redstick.dispatch.rules.calls import AbandonCall, CallAttached, CallEnded, CallReceived, CallState, ReceiveCall
from redstick.dispatch.rules.coverage import CheckCoverage, CoverageLost
from redstick.dispatch.rules.links import MergeIncidents
from redstick.dispatch.rules.overdue import WaitOverdue
from redstick.dispatch.rules.seats import SeatLost, SignOff
from redstick.dispatch.rules.units import ClearEmergency, EmergencyRaised, StatusReported
from redstick.dispatch.status_table import Status
from redstick.kernel.executor import Executor
from redstick.kernel.ids import make_id
from redstick.kernel.timers import Start, Timers
from redstick.kernel.values import Event, Instant
from redstick.published.dispatch import SeatSignedOff
from redstick.simulation.planting import (
    Plant,
    applying,
    deciding,
    despite,
    timing,
    without,
    without_reaction,
    without_timer,
)
from redstick.simulation.world.askers import Asked, Asker
from redstick.simulation.world.household import EPOCH_MS

Planting = Callable[[], AbstractContextManager[Any]]


def _in_dispatch(plant: Plant) -> Planting:
    """A fault of the domain, for as long as it is planted."""

    @contextmanager
    def planted() -> Iterator[None]:
        with patch.object(dispatch, "live", plant(dispatch.live)):
            yield

    return planted


def _repeats_dropped(decision: list[Event], state: Any, asked: Any) -> list[Event]:
    """Whoever rings again is in the queue already, so why write it down."""
    del asked
    return [one for one in decision if not (isinstance(one, CallbackQueued) and one.number in state.callbacks)]


def _settled_when_sent(decision: list[Event], state: Any, asked: ReportReceipt) -> list[Event]:
    """Handed over is told."""
    alert = state.incidents[asked.incident].alerts[asked.alert]
    sent = [one for one in decision if isinstance(one, AlertReceipt)]
    settled = [
        AlertSettled(one.incident, one.unit, one.alert, msgspec.convert("alerted", type(alert.standing)), "sent")
        for one in sent if alert.chased
    ]  # fmt: skip
    return [*sent, *settled] or decision


def _closed_by_itself(decision: list[Event], state: Any, asked: AttemptCallback) -> list[Event]:
    """Three attempts are enough: nobody need look at it."""
    if not any(isinstance(one, CallbackExhausted) for one in decision):
        return decision
    calls = list(state.callbacks[asked.number].calls)
    return [*decision, CallbackClosed(asked.number, "", "", calls), *(CallEnded(call) for call in calls)]


def _only_so_many_ring(decision: list[Event], state: Any, asked: ReceiveCall) -> list[Event]:
    """A queue has a length; who does not fit into it gets a busy tone, and nobody writes it down."""
    del asked
    ringing = sum(call.state is CallState.PRESENTED for call in state.calls.values())
    return [one for one in decision if not (isinstance(one, CallReceived) and ringing >= 4)]


def _ended_by_a_status(state: Any, happened: StatusReported, at: Instant, true: Any) -> None:
    """Who is available cannot be in danger."""
    true(state, happened, at)
    if happened.status is Status.AR:
        state.units[happened.unit].emergency_at = state.units[happened.unit].emergency = None


def _released_by_a_status(state: Any, happened: StatusReported, at: Instant, true: Any) -> None:
    """Who is available works on nothing."""
    true(state, happened, at)
    if happened.status is Status.AR:
        state.units[happened.unit].work.clear()


def _cleared_by_a_timer(happened: EmergencyRaised, now: Instant) -> list[Start]:
    """An alarm that nobody hears is a false one."""
    return [Start(f"dispatch/emergency/{happened.unit}", now + 15_000, ClearEmergency(happened.unit, "system", "old"))]


def _booked_as_shown(state: Any, asked: AssignUnits) -> list[Event]:
    """What the screen showed as free is free."""
    incident = state.incidents[asked.incident]
    fresh = [name for name in asked.units if name not in incident.assignments]
    return [UnitAssigned(asked.incident, name) for name in fresh]


def _left(state: Any, asked: SignOff) -> list[Event]:
    """Whoever wants to go home may."""
    return [SeatSignedOff(asked.seat, state.seats[asked.seat].person)]


def _retried_under_a_new_id() -> AbstractContextManager[Any]:
    """A desk that hears nothing asks anew, as if it had never asked."""
    real = Asker._ask  # noqa: SLF001  (a mutant reaches inside)

    def ask(self: Any, name: str) -> None:
        asked: Asked = self.asked[name]
        owners = getattr(self, "_owners", None)
        if not asked.told and asked.sent and owners is not None:
            fresh = make_id("cmd", EPOCH_MS + self._timeline.now, self._random.getrandbits(64))
            asked.request = _renamed(asked.request, fresh)
            self.asked[fresh] = asked
            owners[fresh] = self
            self._follows[fresh] = self._follows.get(name, ([], [], lambda outcomes: None))  # noqa: ARG005  (the form of it)
        real(self, asked.request.id)

    return patch.object(Asker, "_ask", ask)


def _renamed(request: Any, name: str) -> Any:
    return type(request)(name, request.command, request.actor, request.at, request.purpose)


def _timers_lost_at_take_over() -> AbstractContextManager[Any]:
    """Who takes over decides from the state; what was only waited for is gone."""
    real = Executor.refold

    def refold(self: Executor, *arguments: Any) -> None:
        real(self, *arguments)
        if self.durable.position:
            self._decided.timers = Timers()

    return patch.object(Executor, "refold", refold)


def _reactions_lost_at_take_over() -> AbstractContextManager[Any]:
    """What was to be asked because of something is not asked by who takes over."""
    real = Executor.refold

    def refold(self: Executor, *arguments: Any) -> None:
        real(self, *arguments)
        self._due.clear()

    return patch.object(Executor, "refold", refold)


MUTANTS: dict[str, tuple[str, Planting]] = {
    "callback_forgotten": (
        "who hangs up is owed nothing", _in_dispatch(without(AbandonCall, CallbackQueued)),
    ),
    "repeated_number_dropped": (
        "an abandoned call of a number that is owed already is not kept",
        _in_dispatch(deciding(AbandonCall, _repeats_dropped)),
    ),
    "callback_closed_by_itself": (
        "a number that was tried three times leaves the queue without a name",
        _in_dispatch(deciding(AttemptCallback, _closed_by_itself)),
    ),
    "busy_tone": (
        "calls beyond a limit are not written down", _in_dispatch(deciding(ReceiveCall, _only_so_many_ring)),
    ),
    "emergency_cleared_by_a_timer": (
        "an emergency that nobody hears ends by itself", _in_dispatch(timing(EmergencyRaised, _cleared_by_a_timer)),
    ),
    "emergency_ended_by_a_status": (
        "a unit that says it is available is in no danger", _in_dispatch(applying(StatusReported, _ended_by_a_status)),
    ),
    "emergency_unheard": (
        "nobody is told that an emergency was not heard", _in_dispatch(without_timer(EmergencyRaised)),
    ),
    "told_when_sent": (
        "an alert counts as told when it was handed over", _in_dispatch(deciding(ReportReceipt, _settled_when_sent)),
    ),
    "silence_borne": (
        "a path that is silent is waited for without end", _in_dispatch(without_timer(AlertQueued)),
    ),
    "voice_not_reminded": (
        "who is to voice an alert is not reminded", _in_dispatch(without_timer(VoiceNeeded)),
    ),
    "sent_and_not_told": (
        "a unit is assigned and nobody alerts it", _in_dispatch(without_reaction("when_unit_assigned_then_alert")),
    ),
    "called_back_and_not_told": (
        "a unit is cancelled and nobody tells it", _in_dispatch(without_reaction("when_assignment_ended_then_call")),
    ),
    "booked_from_a_stale_screen": (
        "a unit is sent because a screen showed it as free",
        _in_dispatch(despite(AssignUnits, "unit_not_available", _booked_as_shown)),
    ),
    "released_without_an_event": (
        "a unit that says it is available drops what it works on",
        _in_dispatch(applying(StatusReported, _released_by_a_status)),
    ),
    "merge_forgets_the_calls": (
        "the calls of a replaced incident stay with it", _in_dispatch(without(MergeIncidents, CallAttached)),
    ),
    "sign_off_forgets_what_waits": (
        "a seat may leave what nobody else sees", _in_dispatch(despite(SignOff, "would_uncover", _left)),
    ),
    "lost_seat_watches": (
        "a seat whose stream is gone watches for ever", _in_dispatch(without_timer(SeatLost)),
    ),
    "no_coverage_alarm": (
        "nobody is told that nobody watches", _in_dispatch(without(CheckCoverage, CoverageLost)),
    ),
    "turnout_unwatched": (
        "a unit that does not leave is not missed", _in_dispatch(without_timer(UnitAssigned)),
    ),
    "wait_grows_no_louder": (
        "a wait that was told of once is not told of again", _in_dispatch(without_timer(WaitOverdue)),
    ),
    "retried_under_a_new_id": ("a desk asks again under another name", _retried_under_a_new_id),
    "timers_lost_at_take_over": ("who takes over knows no timers", _timers_lost_at_take_over),
    "reactions_lost_at_take_over": ("who takes over owes no reactions", _reactions_lost_at_take_over),
}  # fmt: skip
