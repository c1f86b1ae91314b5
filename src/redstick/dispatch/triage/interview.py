"""What was asked and answered, and what came of it: part of an incident."""

import msgspec

from redstick.kernel.values import Instant


class Answer(msgspec.Struct, frozen=True):
    """One answer, as it was given. `protocol` names the text that was read from: name and version."""

    at: Instant
    protocol: str
    question: str
    answer: str


class Interview(msgspec.Struct):
    """The questioning of an incident's callers; it goes on while units are on their way."""

    answers: list[Answer] = msgspec.field(default_factory=list)
    determinant: str = ""
    protocol: str = ""
    instructions: list[Answer] = msgspec.field(default_factory=list)
