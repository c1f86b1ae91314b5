"""The checkers' own reading of a journal: lines, groups and states, without a line of the system's code."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

Row = dict[str, Any]


class Line(msgspec.Struct, frozen=True):
    """One stored line as anyone could read it."""

    position: int
    recorded_at: int
    kind: str
    actor: str
    cause: str
    payload: dict[str, Any]
    part: int = 1
    parts: int = 1
    epoch: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """A broken invariant: its name, and where."""

    invariant: str
    detail: str


def read_lines(stored: Iterable[bytes]) -> list[Line]:
    """Lines as they are stored."""
    decode = msgspec.json.Decoder(Line).decode
    return [decode(data[65:]) for data in stored]


def chain_problems(
    stored: list[bytes], lines: Sequence[Line], resumed: Mapping[int, tuple[int, bytes]]
) -> Iterator[Problem]:
    """Hashes follow, positions count, groups are whole and in one piece, times and epochs never fall.

    `resumed` says for each position at which the chain went on behind damage, which good position and hash it cites.
    """
    gaps = [(good, first) for first, (good, _) in resumed.items()]
    previous, position, recorded_at, epoch, left, cause = bytes(32), 0, 0, 0, 0, ""
    for data, line in zip(stored, lines, strict=True):
        salvaged = bool(gaps) and any(good < line.position < first for good, first in gaps)
        if line.position in resumed:
            previous = resumed[line.position][1]
        digest = hashlib.sha256(previous + data[65:-1])
        if data[:64].decode() != digest.hexdigest() and not salvaged:
            yield Problem("chain", f"position {line.position}: the hash does not follow")
        if line.position != position + 1 and not salvaged and line.position not in resumed:
            yield Problem("chain", f"position {line.position} follows {position}")
        if line.recorded_at < recorded_at:
            yield Problem("time_never_falls", f"position {line.position}: {line.recorded_at} follows {recorded_at}")
        if line.epoch < epoch or (line.epoch > epoch and line.kind != "kernel.epoch_began"):
            yield Problem("epochs", f"position {line.position}: epoch {line.epoch} follows {epoch}")
        if (left and (line.cause != cause or line.part != line.parts - left + 1)) or (not left and line.part != 1):
            yield Problem("whole_groups", f"position {line.position}: part {line.part} of {line.cause} in {cause}")
        if line.kind == "kernel.epoch_began":
            epoch = line.payload["epoch"]
        left, cause = line.parts - line.part, line.cause
        previous, position, recorded_at = bytes.fromhex(data[:64].decode()), line.position, line.recorded_at
    if left:
        yield Problem("whole_groups", f"the last command lacks {left} lines")


class Model:
    """What the boxes are after each line, by a second definition of the proving ground."""

    def __init__(self) -> None:
        self.boxes: dict[str, Row] = {}

    def follow(self, line: Line) -> None:
        """Take one line in."""
        domain, _, what = line.kind.partition(".")
        if domain != "proving":
            return
        name = line.payload["box"]
        if what == "box_opened":
            fresh = {"amount": 0, "puts": 0, "stamps": 0, "rung": 0}
            self.boxes[name] = {"id": name, "note": line.payload.get("note", ""), **fresh, "closed": False}
        elif what == "amount_put":
            self.boxes[name]["amount"] += line.payload["amount"]
            self.boxes[name]["puts"] += 1
        elif what in {"stamped", "alarm_rang"}:
            self.boxes[name]["stamps" if what == "stamped" else "rung"] += 1
        elif what in {"box_closed", "box_reopened"}:
            self.boxes[name]["closed"] = what == "box_closed"
        elif what == "box_retired":
            del self.boxes[name]
        elif what == "box_recalled":
            self.boxes[name] = json.loads(line.payload["record"])

    def rows(self, *, staff: bool) -> dict[str, Row]:
        """What a seat should see: open boxes, with the note for the staff alone."""
        hidden = {"id", "closed"} if staff else {"id", "closed", "note"}
        return {
            name: {key: value for key, value in box.items() if key not in hidden}
            for name, box in self.boxes.items()
            if not box["closed"]
        }
