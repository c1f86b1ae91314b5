r"""A rule's witness: literals of which at least one stands in the event's text whenever the rule fires.

The text is the event's values, folded, each between NUL characters; so a witness can tell the start and the end of a
value: the literal of `endswith: \\cmd.exe` is `\\cmd.exe` and a NUL. A witness may let too much through and never too
little; NOT gives none, a rule without one is always a candidate.
"""

import importlib
import math
import re
import warnings
from collections.abc import Iterable, Sequence
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from redstick.defense.sigma.tree import ANY, And, Glob, Match, Node, Or, Regex
from redstick.defense.sigma.values import fold

# Python's own parser of regular expressions; it has no public name and no types.
sre: Final[Any] = importlib.import_module("re._constants")
sre_parser: Final[Any] = importlib.import_module("re._parser")

EDGE = "\0"
MIN_CHARACTERS = 2
MIN_REGEX_CHARACTERS = 3
MAX_LITERAL = 96  # longer ones say no more and cost database size
MAX_LITERALS = 4_000
FOREIGN_WORTH = 8.0

# Text that most events of a Windows estate hold: as a witness it would let nearly everything through.
_COMMON = (
    "microsoft",
    "\\windows\\",
    "c:\\windows\\system32\\",
    "c:\\windows\\",
    "powershell.exe",
    "svchost.exe",
    "program files",
    "hklm\\",
    "hku\\",
    "\\software\\",
    "currentversion",
    "currentcontrolset",
    "\\registry\\machine",
    "ntdll.dll",
    "nt authority",
    ".exe",
    ".dll",
    "system",
    "users",
    "services",
    "unknown",
    "\\lsass.exe",
    "kernelbase.dll",
    "kernel32.dll",
    ":\\windows\\system32\\",
    "\\downloads\\",
    "binary data",
    "internet settings",
    "negotiate",
    "kerberos",
    "localhost",
    "process",
    "success",
    "valid",
    "true",
    "false",
    "::1",
    "127.0.0.1",
    "hostapplication=",
    "imphash=",
    "software\\microsoft\\windows\\currentversion",
    "windows powershell",
    "s-1-5-",
)
_COMMON_LONGEST_FIRST = tuple(sorted(_COMMON, key=len, reverse=True))
_USUAL_NUMBER = re.compile(r"(dword \()?(0x)?[0-9a-f]{1,10}\)?|s-1-[0-9-]+")
_POOR_FIELDS = frozenset({"Channel", "Provider_Name", "EventType", "Computer", "type"})


class Witness(Struct, frozen=True):
    """Literals, the fields in whose text they stand (None: any value of the event), and how telling they are.

    `foreign`: a character beyond ASCII in those fields is as good as a literal; it stands for any number of literals
    that hold one, such as lists of emoji or of letters that look like others.
    """

    literals: tuple[str, ...]
    fields: tuple[str | None, ...]
    worth: float
    foreign: bool = False


def witness_of(node: Node) -> Witness | None:
    """The best witness of a tree; None where there is none."""
    if isinstance(node, And):
        found = [w for w in map(witness_of, node.children) if w is not None]
        return max(found, key=lambda w: w.worth, default=None)
    if isinstance(node, Or):
        parts = [witness_of(child) for child in node.children]
        return _union([w for w in parts if w is not None]) if all(parts) else None
    if getattr(node, "field", None) == "EventID":
        return None  # the bucket has settled it: as a witness it would wake the rule on every event
    literals = _leaf_literals(node)
    if literals and isinstance(node, Match | Glob | Regex) and not any(text.isascii() for text in literals):
        return Witness((), (node.field,), FOREIGN_WORTH, foreign=True)
    if not literals or not all(text.strip(EDGE) and len(text) >= MIN_CHARACTERS for text in literals):
        return None  # empty values leave no trace in the text
    return _witness(literals, (node.field,)) if isinstance(node, Match | Glob | Regex) else None


def event_ids(node: Node) -> tuple[str, ...] | None:
    """The only values of EventID with which a tree can hold, sorted; None where it can hold with any."""
    allowed = _event_ids(node)
    return None if allowed is None else tuple(sorted(allowed))


def _event_ids(node: Node) -> frozenset[str] | None:
    if isinstance(node, Match) and node.field == "EventID" and node.op == "equals":
        return frozenset(node.values)
    if isinstance(node, And):
        known = [ids for ids in map(_event_ids, node.children) if ids is not None]
        return frozenset.intersection(*known) if known else None
    if isinstance(node, Or):
        parts = [_event_ids(child) for child in node.children]
        return None if None in parts else frozenset().union(*(ids for ids in parts if ids is not None))
    return None


