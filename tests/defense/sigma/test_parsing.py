"""Rule files as they come: every document is a rule or a refusal with its reason, never an exception."""

import copy
import random

import msgspec
import pytest
import yaml

from redstick.defense.sigma.engine import Engine
from redstick.defense.sigma.image import Entry, Image
from redstick.defense.sigma.logsources import Source
from redstick.defense.sigma.parsing import read_file
from redstick.defense.sigma.rules import Refusal
from redstick.defense.sigma.ruleset import assemble

DETECTION = {
    "title": "failed",
    "name": "failed",
    "id": "00000000-0000-4000-8000-000000000001",
    "logsource": {"product": "city"},
    "detection": {
        "s": {"a|re|i": "x.*", "b|cidr": "10.0.0.0/8", "c|windash|contains|all": ["-x", "y"], "e|fieldref": "f"},
        "t": {"d|base64offset|contains": "abc", "g|lt": 3, "h": None, "i": [1, True], "j|exists": True},
        "k": ["w", "v*"],
        "condition": ["1 of s*", "all of them", "not k and (s or t)"],
    },
}
CORRELATION = {
    "title": "together",
    "id": "00000000-0000-4000-8000-000000000002",
    "correlation": {
        "type": "value_count",
        "rules": ["failed"],
        "group-by": ["card", "m"],
        "aliases": {"m": {"failed": "x"}},
        "timespan": "10m",
        "condition": {"gte": 3, "field": "door"},
    },
}
FILTER = {
    "title": "harmless",
    "logsource": {"product": "city"},
    "filter": {"rules": ["failed"], "selection": {"a": "x"}, "condition": "not selection"},
}
ODD = [
    None,
    0,
    -1,
    1.5,
    True,
    "",
    "x",
    "*",
    "\\",
    "|",
    "1 of",
    "not",
    "(",
    [],
    {},
    [[]],
    [{}],
    {"a": None},
    ["a", 1, None],
]
ODD += ["%x%", "10.0.0.0/33", "[", "(?", float("nan"), 10**400, "\0", "1y", "-5m"]
NAMES = ["|", "a|re|lt", "a|expand", "|all", "a|minute", "a|neq", "a|gt", "a|base64", "condition", 5, None, True]


def places(document, path=()):
    """Paths of all values inside a document."""
    items = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    for key, value in items:
        yield (*path, key)
        yield from places(value, (*path, key))


def mutated(document, rng):
    """The document with one to three of its values replaced, taken out or renamed."""
    document = copy.deepcopy(document)
    for _ in range(rng.randint(1, 3)):
        *path, last = rng.choice(list(places(document)) or [("title",)])
        inner = document
        for key in path:
            inner = inner[key]
        choice = rng.random()
        if choice < 0.6 or not isinstance(inner, dict):
            inner[last] = copy.deepcopy(rng.choice(ODD))
        elif choice < 0.8:
            inner.pop(last, None)
        else:
            inner[rng.choice(NAMES)] = inner.pop(last, None)
    return document


def test_any_document_is_a_rule_or_a_refusal_and_fits_into_an_image():
    """500 files of valid and mutated documents: read, assembled, run, written and read back."""
    rng = random.Random(3)
    refused = usable = 0
    for _ in range(500):
        documents = [rng.choice((DETECTION, CORRELATION, FILTER)) for _ in range(rng.randint(1, 3))]
        documents = [mutated(d, rng) if rng.random() < 0.8 else d for d in documents]
        read = read_file("made.yml", yaml.safe_dump_all(documents).encode(), {})
        rules = assemble(read)
        Engine(rules.rules, pure=True).match(Source("city"), {"a": "x", "b": "10.1.1.1", "e": "1", "f": 1, "z": "w"})
        entry = Entry("", [d for d in read if not isinstance(d, Refusal)], [d for d in read if isinstance(d, Refusal)])
        image = Image({"made.yml": entry}, {})
        assert msgspec.msgpack.decode(msgspec.msgpack.encode(image), type=Image) == image
        refused += len(rules.refusals)
        usable += len(rules.rules) + len(rules.correlations)
    assert min(refused, usable) > 100


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"a: [", b"- 1\n- 2\n", b"5", b"a: *b", b"&a [*a]", b"{" * 2000, b"\0"]
)
def test_what_is_no_document_is_refused_or_nothing(content):
    """Broken YAML, broken text, lists, numbers, anchors without end, nesting without end."""
    for document in read_file("made.yml", content, {}):
        assert isinstance(document, Refusal)
        assert document.path.startswith("made.yml")
        assert document.reason


@pytest.mark.parametrize("pattern", [r"(x)\1", "(?<=a)b", "[", "(?P<n", "a{9999}"])
def test_a_pattern_that_cannot_run_is_named_without_a_word_on_standard_error(pattern, capfd):
    """The parser below writes its opinion to standard error; a person reads one refusal instead."""
    rule = DETECTION | {"detection": {"s": {"a|re": pattern}, "condition": "s"}}
    (refusal,) = read_file("made.yml", yaml.safe_dump(rule).encode(), {})
    assert isinstance(refusal, Refusal)
    assert refusal.reason.startswith("regular expression ")
    assert capfd.readouterr().err == ""


def test_several_documents_share_what_a_global_one_says():
    """`action: global`, `repeat` and `reset`, as older rule files have them."""
    text = """
action: global
title: shared
logsource: {product: city}
---
id: 00000000-0000-4000-8000-000000000011
detection: {s: {a: x}, condition: s}
---
action: reset
---
title: own
id: 00000000-0000-4000-8000-000000000012
logsource: {product: city}
detection: {s: {a: y}, condition: s}
---
action: repeat
id: 00000000-0000-4000-8000-000000000013
detection: {s: {a: z}}
"""
    rules = assemble(read_file("made.yml", text.encode(), {}))
    assert rules.refusals == ()
    assert [rule.about.title for rule in rules.rules] == ["shared", "own", "own"]
