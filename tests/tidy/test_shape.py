"""The shape of the house: where things stand, how long they are, and what pure code may not touch."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
MODULES = sorted(SOURCE.rglob("*.py"))
CODE = [*MODULES, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "benchmarks").glob("*.py"))]

MAX_FILE_LINES, MAX_FUNCTION_LINES = 500, 70
DOMAINS = ("dispatch", "crimecenter", "comms", "meetings", "defense", "survey", "savings", "phones")
ROOMS = {"rules", "reads"}  # folders that every domain with rules has
ROOM_FILES = {"__init__.py", "invariants.py"}
VAGUE = re.compile(r"(^|_)(utils?|helpers?|managers?|misc|stuff)(_|$)")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
CODES = re.compile(r"#\s*(noqa|type:\s*ignore|pragma)(\[[\w, -]+\]|:?(\s*[A-Z]+\d+,?)*)")
MUTE = re.compile(r"#\s*(noqa|type:\s*ignore|pragma)[^#]*")

# Pure rooms compute from their arguments alone: a clock or a random source is injected.
PURE = (
    "kernel",
    "geo",
    "protocols",
    "pages",
    "dispatch",
    "comms",
    "crimecenter",
    "defense",
    "survey",
    "savings",
    "phones",
    "published",
)
CLOCKS = {
    ("time", "time"), ("time", "time_ns"), ("time", "monotonic"), ("datetime", "now"), ("datetime", "utcnow"),
    ("datetime", "today"), ("date", "today"), ("os", "urandom"), ("secrets", "token_hex"),
}  # fmt: skip
RANDOM = {"random", "secrets"}


def name_of(path):
    """A path below the root, as a person would look for it."""
    return str(path.relative_to(ROOT))


@cache
def text_of(path):
    """A file, read once for every rule about it."""
    return path.read_text()


class Definition(NamedTuple):
    """A class or function of a file, nested ones too."""

    name: str
    at: str
    lines: int
    is_function: bool
    has_docstring: bool


class Seen(NamedTuple):
    """What the rules ask about a file's syntax."""

    definitions: list[Definition]
    clocks_and_dice: list[str]


@cache
def seen_in(path):
    """One walk of a file's syntax tree, which is not kept: all of them together are millions of nodes."""
    seen = Seen([], [])
    for node in ast.walk(ast.parse(text_of(path))):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            at, lines = f"{name_of(path)}:{node.lineno} {node.name}", node.end_lineno - node.lineno + 1
            is_function = not isinstance(node, ast.ClassDef)
            seen.definitions.append(Definition(node.name, at, lines, is_function, bool(ast.get_docstring(node))))
        elif reads_clock_or_dice(node):
            seen.clocks_and_dice.append(f"{name_of(path)}:{node.lineno}")
    return seen


def reads_clock_or_dice(node):
    """Whether a node reads a clock or reaches for chance."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        owner = node.func.value
        owner_name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
        return (owner_name, node.func.attr) in CLOCKS
    return isinstance(node, ast.Import) and bool({alias.name.split(".")[0] for alias in node.names} & RANDOM)


def test_a_file_is_short_and_its_functions_too():
    """No file over 500 lines, no function over 70: what is longer does more than one thing."""
    assert [name_of(path) for path in CODE if text_of(path).count("\n") > MAX_FILE_LINES] == []
    functions = [one for path in CODE for one in seen_in(path).definitions if one.is_function]
    assert [one.at for one in functions if one.lines > MAX_FUNCTION_LINES] == []


def test_a_name_says_what_is_inside():
    """No module, class or function is called utils, helper, manager or the like."""
    assert [name_of(path) for path in MODULES if VAGUE.search(path.stem)] == []
    named = [(one.at, re.sub(r"(?<=[a-z])(?=[A-Z])", "_", one.name)) for p in MODULES for one in seen_in(p).definitions]
    assert [at for at, name in named if VAGUE.search(name.lower())] == []


def test_a_pure_room_reads_no_clock_and_no_dice():
    """Time and chance are injected everywhere but in adapters, server, simulation's edge and the command line."""
    pure = [path for room in PURE for path in (SOURCE / "redstick" / room).rglob("*.py")]
    assert len(pure) > len(PURE)
    assert [at for path in pure for at in seen_in(path).clocks_and_dice] == []


def test_nothing_is_left_unfinished_or_muted_without_a_reason():
    """No unfinished mark; a muted check says why in the same line."""
    left = []
    for path in CODE:
        if path == Path(__file__):
            continue
        for number, line in enumerate(text_of(path).splitlines(), start=1):
            reasons = [CODES.sub("", line[mute.start() :]) for mute in MUTE.finditer(line)]
            if UNFINISHED.search(line) or any(len(re.findall(r"\w{2,}", reason)) < 3 for reason in reasons):
                left.append(f"{name_of(path)}:{number}")
    assert left == []


def test_every_test_states_its_fact():
    """Each test's docstring is the fact that it holds."""
    files = [path for path in CODE if path.name.startswith("test_")]
    functions = [one for path in files for one in seen_in(path).definitions if one.is_function]
    assert [one.at for one in functions if one.name.startswith("test_") and not one.has_docstring] == []


@pytest.mark.parametrize("domain", [d for d in DOMAINS if (SOURCE / "redstick" / d / "rules").is_dir()])
def test_every_domain_has_the_same_rooms(domain):
    """Whoever knows one domain knows all: a domain with rules has reads, invariants and its registration."""
    folder = SOURCE / "redstick" / domain
    assert {p.name for p in folder.iterdir() if p.is_dir()} >= ROOMS
    assert {p.name for p in folder.iterdir() if p.is_file()} >= ROOM_FILES
    assert "domain = Domain(" in (folder / "__init__.py").read_text()


def test_tests_mirror_the_rooms():
    """A test folder that is named like a room holds tests of that room."""
    astray = [
        name_of(folder)
        for folder in sorted({path.parent for path in (ROOT / "tests").rglob("test_*.py")})
        if (SOURCE / folder.name).is_dir()
        and not (SOURCE / "redstick" / folder.relative_to(ROOT / "tests")).is_dir()
        and not (SOURCE / folder.relative_to(ROOT / "tests")).is_dir()
    ]
    assert astray == []


def test_the_checks_catch_what_they_are_for():
    """The patterns see a planted fault: a mute without reason, a vague name, an unfinished mark."""
    assert MUTE.search("x = 1  # no" + "qa: E501")
    assert CODES.sub("", "# no" + "qa: E501, N818 because").strip() == "because"
    assert VAGUE.search("string_utils")
    assert not VAGUE.search("utility_poles")
    assert UNFINISHED.search("# TO" + "DO later")
