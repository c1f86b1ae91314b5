"""A question tree as text (TOML): questions with answers that lead on, instructions, and the determinants at the end.

```toml
protocol = "chest-pain"
version = "1"
approved = "not medically approved: an example"
first = "awake"
cpr = "compressions"            # the telephone-CPR instructions, one key away from every question

[questions.awake]
ask = "Is the patient awake?"
answers = { yes = "pain", no = "compressions" }

[instructions.compressions]
say = ["Put the heel of your hand ..."]
then = "arrest"

[determinants.arrest]
code = "A-1"                    # at most 8 characters
says = "Not awake"
```

Whatever is wrong with a text is said with its place; see `checks` for what is wrong with a tree that can be read.
"""

import hashlib
import tomllib
from dataclasses import dataclass

import msgspec

MAX_CODE = 8  # characters of a determinant (NERIS)


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked, and where each answer leads: a question, instructions or a determinant, by name."""

    ask: str
    answers: dict[str, str]


class Instructions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said to the caller, step by step, and where it goes on then."""

    say: list[str]
    then: str


class Determinant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An end: the code, and what it says to a dispatcher."""

    code: str
    says: str


class _Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    protocol: str
    version: str
    first: str
    questions: dict[str, Question]
    determinants: dict[str, Determinant]
    approved: str = ""
    cpr: str = ""
    instructions: dict[str, Instructions] = {}


class Unreadable(Exception):  # noqa: N818  (it says what the text is, like the other faults of this house)
    """The text is no question tree; the message names the place."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree as it was read. `digest` is that of the text's bytes: what a medical director signs.

    `approved` is the text's own word on its standing, for people to read; it opens no lock.
    """

    protocol: str
    version: str
    digest: str
    first: str
    questions: dict[str, Question]
    instructions: dict[str, Instructions]
    determinants: dict[str, Determinant]
    cpr: str
    approved: str

    def leads_to(self, name: str) -> list[str]:
        """The nodes that a node leads to, in the order of the text."""
        if name in self.questions:
            return list(self.questions[name].answers.values())
        return [self.instructions[name].then] if name in self.instructions else []


def read(text: bytes) -> Tree:
    """The tree in a text. Raises Unreadable with the place of the fault."""
    try:
        found = msgspec.convert(tomllib.loads(text.decode()), _Text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Unreadable(str(error)) from error
    every = [*found.questions, *found.instructions, *found.determinants]
    twice = sorted({name for name in every if every.count(name) > 1})
    if twice:
        raise Unreadable(f"names stand twice: {', '.join(twice)}; expected each node under a name of its own")
    return Tree(
        found.protocol,
        found.version,
        hashlib.sha256(text).hexdigest(),
        found.first,
        found.questions,
        found.instructions,
        found.determinants,
        found.cpr,
        found.approved,
    )