def _union(parts: Sequence[Witness]) -> Witness | None:
    fields = tuple(dict.fromkeys(field for part in parts for field in part.fields))
    literals = [text for part in parts for text in part.literals]
    if not any(part.foreign for part in parts):
        return _witness(literals, fields)
    known = _witness(literals, fields) if literals else Witness((), fields, FOREIGN_WORTH)
    return None if known is None else replace(known, worth=min(known.worth, FOREIGN_WORTH), foreign=True)


def _witness(literals: Iterable[str], fields: tuple[str | None, ...]) -> Witness | None:
    distinct = tuple(dict.fromkeys(text[-MAX_LITERAL:] for text in literals))  # paths tell most at their end
    if not distinct or len(distinct) > MAX_LITERALS:
        return None
    worth = min(map(_telling, distinct)) - 0.5 * math.log2(len(distinct))
    worth -= 2.0 * any(field in _POOR_FIELDS for field in fields)
    return Witness(distinct, tuple(dict.fromkeys(fields)), worth)


def _telling(literal: str) -> float:
    """How rarely a literal is to be expected: its length up to a point, less for common text."""
    plain = literal.strip(EDGE)
    worth = min(len(plain), 14) + (1.5 if plain != literal else 0.0)
    if any(plain in common for common in _COMMON) or _USUAL_NUMBER.fullmatch(plain):
        return min(worth, 1.0)
    rest = plain
    for common in _COMMON_LONGEST_FIRST:
        rest = rest.replace(common, "")
    return min(worth, len(rest) + 2.0)


def _leaf_literals(node: Node) -> list[str]:
    if isinstance(node, Match):
        keyed = node.field is not None
        head = EDGE if keyed and node.op in {"equals", "startswith"} else ""
        tail = EDGE if keyed and node.op in {"equals", "endswith"} else ""
        return [head + fold(value) + tail for value in node.values]
    if isinstance(node, Glob):
        return [_glob_literal(node)]
    if isinstance(node, Regex):
        found = regex_literals(node.pattern, node.flags)
        return [] if any(len(text) < MIN_REGEX_CHARACTERS for text in found) else found
    return []


def _glob_literal(node: Glob) -> str:
    candidates = [""]
    last = len(node.parts) - 1
    for i, part in enumerate(node.parts):
        if isinstance(part, str):
            head = EDGE if i == 0 and node.field is not None else ""
            tail = EDGE if i == last and node.field is not None else ""
            candidates.append(head + fold(part) + tail)
    return max(candidates, key=_telling) if ANY in node.parts or len(node.parts) > 1 else candidates[-1]


def regex_literals(pattern: str, flags: str) -> list[str]:
    """Folded literals of which one stands in every match; empty where that cannot be said.

    Read from the syntax tree of Python's own parser; a pattern that only RE2 can read gives none. Folding both sides
    is sound with and without `i`, because folding maps character by character.
    """
    if "x" in re_inline_flags(pattern):
        return []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            tokens = sre_parser.parse(pattern)
    except (ValueError, RecursionError, OverflowError, Warning, sre_parser.error):
        return []
    del flags  # neither i, m nor s changes which literals stand in a match, once folded
    return _best_run(tokens) or []


def re_inline_flags(pattern: str) -> str:
    """The letters of a leading `(?imsx)`."""
    if not pattern.startswith("(?"):
        return ""
    letters = pattern[2 : pattern.find(")")] if ")" in pattern else ""
    return letters if letters.isalpha() else ""


def _best_run(tokens: Any) -> list[str] | None:
    """The most telling set of literals that one concatenation cannot do without."""
    options: list[list[str]] = []
    run: list[str] = []

    def close() -> None:
        if run:
            options.append([fold("".join(run))])
            run.clear()

    for operator, argument in tokens:
        if operator is sre.LITERAL:
            run.append(chr(argument))
            continue
        if operator is sre.AT:
            continue  # an anchor takes no text, and so cuts no run
        close()
        inner = _inner_literals(operator, argument)
        if inner:
            options.append(inner)
    close()
    options = [o for o in options if all(len(text) >= MIN_CHARACTERS for text in o)]
    return max(options, key=lambda o: min(map(_telling, o)) - 0.5 * math.log2(len(o)), default=None)


def _inner_literals(operator: Any, argument: Any) -> list[str] | None:
    if operator is sre.SUBPATTERN:
        return _best_run(argument[-1])
    if operator in {sre.MAX_REPEAT, sre.MIN_REPEAT} and argument[0] >= 1:
        return _best_run(argument[2])
    if operator is sre.BRANCH:
        branches = [_best_run(branch) for branch in argument[1]]
        return [text for b in branches if b for text in b] if all(branches) else None
    return None
