"""A domain's registration: its state, its commands with their deciders, its events with their appliers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from redstick.kernel.envelope import Envelope
from redstick.kernel.errors import Corruption
from redstick.kernel.values import Command, Decision, Event, Instant

Decide = Callable[[Any, Any, Instant], Decision]
Apply = Callable[[Any, Any, Instant], None]
Upcast = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Domain:
    """One domain of the house.

    `state` makes an empty state. `deciders` are pure: (state, command, now) to events or a rejection. `appliers` are
    total and deterministic: (state, event, at) changes the state in place, computes nothing, refuses nothing.
    `upcasters` turn the payload of an older version, keyed by (kind, version), into that of the next.
    """

    name: str
    state: Callable[[], Any]
    deciders: Mapping[type[Command], Decide]
    appliers: Mapping[type[Event], Apply]
    upcasters: Mapping[tuple[str, int], Upcast] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a registration in which a kind is foreign to the domain or stands twice."""
        commands, events = list(self.deciders), list(self.appliers)
        for kinds in ([cls.command_kind for cls in commands], [cls.event_kind for cls in events]):
            if len(set(kinds)) != len(kinds):
                raise ValueError(f"domain {self.name}: a kind is declared twice among {sorted(kinds)}")
            for kind in kinds:
                if not kind.startswith(f"{self.name}."):
                    raise ValueError(f"domain {self.name}: {kind} does not begin with the domain's name")


class EventReader:
    """Turns stored envelopes back into events of the newest version."""

    def __init__(self, domains: list[Domain]) -> None:
        self._decoders = {
            cls.event_kind: (cls, msgspec.json.Decoder(cls)) for domain in domains for cls in domain.appliers
        }
        self._upcasters = {key: upcast for domain in domains for key, upcast in domain.upcasters.items()}

    def read(self, envelope: Envelope) -> Event:
        """The event in an envelope; raises Corruption for a kind or version that this build does not know."""
        if envelope.kind not in self._decoders:
            raise Corruption(f"position {envelope.position}: unknown kind {envelope.kind}")
        cls, decoder = self._decoders[envelope.kind]
        if envelope.version == cls.event_version:
            return decoder.decode(envelope.payload)
        payload = msgspec.json.decode(envelope.payload)
        for version in range(envelope.version, cls.event_version):
            upcast = self._upcasters.get((envelope.kind, version))
            if upcast is None:
                break
            payload = upcast(payload)
        else:
            if envelope.version < cls.event_version:
                return msgspec.convert(payload, cls)
        raise Corruption(f"position {envelope.position}: {envelope.kind} version {envelope.version} cannot be read")
