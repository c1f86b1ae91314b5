"""The journal as anybody outside can read it: lines of JSON, read without a line of the system's code."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from redstick.kernel.values import Instant
from redstick.simulation.museum.case import Problem

HASH_DIGITS = 64


class Line(msgspec.Struct, frozen=True):
    """One stored line. `kind` is without the name of its domain where that is dispatch."""

    position: int
    recorded_at: Instant
    at: Instant
    kind: str
    actor: str
    cause: str
    parts: int
    payload: dict[str, Any]


def read(stored: Iterable[bytes]) -> list[Line]:
    """Lines as they are stored."""
    return [_line(json.loads(data[HASH_DIGITS + 1 :])) for data in stored]


def _line(body: dict[str, Any]) -> Line:
    return Line(
        body["position"], body["recorded_at"], body["at"], body["kind"].removeprefix("dispatch."), body["actor"],
        body["cause"], body.get("parts", 1), body["payload"],
    )  # fmt: skip


def of(lines: Iterable[Line], *kinds: str) -> list[Line]:
    """The lines of some kinds, in order."""
    return [line for line in lines if line.kind in kinds]


def unsound(stored: Sequence[bytes]) -> Iterator[Problem]:
    """Hashes follow, positions count, commands are whole and decided once, nothing of the system failed."""
    previous, recorded_at, lines = bytes(HASH_DIGITS // 2), 0, read(stored)
    for position, (data, line) in enumerate(zip(stored, lines, strict=True), start=1):
        digest = hashlib.sha256(previous + data[HASH_DIGITS + 1 : -1])
        if digest.hexdigest().encode() != data[:HASH_DIGITS] or line.position != position:
            yield Problem("sound_record", f"line {position} does not follow: it says position {line.position}")
        if line.recorded_at < recorded_at:
            yield Problem("sound_record", f"position {position}: time falls from {recorded_at} to {line.recorded_at}")
        previous, recorded_at = digest.digest(), line.recorded_at
    counted = Counter(line.cause for line in lines)
    whole = {line.cause: line.parts for line in lines}
    yield from (
        Problem("sound_record", f"{cause} has {count} lines, not {whole[cause]}")
        for cause, count in counted.items()
        if count != whole[cause]
    )
    failed = of(lines, "kernel.domain_suspended", "kernel.reaction_failed", "kernel.chain_broken")
    yield from (Problem("sound_record", f"position {line.position}: {line.kind} {line.payload}") for line in failed)
