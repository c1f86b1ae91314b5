"""What seats see of voice: one row a leg, with who is on it. Oversight sees that it is there, not who called."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from redstick.comms.reads.queues import QueuesView
from redstick.comms.rules.conversations import Conversation
from redstick.comms.rules.legs import Leg
from redstick.comms.state import Comms
from redstick.kernel.fold import Fact
from redstick.published.comms import LineKind

HIDDEN: dict[str, tuple[str, ...]] = {
    "floor": (),
    "oversight": (
        "number",
        "name",
        "fixes",
        "call_urn",
        "incident_urn",
        "source",
        "target",
        "flags",
        "dialog",
        "placing",
        "texts",
    ),
}  # fmt: skip


class LegsView:
    """One row a leg that is here, but for those of the city's phones: who calls whom there is none of the floor's."""

    name = "comms.view.legs"

    def touched(self, states: Mapping[str, Any], fact: Fact) -> Iterable[str]:
        """The legs that a fact of comms names, one that is over too; one about queues or a storm names none."""
        legs, ours = states["comms"].legs, fact.envelope.kind.startswith("comms.")
        named = enumerate(fact.envelope.subjects if ours else ())
        return [f"leg/{name}" for place, name in named if place == 0 or name in legs]

    def row(self, states: Mapping[str, Any], key: str, audience: str) -> dict[str, Any] | None:
        """A leg as an audience may see it."""
        state: Comms = states["comms"]
        leg: Leg | None = state.legs.get(key.partition("/")[2])
        if leg is None or audience not in HIDDEN or leg.arrival.line is LineKind.PHONE:
            return None
        arrival: dict[str, Any] = msgspec.to_builtins(leg.arrival)
        row = {
            **dict.fromkeys(("target", "number", "name", "call_urn", "incident_urn", "source", "transport"), ""),
            "minted": [],
            "flags": [],
            **arrival,
            "leg": leg.id,
            "state": leg.state,
            "call": leg.call,
            "fixes": msgspec.to_builtins(leg.fixes),
            "codec": leg.codec,
            "offered_at": leg.offered_at,
            "answered_at": leg.answered_at,
            "taken_at": leg.taken_at,
            "tag": leg.tag,
            "placing": msgspec.to_builtins(leg.placing),
            **_spoken(state, leg),
        }
        return {name: value for name, value in row.items() if name not in HIDDEN[audience]}

    def keys(self, states: Mapping[str, Any]) -> Iterable[str]:
        """Every leg that is here and shown."""
        legs: Mapping[str, Leg] = states["comms"].legs
        return [f"leg/{name}" for name, leg in legs.items() if leg.arrival.line is not LineKind.PHONE]


def _spoken(state: Comms, leg: Leg) -> dict[str, Any]:
    """Who is with a caller, or where they wait and to whom they are offered; what was written, whether it is kept."""
    conversation = state.conversations.get(leg.id, Conversation("", 0))
    waiting, transfer = state.waiting.get(leg.id), state.transfers.get(leg.id)
    recording = state.recordings.get(leg.id)
    return {
        "parties": [
            {"party": name, "kind": one.kind, "role": one.role, "since": one.since}
            for name, one in conversation.parties.items()
        ],
        "held_by": conversation.held_by,
        "queue": waiting.queue if waiting is not None else conversation.queue,
        "waits": waiting is not None,
        "offered": waiting.offered if waiting is not None else "",
        "transfer": msgspec.to_builtins(transfer),
        "texts": [{**msgspec.to_builtins(one), "by": _named(state, one.by)} for one in state.texts.get(leg.id, [])],
        "kept": recording.segments if recording is not None else 0,
        "not_kept": recording.failed if recording is not None else "",
    }


def _named(state: Comms, by: str) -> str:
    """Who wrote: a third party by whom we called."""
    leg = state.legs.get(by)
    return by if leg is None or leg.placing is None else leg.placing.target


VIEWS = (LegsView(), QueuesView())
