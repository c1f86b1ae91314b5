"""The values that everything is made of: events, commands, rejections.

Events and commands are frozen structs of integers, texts, booleans and lists of these; no floats, so that the same seed
gives the same bytes on every machine (coordinates in 1e-7 degrees, times in milliseconds since the epoch, UTC).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

import msgspec
from msgspec import inspect

Instant = int  # milliseconds since the epoch, UTC
Scalar = str | int | bool | None

UNKNOWN: Instant = 0  # a time nobody knows; no call in this system is as old as the epoch


class Event(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, forbid_unknown_fields=True):
    """What happened; past tense; never changed. Each kind is declared with `@event`."""

    event_kind: ClassVar[str]
    event_version: ClassVar[int]
    subject_fields: ClassVar[tuple[str, ...]]

    def subjects(self) -> list[str]:
        """Opaque ids that this event concerns, in the order of its declaration."""
        found: list[str] = []
        for name in self.subject_fields:
            value = getattr(self, name)
            if isinstance(value, str):
                found.extend([value] if value else [])
            else:
                found.extend(value)
        return found


class Command(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, forbid_unknown_fields=True):
    """What someone asks; imperative. Each kind is declared with `@command`."""

    command_kind: ClassVar[str]


class Rejection(msgspec.Struct, frozen=True):
    """A domain's "no": a stable code and the data to explain it. A value, never an exception."""

    code: str
    data: dict[str, Any] = {}


Decision = list[Event] | Rejection

E = TypeVar("E", bound=type[Event])
C = TypeVar("C", bound=type[Command])


def event(kind: str, *, version: int = 1, subjects: tuple[str, ...] = ()) -> Callable[[E], E]:
    """Declare an event's kind, its version and which of its fields name subjects (a text, or a list of texts)."""

    def declare(cls: E) -> E:
        refuse_floats(cls)
        cls.event_kind, cls.event_version, cls.subject_fields = kind, version, subjects
        return cls

    return declare


def command(kind: str) -> Callable[[C], C]:
    """Declare a command's kind."""

    def declare(cls: C) -> C:
        refuse_floats(cls)
        cls.command_kind = kind
        return cls

    return declare


def refuse_floats(cls: type[msgspec.Struct]) -> None:
    """Raise TypeError when a field of `cls`, at any depth, could hold a float, a number of any kind, or a set."""
    refused = (inspect.FloatType, inspect.DecimalType, inspect.AnyType, inspect.SetType, inspect.FrozenSetType)
    waiting: list[Any] = [inspect.type_info(cls)]
    seen: list[Any] = []
    while waiting:
        found = waiting.pop()
        if isinstance(found, refused):
            raise TypeError(f"{cls.__name__}: payloads hold integers and text, no floats and no sets")
        if isinstance(found, inspect.StructType):
            if found.cls not in seen:
                seen.append(found.cls)
                waiting.extend(field.type for field in found.fields)
            continue
        for name in ("types", "item_types"):
            waiting.extend(getattr(found, name, ()))
        one = ("item_type", "key_type", "value_type")
        waiting.extend(getattr(found, name) for name in one if hasattr(found, name))


@dataclass(frozen=True, slots=True)
class Request:
    """A command on its way in: who asks, since when it is true, and the key that makes asking twice harmless.

    `id` is the idempotency key (see `ids`); `at` is when the thing happened, which may lie in the past (a paper card);
    `purpose` is given where law asks for one.
    """

    id: str
    command: Command
    actor: str
    at: Instant | None = None
    purpose: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request: the events it caused, or the rejection. `position` is that of its last line."""

    request: str
    position: int
    events: tuple[Event, ...] = ()
    rejection: Rejection | None = None

    @property
    def accepted(self) -> bool:
        """True when the command was not refused."""
        return self.rejection is None
