"""The proving ground: a small domain that asks everything of the kernel that a city does, and nothing else.

Boxes hold an amount. Putting moves it, a transfer moves it between two boxes in one command, an alarm rings after a
while, a closed box is retired and may be opened again, every seventh amount is stamped by a reaction. A box's note is
for the staff alone.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from redstick.kernel.domain import Domain, Recall
from redstick.kernel.envelope import Envelope
from redstick.kernel.fold import Fact
from redstick.kernel.reactions import Reaction
from redstick.kernel.timers import Start, Stop
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, Request, command, event

RETIRE_MS = 3_000
LIMIT = 10_000
STAFF, PUBLIC = "staff", "public"
AUDIENCES = (STAFF, PUBLIC)
STRANGER = "stranger"


class Box(msgspec.Struct):
    """A box as it is now."""

    id: str
    note: str = ""
    amount: int = 0
    puts: int = 0
    stamps: int = 0
    rung: int = 0
    closed: bool = False


class Proving(msgspec.Struct):
    """Boxes by id."""

    boxes: dict[str, Box] = msgspec.field(default_factory=dict)


@event("proving.box_opened", subjects=("box",))
class BoxOpened(Event, frozen=True):
    """A box is there."""

    box: str
    note: str = ""


@event("proving.amount_put", subjects=("box",))
class AmountPut(Event, frozen=True):
    """An amount came in, or went out; `total` is what the box then holds."""

    box: str
    amount: int
    total: int


@event("proving.alarm_set", subjects=("box",))
class AlarmSet(Event, frozen=True):
    """It rings when `after_ms` have passed since this was recorded."""

    box: str
    after_ms: int


@event("proving.alarm_stopped", subjects=("box",))
class AlarmStopped(Event, frozen=True):
    """It does not ring after all."""

    box: str


@event("proving.alarm_rang", subjects=("box",))
class AlarmRang(Event, frozen=True):
    """The while has passed."""

    box: str


@event("proving.stamped", subjects=("box",))
class Stamped(Event, frozen=True):
    """The reaction to a total that seven divides."""

    box: str
    total: int


@event("proving.box_closed", subjects=("box",))
class BoxClosed(Event, frozen=True):
    """Nothing goes in or out."""

    box: str


@event("proving.box_reopened", subjects=("box",))
class BoxReopened(Event, frozen=True):
    """Open again."""

    box: str


@event("proving.box_retired", subjects=("box",))
class BoxRetired(Event, frozen=True):
    """It leaves the live state; `record` is the box as JSON."""

    box: str
    record: str


@event("proving.box_recalled", subjects=("box",))
class BoxRecalled(Event, frozen=True):
    """It is live again, as it was when it left."""

    box: str
    record: str


@command("proving.open_box")
class OpenBox(Command, frozen=True):
    """Make a box."""

    box: str
    note: str = ""


@command("proving.put")
class Put(Command, frozen=True):
    """Put an amount in, or take it out."""

    box: str
    amount: int


@command("proving.transfer")
class Transfer(Command, frozen=True):
    """Move an amount from one box to another."""

    source: str
    target: str
    amount: int


@command("proving.set_alarm")
class SetAlarm(Command, frozen=True):
    """Set the alarm, or set it anew."""

    box: str
    after_ms: int


@command("proving.stop_alarm")
class StopAlarm(Command, frozen=True):
    """Stop the alarm."""

    box: str


@command("proving.close_box")
class CloseBox(Command, frozen=True):
    """Close a box."""

    box: str


@command("proving.reopen_box")
class ReopenBox(Command, frozen=True):
    """Open a closed box again, retired or not."""

    box: str


@command("proving.ring_alarm")
class RingAlarm(Command, frozen=True):
    """The timer's command."""

    box: str


@command("proving.stamp")
class Stamp(Command, frozen=True):
    """The reaction's command."""

    box: str
    total: int


@command("proving.retire_box")
class RetireBox(Command, frozen=True):
    """The retiring timer's command."""

    box: str


@command("proving.recall_box")
class RecallBox(Command, frozen=True):
    """The kernel's command: put a retired box back."""

    box: str
    record: str


def decide_open_box(state: Proving, asked: OpenBox, now: Instant) -> Decision:
    """Rejections: `box_known`."""
    del now
    return Rejection("box_known") if asked.box in state.boxes else [BoxOpened(asked.box, asked.note)]


def decide_put(state: Proving, asked: Put, now: Instant) -> Decision:
    """Rejections: `box_unknown`, `box_closed`, `too_much`. Nothing put changes nothing."""
    del now
    refusal = _refusal(state, asked.box, asked.amount)
    if refusal is not None:
        return refusal
    total = state.boxes[asked.box].amount + asked.amount
    return [AmountPut(asked.box, asked.amount, total)] if asked.amount else []


