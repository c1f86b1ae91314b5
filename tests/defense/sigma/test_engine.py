"""The language's traps, each through parsing, engine and (where hyperscan is missing) the pure fallback."""

import json

import pytest
import yaml

from redstick.defense.readers.event import Tally
from redstick.defense.readers.evtx_file import evtx_events
from redstick.defense.readers.json_events import json_lines
from redstick.defense.readers.lines import MAX_LINE_BYTES
from redstick.defense.sigma.engine import Engine
from redstick.defense.sigma.image import compile_files, load, read_image
from redstick.defense.sigma.logsources import Source
from redstick.defense.sigma.rawlines import LineJudge

CITY = Source("city", (), (), "", "")


def rule(selection, condition="selection", **more):
    """One rule file."""
    return yaml.safe_dump(
        {
            "title": "made",
            "logsource": {"product": "city"},
            "detection": {"selection": selection, "condition": condition},
        }
        | more
    ).encode()


def fires(selection, event, condition="selection"):
    """Whether a rule fires, alone and among others enough for the prefilter, by both scanners: they must agree."""
    others = {f"other{i}.yml": rule({"Other": f"nothing-{i}"}) for i in range(8)}
    answers = set()
    for files in ({"a.yml": rule(selection, condition)}, {"a.yml": rule(selection, condition), **others}):
        for pure in (False, True):
            compiled, _ = compile_files(files, pure=pure)
            assert compiled.rules.refusals == ()
            place = next(n for n, r in enumerate(compiled.rules.rules) if r.about.path == "a.yml")
            engine = Engine(compiled.rules.rules, pure=pure)
            answers.add(place in engine.match(CITY, event))
            answers.add(place in engine.match(CITY, event))
    assert len(answers) == 1
    return answers.pop()


