"""A domain's registration: its state, its commands with their deciders, its events with their appliers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from redstick.kernel.envelope import Envelope
from redstick.kernel.errors import Corruption
from redstick.kernel.evolution import Downcast, Upcast
from redstick.kernel.reactions import Reaction
from redstick.kernel.timers import TimerRule
from redstick.kernel.values import Command, Decision, Event, Instant

Decide = Callable[[Any, Any, Instant], Decision]
Apply = Callable[[Any, Any, Instant], None]
Deciders = Mapping[type[Command], Decide]
Appliers = Mapping[type[Event], Apply]


@dataclass(frozen=True)
class Recall:
    """How closed things leave the live state and come back.

    An event of the kind `retired` takes a thing out and keeps its record. `absent` names, for a state and a command,
    the ids that the command concerns and the live state does not hold. `restore` makes, of a retirement, the command
    that puts the thing back; only the kernel may ask it, and its decider checks that the thing is not there.
    """

    retired: type[Event]
    absent: Callable[[Any, Any], Iterable[str]]
    restore: Callable[[Any], Command]


@dataclass(frozen=True)
class Domain:
    """One domain of the house.

    `state` makes an empty state; it is also the type that a snapshot's state is decoded to. `deciders` are pure:
    (state, command, now) to events or a rejection. `appliers` are total and deterministic: (state, event, at) changes
    the state in place, computes nothing, refuses nothing. `upcasters` turn the payload of an older version, keyed by
    (kind, version), into that of the next; `downcasters` turn one into that of the version before, where nothing is
    lost by it, for as long as the newest is not active. `timers` say what an event starts and stops, from the event and
    its `recorded_at`.
    `kernel_only` commands come from timers, reactions and recalls, never from a seat; `urgent` ones wait for no other.
    `fold_version` is raised when the same events fold to another state than before: older snapshots are then not used.
    """

    name: str
    state: Callable[[], Any]
    deciders: Deciders
    appliers: Appliers
    upcasters: Mapping[tuple[str, int], Upcast] = field(default_factory=dict)
    downcasters: Mapping[tuple[str, int], Downcast] = field(default_factory=dict)
    reactions: Sequence[Reaction] = ()
    timers: Mapping[type[Event], TimerRule] = field(default_factory=dict)
    recall: Recall | None = None
    kernel_only: frozenset[type[Command]] = frozenset()
    urgent: frozenset[type[Command]] = frozenset()
    fold_version: int = 1

    def __post_init__(self) -> None:
        """Refuse a registration in which a kind is foreign to the domain or stands twice."""
        commands, events = list(self.deciders), list(self.appliers)
        for kinds in ([cls.command_kind for cls in commands], [cls.event_kind for cls in events]):
            if len(set(kinds)) != len(kinds):
                raise ValueError(f"domain {self.name}: a kind is declared twice among {sorted(kinds)}")
            for kind in kinds:
                if not kind.startswith(f"{self.name}."):
                    raise ValueError(f"domain {self.name}: {kind} does not begin with the domain's name")
        names = [reaction.name for reaction in self.reactions]
        if len(set(names)) != len(names) or any(":" in name for name in names):
            raise ValueError(f"domain {self.name}: names of reactions are unique and hold no colon: {sorted(names)}")


class EventReader:
    """Turns stored envelopes back into events of the newest version."""

    def __init__(self, domains: Iterable[Domain]) -> None:
        every = list(domains)
        self._decoders = {
            cls.event_kind: (cls, msgspec.json.Decoder(cls)) for domain in every for cls in domain.appliers
        }
        self._upcasters = {key: upcast for domain in every for key, upcast in domain.upcasters.items()}

    def read(self, envelope: Envelope) -> Event:
        """The event in an envelope; raises Corruption for a kind or version that this build does not know."""
        if envelope.kind not in self._decoders:
            raise Corruption(f"position {envelope.position}: unknown kind {envelope.kind}")
        cls, decoder = self._decoders[envelope.kind]
        try:
            if envelope.version == cls.event_version:
                return decoder.decode(envelope.payload)
            payload = self._upcast(cls, envelope)
            return msgspec.convert(payload, cls)
        except msgspec.MsgspecError as error:
            raise Corruption(f"position {envelope.position}: not a {envelope.kind}: {error}") from error

    def _upcast(self, cls: type[Event], envelope: Envelope) -> dict[str, Any]:
        payload: dict[str, Any] = msgspec.json.decode(envelope.payload)
        for version in range(envelope.version, cls.event_version):
            upcast = self._upcasters.get((envelope.kind, version))
            if upcast is None:
                break
            payload = upcast(payload)
        else:
            if envelope.version < cls.event_version:
                return payload
        raise Corruption(f"position {envelope.position}: {envelope.kind} version {envelope.version} cannot be read")
