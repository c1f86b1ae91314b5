"""Anchors: journals write down where the others stand, so that none can be rewritten alone.

An anchor is a line of kind `kernel.head_anchored`; its payload {journal, position_anchored, hash} names another
journal, a position there, and the hash of the line at that position. As it holds that hash, it was written later.
"""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

KIND = "kernel.head_anchored"
HASH_DIGITS = 64
Numbered = Iterable[tuple[int, bytes]]  # (position, stored line with its line break)


class Anchor(NamedTuple):
    """The line at `at` says that the other journal's line at `position` has this `hash`."""

    at: int
    position: int
    hash: str


def check_anchors(cited: str, lines: Numbered, anchors: Iterable[Anchor]) -> dict[str, Any]:
    """Hold the journal `cited` to what another wrote down of it: {anchors, anchored, first_bad}.

    Up to position `anchored` it cannot be rewritten without the other.
    """
    waiting = sorted(anchors, key=lambda anchor: anchor.position, reverse=True)
    found: dict[str, Any] = {"anchors": 0, "anchored": 0, "first_bad": None}
    for position, line in lines:
        while waiting and waiting[-1].position == position and waiting[-1].hash.encode() == line[:HASH_DIGITS]:
            waiting.pop()
            found["anchors"] += 1
            found["anchored"] = position
        if not waiting or waiting[-1].position <= position:
            break
    if waiting:
        at, position, _ = waiting[-1]
        found["first_bad"] = f"{cited} does not hold at position {position} what is cited at position {at}"
    return found


def anchors_of(lines: Numbered, cited: str) -> list[Anchor]:
    """What a journal wrote down of the one named `cited`, in order."""
    found = []
    for position, line in lines:
        if KIND.encode() in line:
            record = json.loads(line[HASH_DIGITS + 1 :])
            if record["kind"] == KIND and record["payload"]["journal"] == cited:
                said = record["payload"]
                found.append(Anchor(position, said["position_anchored"], said["hash"]))
    return found