@pytest.mark.parametrize(
    ("selection", "event", "wanted"),
    [
        ({"a|re": "^$"}, {}, False),
        ({"a|re": ".*"}, {}, False),
        ({"a": "*"}, {"a": ""}, True),
        ({"a": "*"}, {}, False),
        ({"a": None}, {}, True),
        ({"a": None}, {"a": None}, True),
        ({"a": None}, {"a": ""}, True),
        ({"a": None}, {"a": "-"}, False),
        ({"a": ""}, {"a": ""}, True),
        ({"a": ""}, {}, False),
        ({"a": ""}, {"a": None}, False),
        ({"a|exists": True}, {"a": None}, True),
        ({"a|exists": False}, {"a": None}, False),
        ({"a|exists": False}, {}, True),
        ({"a": True}, {"a": True}, True),
        ({"a": "true"}, {"a": True}, True),
        ({"a": True}, {"a": "True"}, True),
        ({"a": True}, {"a": 1}, False),
        ({"a": 1}, {"a": True}, False),
        ({"a": 1}, {"a": 1.0}, True),
        ({"a": 4624}, {"a": "4624"}, True),
        ({"a": "4624"}, {"a": 4624}, True),
        ({"a|gt": 5}, {"a": "0x10"}, False),
        ({"a|gt": 5}, {"a": "10"}, True),
        ({"a|lte": 5}, {"a": 5}, True),
        ({"a|neq": 5}, {"a": 6}, True),
        ({"a|fieldref": "b"}, {}, False),
        ({"a|fieldref": "b"}, {"a": "X", "b": "x"}, True),
        ({"a|contains|all": ["x", "y"]}, {"a": ["has x", "has y"]}, True),
        ({"a|contains": "\\\\\\\\"}, {"a": ["one\\two"]}, False),
        ({"a": "K\u00f6ln"}, {"a": "k\u00d6LN"}, True),
        ({"a|contains": "kill"}, {"a": "\u212aill"}, True),
        ({"a|cased": "Abc"}, {"a": "abc"}, False),
        ({"a|cased": "Abc"}, {"a": "Abc"}, True),
        ({"a|re": "Abc"}, {"a": "abc"}, False),
        ({"a|re|i": "Abc"}, {"a": "abc"}, True),
        ({"a|re": "x.y"}, {"a": "x\ny"}, False),
        ({"a|re|s": "x.y"}, {"a": "x\ny"}, True),
        ({"a|contains": r"\*"}, {"a": "x*y"}, True),
        ({"a|contains": r"\*"}, {"a": "xy"}, False),
        ({"a": r"x\?y"}, {"a": "x?y"}, True),
        ({"a": "x?y"}, {"a": "x-y"}, True),
        ({"a|windash|contains": " -enc"}, {"a": "p \u2014enc"}, True),
        ({"a|windash|contains": " -enc"}, {"a": "p /enc"}, True),
        ({"a|cidr": "10.0.0.0/8"}, {"a": "10.1.2.3"}, True),
        ({"a|cidr": "10.0.0.0/8"}, {"a": "::ffff:10.1.2.3"}, True),
        ({"a|cidr": "10.0.0.0/8"}, {"a": "host"}, False),
        ({"a|hour": 4}, {"a": "2026-01-01T04:59:00Z"}, True),
        ({"a|year": 2025}, {"a": "2026-01-01T04:59:00Z"}, False),
        ({"a|minute": 59}, {"a": "2026-01-01T04:59:00Z"}, True),
        ({"a|day": 1}, {"a": "2026-01-01T04:59:00Z"}, True),
        ({"a|week": 53}, {"a": "2027-01-01T00:00:00Z"}, True),
        ({"a|month": 2}, {"a": "2026-01-31T23:30:00-05:00"}, True),
        ({"a|lt": 5}, {"a": 4.5}, True),
        ({"a|gte": 5}, {"a": "five"}, False),
        ({"a|neq": 5}, {"a": "five"}, True),
        ({"a|neq": 5}, {"a": "5"}, False),
        ({"a|fieldref|startswith": "b"}, {"a": "XY", "b": "x"}, True),
        ({"a|fieldref|endswith": "b"}, {"a": "XY", "b": "x"}, False),
        ({"a|fieldref|contains": "b"}, {"a": "zXz", "b": "x"}, True),
        ({"a|re|m": "^y$"}, {"a": "x\ny\nz"}, True),
        ({"a|re": "^y$"}, {"a": "x\ny\nz"}, False),
        ({"a|base64": "ping"}, {"a": "cGluZw=="}, True),
        ({"a|base64offset|contains": "secret"}, {"a": "eHhzZWNyZXR4"}, True),
        ({"a|wide|base64offset|contains": "ping"}, {"a": "cABpAG4AZwA="}, True),
        ({"a|windash|contains": " -enc"}, {"a": "p \u2015enc"}, True),
        ({"a|windash|contains": " -enc"}, {"a": "p \u2013enc"}, True),
        ({"a|startswith|cased": "Ab"}, {"a": "abc"}, False),
        ({"a": ["x", "y"]}, {"a": ["z", "Y"]}, True),
        (["needle"], {"a": "a NEEDLE here"}, True),
        (["needle"], {"needle": "hay"}, False),
        ({"a|contains": "x\0y"}, {"a": "X\0Y"}, True),
    ],
)
def test_what_a_value_means_to_a_rule(selection, event, wanted):
    """Absent, null, empty, booleans, numbers, lists, case, escapes: as the specification and decision 0005 say."""
    assert fires(selection, event) is wanted


@pytest.mark.parametrize("event", [{}, {"a": None}, {"a": "y"}, {"a": ["y", "z"]}])
def test_not_of_an_absent_or_other_value_holds(event):
    """NOT means that no element does."""
    assert fires({"a": "x"}, event, "not selection")
    assert not fires({"a": "x"}, {"a": ["y", "X"]}, "not selection")


def test_a_filter_document_narrows_the_rules_that_it_names():
    """Its condition must hold as well, for the rules and the log source that it is bound to, and for no other."""
    harmless = {
        "title": "harmless",
        "id": "00000000-0000-4000-8000-000000000001",
        "logsource": {"product": "city"},
        "filter": {"rules": ["one"], "selection": {"user": "admin"}, "condition": "not selection"},
    }
    files = {
        "f.yml": yaml.safe_dump(harmless).encode(),
        "1.yml": rule({"a": "x"}, name="one", id="00000000-0000-4000-8000-000000000011"),
        "2.yml": rule({"a": "x"}, name="two", id="00000000-0000-4000-8000-000000000012"),
    }
    compiled, _ = compile_files(files)
    assert compiled.rules.refusals == ()

    def fired(event):
        return [compiled.engine.rules[n].about.name for n in compiled.engine.match(CITY, event)]

    assert fired({"a": "x", "user": "bob"}) == ["one", "two"]
    assert fired({"a": "x", "user": "Admin"}) == ["two"]


