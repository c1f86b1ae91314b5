"""What a window with a softphone is told: whether it is on, and its lines as the house has them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

MOST_LINES = 4  # of one window
AUTO_ANSWER = re.compile(r"answer-after=0")
_ADDRESS = re.compile(r'(?:"(?P<name>[^"]*)" *)?<?sip:(?P<number>[^@;>]*)@')


class LineState(StrEnum):
    """Where a line is; one that is over is not here."""

    RINGS = "rings"  # here
    CONNECTING = "connecting"  # somebody has answered here, and their voice is not there yet
    DIALLED = "dialled"
    RINGS_THERE = "rings_there"
    SPEAKS = "speaks"


class SoftphoneLine(msgspec.Struct):
    """One call of a softphone. `leg` is its leg of voice; `incoming` is whether it rang here.

    `number` and `name` are of the other end, `transfer` how one goes that was asked for: "" none, "asked", "rings", or
    the words with which it failed. `auto` says that whoever calls is heard without an answer (a page).
    """

    leg: str
    incoming: bool
    number: str
    name: str = ""
    state: LineState = LineState.DIALLED
    held: bool = False
    auto: bool = False
    transfer: str = ""


class LineOver(msgspec.Struct, frozen=True):
    """How the last line ended: who ended it (them, us or nobody, as its leg says) and why."""

    leg: str
    number: str
    incoming: bool
    spoke: bool
    who: str
    cause: str


class SoftphoneTold(msgspec.Struct, frozen=True):
    """A window's softphone, as it is now: what the stream tells each time that something of it changed."""

    number: str
    place: str
    lines: tuple[SoftphoneLine, ...] = ()
    over: LineOver | None = None


@dataclass
class Window:
    """A window in which a softphone is on. `changed` is called whenever it has something to be told.

    `voiced` are lines whose browser was attached once; `leaving` says who ends a line and why, where that is known
    before its voice is gone; `holding` are the other ends that hear a tone because we hold them.
    """

    id: str
    person: str
    device: str
    number: str
    changed: Callable[[], None]
    lines: dict[str, SoftphoneLine] = field(default_factory=dict)
    voiced: set[str] = field(default_factory=set)
    leaving: dict[str, tuple[str, str]] = field(default_factory=dict)
    holding: dict[str, str] = field(default_factory=dict)
    over: LineOver | None = None
    gone: bool = False  # its stream is closed, and it may come again


def rung(leg: str, caller: str, headers: tuple[tuple[str, str], ...]) -> SoftphoneLine:
    """A line that rings here: `caller` as an address of SIP with the name of an extension."""
    found = _ADDRESS.match(caller)
    auto = any(AUTO_ANSWER.search(value) for _, value in headers)
    number, name = (found["number"], found["name"] or "") if found else ("", "")
    return SoftphoneLine(leg, incoming=True, number=number, name=name, state=LineState.RINGS, auto=auto)
