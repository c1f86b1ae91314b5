"""Evolution: a new kind of event, or a new version of one, is written only after every node can read it.

Each node declares which kinds it knows, and up to which version. Some day somebody says that all know enough, and that
is an event: from its line on the new kinds are active. Until then a command that needs one is refused, or its events
are written in the version that is active, when nothing of them is lost by it. A node that does not know what is active
is not taken in. So a cluster of old and new nodes never holds a line that one of them cannot read.

The rule holds from the first declaration on; a journal that a single process keeps needs none.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

import msgspec

from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

Kinds = dict[str, int]  # a kind to the newest version of it

Upcast = Callable[[dict[str, Any]], dict[str, Any]]  # a payload to the next version, as a domain declares it
Downcast = Callable[[dict[str, Any]], dict[str, Any] | None]  # to the version before; None when it cannot be said there

# What every release since the first reads, and writes without asking: the kernel's own kinds of 0.1.0. Never grows.
ALWAYS_ACTIVE: Kinds = dict.fromkeys(
    (
        "kernel.chain_broken",
        "kernel.domain_resumed",
        "kernel.domain_suspended",
        "kernel.epoch_began",
        "kernel.head_anchored",
        "kernel.kinds_activated",
        "kernel.node_knows",
        "kernel.node_left",
        "kernel.nothing_changed",
        "kernel.reaction_failed",
        "kernel.rejected",
    ),
    1,
)


class Evolution(msgspec.Struct):
    """Which kinds each node knows, and which are active for all."""

    nodes: dict[str, Kinds] = {}
    active: Kinds = {}


class Evolving(Protocol):
    """A state that holds it."""

    evolution: Evolution


@event("kernel.node_knows", subjects=("node",))
class NodeKnows(Event, frozen=True):
    """A node is one of the cluster, and reads these kinds up to these versions."""

    node: str
    kinds: Kinds


@event("kernel.node_left", subjects=("node",))
class NodeLeft(Event, frozen=True):
    """A node is of the cluster no more; it reads nothing until it declares itself again."""

    node: str


@event("kernel.kinds_activated")
class KindsActivated(Event, frozen=True):
    """All nodes know these kinds, up to these versions: from here on they may be written."""

    kinds: Kinds


@command("kernel.declare_node")
class DeclareNode(Command, frozen=True):
    """Say which kinds a node knows: on its first start, and whenever that has changed."""

    node: str
    kinds: Kinds


@command("kernel.dismiss_node")
class DismissNode(Command, frozen=True):
    """Say that a node will not come back as it was, so that nobody waits for it to learn more."""

    node: str


@command("kernel.activate_kinds")
class ActivateKinds(Command, frozen=True):
    """Activate what all nodes know. Afterwards no node can go back to a release that does not."""


def decide_declare_node(state: Evolving, asked: DeclareNode, now: Instant) -> Decision:
    """The first node of a journal has nobody to wait for: what it knows is active at once.

    Rejections: `node_unnamed`, `node_too_old` (names the active kinds that it does not know).
    """
    del now
    evolution, kinds = state.evolution, dict(sorted(asked.kinds.items()))
    if not asked.node.strip():
        return Rejection("node_unnamed")
    lacking = _beyond(active_kinds(evolution), kinds)
    if lacking:
        return Rejection("node_too_old", {"node": asked.node, "kinds": lacking})
    if evolution.nodes.get(asked.node) == kinds:
        return []
    declared: list[Event] = [NodeKnows(asked.node, kinds)]
    first = not evolution.nodes and not evolution.active
    return [*declared, KindsActivated(_beyond(kinds, ALWAYS_ACTIVE))] if first else declared


def apply_node_knows(state: Evolving, happened: NodeKnows, at: Instant) -> None:
    """It is one of the cluster."""
    del at
    state.evolution.nodes[happened.node] = dict(happened.kinds)


def decide_dismiss_node(state: Evolving, asked: DismissNode, now: Instant) -> Decision:
    """Rejections: `node_unknown`."""
    del now
    if asked.node not in state.evolution.nodes:
        return Rejection("node_unknown", {"node": asked.node})
    return [NodeLeft(asked.node)]


def apply_node_left(state: Evolving, happened: NodeLeft, at: Instant) -> None:
    """Nobody waits for it."""
    del at
    state.evolution.nodes.pop(happened.node, None)


def decide_activate_kinds(state: Evolving, asked: ActivateKinds, now: Instant) -> Decision:
    """Nothing is refused; when all nodes know no more than what is active, nothing changes."""
    del asked, now
    ready = activatable(state.evolution)
    return [KindsActivated(ready)] if ready else []


def apply_kinds_activated(state: Evolving, happened: KindsActivated, at: Instant) -> None:
    """From here on."""
    del at
    state.evolution.active.update(happened.kinds)


# What the kernel's own domain registers

DECIDERS: Mapping[type[Command], Callable[[Any, Any, Instant], Decision]] = {
    DeclareNode: decide_declare_node,
    DismissNode: decide_dismiss_node,
    ActivateKinds: decide_activate_kinds,
}
APPLIERS: Mapping[type[Event], Callable[[Any, Any, Instant], None]] = {
    NodeKnows: apply_node_knows,
    NodeLeft: apply_node_left,
    KindsActivated: apply_kinds_activated,
}


# The rule


def activatable(evolution: Evolution) -> Kinds:
    """Kinds and versions that every node knows and that are not active yet."""
    declared = list(evolution.nodes.values())
    if not declared:
        return {}
    shared = {kind: min(kinds.get(kind, 0) for kinds in declared) for kind in sorted(declared[0])}
    return _beyond({kind: version for kind, version in shared.items() if version}, active_kinds(evolution))


def active_kinds(evolution: Evolution) -> Kinds:
    """Everything that may be written, where the rule holds."""
    return {kind: active_version(evolution, kind) for kind in {**ALWAYS_ACTIVE, **evolution.active}}


def active_version(evolution: Evolution, kind: str) -> int:
    """The newest version of a kind that may be written, where the rule holds; 0 when none may."""
    return max(evolution.active.get(kind, 0), ALWAYS_ACTIVE.get(kind, 0))


def holds(evolution: Evolution) -> bool:
    """Whether the rule holds: since a node has declared itself."""
    return bool(evolution.nodes or evolution.active)


class Casts(NamedTuple):
    """How payloads go from a version to the next and to the one before, by (kind, the version they come from)."""

    up: Mapping[tuple[str, int], Upcast]
    down: Mapping[tuple[str, int], Downcast]


class Written(NamedTuple):
    """An event as it goes into a line: its version, and its payload as JSON."""

    version: int
    payload: bytes


def written(evolution: Evolution, happened: Event, casts: Casts) -> Written | Rejection:
    """How an event may be written now: as it is, or in the active version when it comes back from that unchanged.

    Rejections: `kind_not_active` (names the nodes that do not know it).
    """
    kind, version = happened.event_kind, happened.event_version
    active = active_version(evolution, kind) if holds(evolution) else version
    if active >= version:
        return Written(version, msgspec.json.encode(happened))
    payload = _in_version(happened, active, casts) if active else None
    if payload is None:
        ignorant = [node for node, kinds in sorted(evolution.nodes.items()) if kinds.get(kind, 0) < version]
        said = {"kind": kind, "version": version, "active": active, "unknown_to": ignorant}
        return Rejection("kind_not_active", said)
    return Written(active, msgspec.json.encode(payload))


def _in_version(happened: Event, active: int, casts: Casts) -> dict[str, Any] | None:
    """The payload in an older version; None when it cannot be said there, or would not be the same when read back."""
    kind, version = happened.event_kind, happened.event_version
    payload: dict[str, Any] | None = msgspec.to_builtins(happened)
    for before in range(version, active, -1):
        down = casts.down.get((kind, before))
        payload = down(payload) if down is not None and payload is not None else None
    if payload is None:
        return None
    back: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(payload))
    for older in range(active, version):
        up = casts.up.get((kind, older))
        if up is None:
            return None
        back = up(back)
    try:
        return payload if msgspec.convert(back, type(happened)) == happened else None
    except msgspec.ValidationError:
        return None


def _beyond(kinds: Mapping[str, int], known: Mapping[str, int]) -> Kinds:
    """What of `kinds` goes beyond `known`."""
    return {kind: version for kind, version in kinds.items() if version > known.get(kind, 0)}