def test_equal_python_values_share_no_verdict():
    """1, True, 1.0 and "1" are remembered by their texts: Python would take the first three for one key."""
    compiled, _ = compile_files({"a.yml": rule({"a": True})})
    answers = [bool(compiled.engine.match(CITY, {"a": value})) for value in (1, True, 1.0, "1", "true")]
    assert answers == [False, True, False, False, True]


def test_a_backtracking_expression_is_refused_and_a_slow_one_is_linear():
    """A back-reference is a refusal by name; nested quantifiers over 100 kB do not stall."""
    compiled, _ = compile_files({"a.yml": rule({"a|re": r"(x)\1"}), "b.yml": rule({"a|re": "(x+)+$"})})
    assert [r.path for r in compiled.rules.refusals] == ["a.yml"]
    assert compiled.engine.match(CITY, {"a": "x" * 100_000 + "!"}) == ()


def test_an_image_gives_the_same_rules_and_a_torn_one_is_none(tmp_path):
    """A second load parses nothing, a changed file alone is parsed again, and damage is found."""
    folder, cache = tmp_path / "rules", tmp_path / "cache"
    folder.mkdir()
    for i in range(10):
        (folder / f"{i}.yml").write_bytes(rule({"a": f"value-{i}"}))
    assert load(folder, cache).parsed == 10
    again = load(folder, cache)
    assert again.parsed == 0
    assert len(again.engine.match(CITY, {"a": "value-3"})) == 1
    (folder / "3.yml").write_bytes(rule({"a": "other"}))
    changed = load(folder, cache)
    assert changed.parsed == 1
    assert changed.engine.match(CITY, {"a": "value-3"}) == ()
    image = next(cache.iterdir())
    data = bytearray(image.read_bytes())
    data[-1] ^= 1
    image.write_bytes(data)
    assert read_image(image) is None
    assert load(folder, cache).parsed == 10


class LongLine:
    """A stream of one line of `size` bytes and a good event after it, never held whole."""

    def __init__(self, size):
        self.left = size
        self.largest = 0
        self.tail = [b'{"a":"x"}\n']

    def readline(self, limit=-1):
        """As a file has it."""
        self.largest = max(self.largest, limit)
        if self.left:
            taken = min(self.left, limit)
            self.left -= taken
            return b"x" * (taken - 1) + (b"x" if self.left else b"\n")
        return self.tail.pop() if self.tail else b""


def test_a_line_of_64_mb_is_one_loss_and_the_next_line_is_read():
    """Never more than the limit is asked for at once."""
    tally, stream = Tally(), LongLine(64 * 1024 * 1024)
    assert [event.fields for event in json_lines(stream, tally)] == [{"a": "x"}]
    assert tally.lost == 1
    assert stream.largest <= MAX_LINE_BYTES + 1


def test_broken_utf_8_is_repaired_counted_and_still_matched(tmp_path):
    """The event is not lost, and no judge calls it clean."""
    compiled, _ = compile_files({"a.yml": rule({"a|contains": "evil"}, logsource={"product": "windows"})})
    path = tmp_path / "events.json"
    good = json.dumps({"Channel": "Security", "EventID": 1, "a": "evil"}, separators=(",", ":")).encode()
    path.write_bytes(good.replace(b"evil", b"\xff evil") + b"\n{broken\n")
    tally = Tally()
    with path.open("rb") as stream:
        events = list(json_lines(stream, tally, LineJudge(compiled.engine).is_clean))
    assert [compiled.engine.match(e.source, e.fields, e.raw) for e in events] == [(0,)]
    assert tally.repairs["broken UTF-8"] >= 1
    assert (tally.received, tally.decoded, tally.lost) == (2, 1, 1)


@pytest.mark.parametrize("damage", [b"ElfFile\0" + b"\xff" * 4096, b"ElfFile\0", b"ElfFile\0" + bytes(70_000)])
def test_a_broken_evtx_file_is_counted_and_never_raised(tmp_path, damage):
    """Noise after the magic, nothing after it, and zeros."""
    path = tmp_path / "broken.evtx"
    path.write_bytes(damage)
    tally = Tally()
    assert list(evtx_events(path, tally)) == []
    assert tally.received == tally.decoded + tally.spared + tally.lost
