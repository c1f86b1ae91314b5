"""What should have become of each command: decided again from the lines before it, without a line of the system's code.

A second definition of the proving ground, for which a box that was retired is a closed one: that it leaves the live
state and is brought back is nothing that anybody outside may notice.
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from redstick.kernel.values import Command, Request
from redstick.simulation.world.chain import Line, Problem, Row
from redstick.simulation.world.proving import (
    LIMIT,
    STRANGER,
    Break,
    CloseBox,
    OpenBox,
    Put,
    ReopenBox,
    SetAlarm,
    StopAlarm,
    Transfer,
)

Told = list[tuple[str, Row]]
NOTHING: Told = [("kernel.nothing_changed", {})]


class Box(msgspec.Struct):
    """What decides whether a command may be: what the box holds, and whether it is closed."""

    amount: int = 0
    closed: bool = False


def decision_problems(
    lines: Sequence[Line], groups: Mapping[str, list[Line]], asked: Mapping[str, Request]
) -> Iterator[Problem]:
    """Every command became what it should: its events or its refusal, whatever befell the nodes meanwhile."""
    boxes: dict[str, Box] = {}
    for line in lines:
        request = asked.get(line.cause)
        if request is not None and line.part == 1:
            did, should = became(groups[line.cause]), wanted(boxes, request)
            if did != should:
                said = f"position {line.position}: {request.command} became {did}, it should be {should}"
                yield Problem("decided_rightly", said)
        follow(boxes, line)


def became(group: Sequence[Line]) -> Told:
    """What the lines of a command say of it: kinds and payloads, of a refusal its code."""
    first = group[0]
    if first.kind == "kernel.rejected":
        return refused(first.payload["code"])
    if first.kind == "kernel.domain_suspended":
        return refused("domain_suspended")
    return NOTHING if first.kind == NOTHING[0][0] else [(line.kind, line.payload) for line in group]


def follow(boxes: dict[str, Box], line: Line) -> None:
    """Take one line in."""
    if line.kind == "proving.box_opened":
        boxes[line.payload["box"]] = Box()
    elif line.kind == "proving.amount_put":
        boxes[line.payload["box"]].amount += line.payload["amount"]
    elif line.kind in {"proving.box_closed", "proving.box_reopened"}:
        boxes[line.payload["box"]].closed = line.kind == "proving.box_closed"


def wanted(boxes: Mapping[str, Box], request: Request) -> Told:
    """What a command should become."""
    return refused("not_permitted") if request.actor == STRANGER else _decided(boxes, request.command)


def refused(code: str) -> Told:
    """A refusal."""
    return [("rejected", {"code": code})]


def _decided(boxes: Mapping[str, Box], asked: Command) -> Told:
    match asked:
        case Break():
            return refused("domain_suspended")
        case OpenBox(box, note):
            return refused("box_known") if box in boxes else _said("box_opened", box=box, note=note)
        case ReopenBox(box) if box in boxes:
            return _said("box_reopened", box=box) if boxes[box].closed else refused("box_open")
        case Transfer(source, target) if source == target:
            return refused("same_box")
        case Transfer(source, target, amount):
            return _never(boxes, source, -amount) or _never(boxes, target, amount) or [
                *_put(boxes, source, -amount), *_put(boxes, target, amount),
            ]  # fmt: skip
        case Put(box, amount):
            return _never(boxes, box, amount) or (_put(boxes, box, amount) if amount else NOTHING)
        case SetAlarm(box, after_ms):
            return _never(boxes, box) or _said("alarm_set", box=box, after_ms=after_ms)
        case StopAlarm(box):
            return _never(boxes, box) or _said("alarm_stopped", box=box)
        case CloseBox(box):
            return _never(boxes, box) or _said("box_closed", box=box)
    return refused("box_unknown")


def _never(boxes: Mapping[str, Box], name: str, amount: int = 0) -> Told:
    if name not in boxes:
        return refused("box_unknown")
    if boxes[name].closed:
        return refused("box_closed")
    return refused("too_much") if abs(boxes[name].amount + amount) > LIMIT else []


def _put(boxes: Mapping[str, Box], name: str, amount: int) -> Told:
    return _said("amount_put", box=name, amount=amount, total=boxes[name].amount + amount)


def _said(kind: str, **payload: str | int) -> Told:
    return [(f"proving.{kind}", payload)]