def decide_transfer(state: Proving, asked: Transfer, now: Instant) -> Decision:
    """Rejections: those of a put into either box; `same_box`."""
    del now
    if asked.source == asked.target:
        return Rejection("same_box")
    refusal = _refusal(state, asked.source, -asked.amount) or _refusal(state, asked.target, asked.amount)
    if refusal is not None:
        return refusal
    source, target = state.boxes[asked.source], state.boxes[asked.target]
    return [
        AmountPut(source.id, -asked.amount, source.amount - asked.amount),
        AmountPut(target.id, asked.amount, target.amount + asked.amount),
    ]


def decide_set_alarm(state: Proving, asked: SetAlarm, now: Instant) -> Decision:
    """Rejections: `box_unknown`, `box_closed`."""
    del now
    return _refusal(state, asked.box, 0) or [AlarmSet(asked.box, asked.after_ms)]


def decide_stop_alarm(state: Proving, asked: StopAlarm, now: Instant) -> Decision:
    """Rejections: `box_unknown`, `box_closed`."""
    del now
    return _refusal(state, asked.box, 0) or [AlarmStopped(asked.box)]


def decide_close_box(state: Proving, asked: CloseBox, now: Instant) -> Decision:
    """Rejections: `box_unknown`, `box_closed`."""
    del now
    return _refusal(state, asked.box, 0) or [BoxClosed(asked.box)]


def decide_reopen_box(state: Proving, asked: ReopenBox, now: Instant) -> Decision:
    """Rejections: `box_unknown`, `box_open`."""
    del now
    box = state.boxes.get(asked.box)
    if box is None:
        return Rejection("box_unknown")
    return [BoxReopened(asked.box)] if box.closed else Rejection("box_open")


def decide_ring_alarm(state: Proving, asked: RingAlarm, now: Instant) -> Decision:
    """Rejections: `box_unknown` (it was retired meanwhile)."""
    del now
    return [AlarmRang(asked.box)] if asked.box in state.boxes else Rejection("box_unknown")


def decide_stamp(state: Proving, asked: Stamp, now: Instant) -> Decision:
    """Rejections: `box_unknown` (it was retired meanwhile)."""
    del now
    return [Stamped(asked.box, asked.total)] if asked.box in state.boxes else Rejection("box_unknown")


def decide_retire_box(state: Proving, asked: RetireBox, now: Instant) -> Decision:
    """Rejections: `box_unknown`, `box_open`."""
    del now
    box = state.boxes.get(asked.box)
    if box is None or not box.closed:
        return Rejection("box_unknown" if box is None else "box_open")
    return [BoxRetired(box.id, msgspec.json.encode(box).decode())]


def decide_recall_box(state: Proving, asked: RecallBox, now: Instant) -> Decision:
    """Rejections: `box_known`."""
    del now
    return Rejection("box_known") if asked.box in state.boxes else [BoxRecalled(asked.box, asked.record)]


def apply_box_opened(state: Proving, happened: BoxOpened, at: Instant) -> None:
    """Empty."""
    del at
    state.boxes[happened.box] = Box(happened.box, happened.note)


def apply_amount_put(state: Proving, happened: AmountPut, at: Instant) -> None:
    """More, or less; the count tells a second application."""
    del at
    box = state.boxes[happened.box]
    box.amount += happened.amount
    box.puts += 1


def apply_alarm_rang(state: Proving, happened: AlarmRang, at: Instant) -> None:
    """Counted."""
    del at
    state.boxes[happened.box].rung += 1


def apply_stamped(state: Proving, happened: Stamped, at: Instant) -> None:
    """Counted."""
    del at
    state.boxes[happened.box].stamps += 1


def apply_box_closed(state: Proving, happened: BoxClosed, at: Instant) -> None:
    """Closed."""
    del at
    state.boxes[happened.box].closed = True


def apply_box_reopened(state: Proving, happened: BoxReopened, at: Instant) -> None:
    """Open."""
    del at
    state.boxes[happened.box].closed = False


def apply_box_retired(state: Proving, happened: BoxRetired, at: Instant) -> None:
    """Gone from here; the journal has it."""
    del at
    del state.boxes[happened.box]


def apply_box_recalled(state: Proving, happened: BoxRecalled, at: Instant) -> None:
    """Back as it was."""
    del at
    state.boxes[happened.box] = msgspec.json.decode(happened.record, type=Box)


def apply_alarm(state: Proving, happened: Event, at: Instant) -> None:
    """Alarms are the timers' affair."""
    del state, happened, at


