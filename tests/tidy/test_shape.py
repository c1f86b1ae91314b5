"""The shape of the house: where things stand, how long they are, and what pure code may not touch."""

import ast
import re
from pathlib import Path

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
    """A path below the root, as test id."""
    return str(path.relative_to(ROOT))


def functions(tree):
    """Every function of a module, nested ones too."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_a_file_is_short_and_its_functions_too(path):
    """No file over 500 lines, no function over 70: what is longer does more than one thing."""
    text = path.read_text()
    assert text.count("\n") <= MAX_FILE_LINES
    for function in functions(ast.parse(text)):
        length = function.end_lineno - function.lineno + 1
        assert length <= MAX_FUNCTION_LINES, f"{function.name}: {length} lines"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_name_says_what_is_inside(path):
    """No module, class or function is called utils, helper, manager or the like."""
    assert not VAGUE.search(path.stem)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            assert not VAGUE.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", node.name).lower()), node.name


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_pure_room_reads_no_clock_and_no_dice(path):
    """Time and chance are injected everywhere but in adapters, server, simulation's edge and the command line."""
    parts = path.relative_to(SOURCE).parts
    if parts[0] != "redstick" or parts[1] not in PURE:
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            owner_name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
            assert (owner_name, node.func.attr) not in CLOCKS, f"line {node.lineno}"
        if isinstance(node, ast.Import):
            assert not {alias.name.split(".")[0] for alias in node.names} & RANDOM, f"line {node.lineno}"


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_nothing_is_left_unfinished_or_muted_without_a_reason(path):
    """No unfinished mark; a muted check says why in the same line."""
    if path == Path(__file__):
        return
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        assert not UNFINISHED.search(line), f"line {number}"
        for mute in MUTE.finditer(line):
            reason = CODES.sub("", line[mute.start() :])
            assert len(re.findall(r"\w{2,}", reason)) >= 3, f"line {number} mutes a check without a reason"


@pytest.mark.parametrize("path", [p for p in CODE if p.name.startswith("test_")], ids=name_of)
def test_every_test_states_its_fact(path):
    """Each test's docstring is the fact that it holds."""
    for function in functions(ast.parse(path.read_text())):
        if function.name.startswith("test_"):
            assert ast.get_docstring(function), function.name


@pytest.mark.parametrize("domain", [d for d in DOMAINS if (SOURCE / "redstick" / d / "rules").is_dir()])
def test_every_domain_has_the_same_rooms(domain):
    """Whoever knows one domain knows all: a domain with rules has reads, invariants and its registration."""
    folder = SOURCE / "redstick" / domain
    assert {p.name for p in folder.iterdir() if p.is_dir()} >= ROOMS
    assert {p.name for p in folder.iterdir() if p.is_file()} >= ROOM_FILES
    assert "domain = Domain(" in (folder / "__init__.py").read_text()


@pytest.mark.parametrize(
    "path", [p for p in sorted((ROOT / "tests").rglob("test_*.py")) if (SOURCE / "redstick" / p.parts[-2]).is_dir()],
    ids=name_of,
)  # fmt: skip
def test_tests_mirror_the_rooms(path):
    """A test folder that is named like a room holds tests of that room."""
    folder = path.parent.relative_to(ROOT / "tests")
    assert (SOURCE / "redstick" / folder).is_dir() or (SOURCE / folder).is_dir(), folder


def test_the_checks_catch_what_they_are_for():
    """The patterns see a planted fault: a mute without reason, a vague name, an unfinished mark."""
    assert MUTE.search("x = 1  # no" + "qa: E501")
    assert CODES.sub("", "# no" + "qa: E501, N818 because").strip() == "because"
    assert VAGUE.search("string_utils")
    assert not VAGUE.search("utility_poles")
    assert UNFINISHED.search("# TO" + "DO later")
