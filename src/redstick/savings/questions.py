"""What is asked beside the loop, and what is answered: one value made whole. Nothing that draws is loaded by this."""

from collections.abc import Sequence
from typing import Any

import msgspec

from redstick.kernel.values import Rejection
from redstick.savings.rules.bills import TakeBills
from redstick.savings.rules.lines import Line
from redstick.savings.state import Savings

FORMS = ("html", "pdf", "csv", "json")
_pieces = msgspec.msgpack.Decoder(dict[str, Line])


class WhatIsIn(msgspec.Struct, frozen=True, tag=True):
    """What is understood of a bill's file; the rest is for rows that name none."""

    raw: bytes
    name: str
    provider: str = ""
    account: str = ""
    month: str = ""


class HowMuchIsSaved(msgspec.Struct, frozen=True, tag=True):
    """The report of an inventory: html, pdf, json, or one of its tables as csv.

    The inventory is packed in pieces, so that whoever packs it holds nobody: `rest` is all of it but its lines.
    """

    rest: bytes
    lines: list[bytes]
    form: str = "html"
    table: str = "inventory"

    def state(self) -> Savings:
        """The inventory."""
        found = msgspec.msgpack.decode(self.rest, type=Savings)
        for piece in self.lines:
            found.lines.update(_pieces.decode(piece))
        return found


class Understood(msgspec.Struct, frozen=True):
    """A bill's file: what a person checks, as JSON; and the command that takes it, None where there is a fault."""

    told: dict[str, Any]
    command: TakeBills | None = None


class Answer(msgspec.Struct, frozen=True):
    """The bytes of an answer, or why there is none."""

    body: bytes = b""
    code: str = ""
    data: dict[str, Any] = {}


def packed_rest(state: Savings) -> bytes:
    """All of an inventory but its lines."""
    return msgspec.msgpack.encode(msgspec.structs.replace(state, lines={}))


def packed_lines(state: Savings, names: Sequence[str]) -> bytes:
    """Some of its lines."""
    return msgspec.msgpack.encode({name: state.lines[name] for name in names})


def heard(answer: bytes) -> bytes | Rejection:
    """An answer as it was packed."""
    told = msgspec.msgpack.decode(answer, type=Answer)
    return Rejection(told.code, told.data) if told.code else told.body