def when_seven_divides_then_stamp(state: Proving, happened: AmountPut, envelope: Envelope) -> Iterable[Command]:
    """Every total that seven divides."""
    del state, envelope
    return [Stamp(happened.box, happened.total)] if happened.total % 7 == 0 else []


def absent(state: Proving, asked: Command) -> Iterable[str]:
    """Boxes that a command names and that are not live."""
    named = [getattr(asked, name) for name in ("box", "source", "target") if hasattr(asked, name)]
    return [name for name in named if name not in state.boxes]


def _refusal(state: Proving, name: str, amount: int) -> Rejection | None:
    box = state.boxes.get(name)
    if box is None:
        return Rejection("box_unknown", {"box": name})
    if box.closed:
        return Rejection("box_closed", {"box": name})
    if abs(box.amount + amount) > LIMIT:
        return Rejection("too_much", {"box": name, "holds": box.amount})
    return None


def _alarm(name: str) -> str:
    return f"alarm:{name}"


def _retiring(name: str) -> str:
    return f"retire:{name}"


domain = Domain(
    "proving",
    Proving,
    {
        OpenBox: decide_open_box,
        Put: decide_put,
        Transfer: decide_transfer,
        SetAlarm: decide_set_alarm,
        StopAlarm: decide_stop_alarm,
        CloseBox: decide_close_box,
        ReopenBox: decide_reopen_box,
        RingAlarm: decide_ring_alarm,
        Stamp: decide_stamp,
        RetireBox: decide_retire_box,
        RecallBox: decide_recall_box,
    },
    {
        BoxOpened: apply_box_opened,
        AmountPut: apply_amount_put,
        AlarmSet: apply_alarm,
        AlarmStopped: apply_alarm,
        AlarmRang: apply_alarm_rang,
        Stamped: apply_stamped,
        BoxClosed: apply_box_closed,
        BoxReopened: apply_box_reopened,
        BoxRetired: apply_box_retired,
        BoxRecalled: apply_box_recalled,
    },
    reactions=(Reaction("stamping", AmountPut, when_seven_divides_then_stamp),),
    timers={
        AlarmSet: lambda happened, now: [Start(_alarm(happened.box), now + happened.after_ms, RingAlarm(happened.box))],
        AlarmStopped: lambda happened, now: [Stop(_alarm(happened.box))],  # noqa: ARG005  (the form of a rule)
        BoxClosed: lambda happened, now: [Start(_retiring(happened.box), now + RETIRE_MS, RetireBox(happened.box))],
        BoxReopened: lambda happened, now: [Stop(_retiring(happened.box))],  # noqa: ARG005  (the form of a rule)
    },
    recall=Recall(BoxRetired, absent, lambda happened: RecallBox(happened.box, happened.record)),
    kernel_only=frozenset({RingAlarm, Stamp, RetireBox, RecallBox}),
)


@event("fragile.broke")
class Broke(Event, frozen=True):
    """An event that cannot be applied."""


@command("fragile.break")
class Break(Command, frozen=True):
    """Ask for what cannot be applied."""


def apply_broke(state: dict[str, int], happened: Broke, at: Instant) -> None:
    """Dirty the state, then fail."""
    del happened, at
    state["dirty"] = 1
    raise RuntimeError("this domain's code has a fault")


def decide_break(state: dict[str, int], asked: Break, now: Instant) -> Decision:
    """Nothing is refused."""
    del state, asked, now
    return [Broke()]


fragile = Domain("fragile", dict, {Break: decide_break}, {Broke: apply_broke})


def guard(states: Mapping[str, Any], request: Request) -> Rejection | None:
    """Strangers may ask nothing."""
    del states
    return Rejection("not_permitted") if request.actor == STRANGER else None


class BoxView:
    """Boxes as rows: the note for the staff alone, a closed box for nobody."""

    name = "proving.view.boxes"

    def touched(self, states: Mapping[str, Any], fact: Fact) -> Iterable[str]:
        """The boxes that the fact names."""
        del states
        return fact.envelope.subjects

    def row(self, states: Mapping[str, Any], key: str, audience: str) -> dict[str, Any] | None:
        """A box as an audience may see it."""
        box: Box | None = states["proving"].boxes.get(key)
        if box is None or box.closed:
            return None
        row: dict[str, Any] = {"amount": box.amount, "puts": box.puts, "stamps": box.stamps, "rung": box.rung}
        return {**row, "note": box.note} if audience == STAFF else row

    def keys(self, states: Mapping[str, Any]) -> Iterable[str]:
        """Every box."""
        return list(states["proving"].boxes)
