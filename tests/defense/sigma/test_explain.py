"""Why a rule fired or not: the same verdict as the engine's, and the comparison that settled it."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from redstick.defense.sigma.evaluate import holds
from redstick.defense.sigma.explain import explain, proof
from redstick.defense.sigma.image import compile_files
from redstick.defense.sigma.logsources import Source, windows_source
from redstick.defense.sigma.tree import And, Exists, Glob, Match, Not, Null, Or, Present, Regex

CITY = Source("city")
PROCESS = windows_source("Security", "4688")


def rule_of(number, detection, logsource):
    """A rule document."""
    return {"title": f"r{number}", "logsource": logsource or {"product": "city"}, "detection": detection}


def engine_of(detection, **logsource):
    """An engine of one rule among enough others for the prefilter to work."""
    rules = [detection, *({"selection": {"z": f"nothing {i}"}, "condition": "selection"} for i in range(8))]
    files = {
        f"{i}.yml": yaml.safe_dump(
            {"title": f"r{i}", "logsource": logsource or {"product": "city"}, "detection": d}
        ).encode()
        for i, d in enumerate(rules)
    }
    compiled, _ = compile_files(files)
    assert not compiled.rules.refusals
    return compiled.engine, next(n for n, r in enumerate(compiled.engine.rules) if r.about.title == "r0")


def explained(detection, fields, source=CITY, **logsource):
    """The explanation of one rule on one event."""
    engine, number = engine_of(detection, **logsource)
    return explain(engine, number, source, fields)


ENCODED = {
    "selection": {"Image|endswith": ["\\powershell.exe", "\\pwsh.exe"], "CommandLine|contains": [" -enc", " -e "]},
    "filter": {"User": "admin"},
    "condition": "selection and not filter",
}


def test_a_rule_that_fires_names_the_values_that_made_it():
    """Of several alternatives the one that holds; of the exclusions the first that does not."""
    event = {"Image": "C:\\PowerShell.exe", "CommandLine": "powershell -enc AAAA", "User": "bob"}
    found = explained(ENCODED, event)
    assert found.fired
    assert {(r.text, r.wanted, r.holds, r.seen) for r in found.reasons} == {
        ("Image|endswith: '\\powershell.exe'", True, True, "'C:\\PowerShell.exe'"),
        ("CommandLine|contains: ' -enc'", True, True, "'powershell -enc AAAA'"),
        ("User: 'admin'", False, False, "'bob'"),
    }


@pytest.mark.parametrize(
    ("event", "gate", "sentence"),
    [
        (
            {"Image": "C:\\PowerShell.exe", "CommandLine": "x -enc", "User": "Admin"},
            "condition",
            "excludes User: 'admin'; in the event: User 'Admin'",
        ),
        (
            {"Image": "C:\\PowerShell.exe", "CommandLine": "powershell"},
            "prefilter",
            "needs CommandLine|contains: ' -enc' or ' -e '; in the event: CommandLine 'powershell'",
        ),
        (
            {"Image": "C:\\PowerShell.exe"},
            "prefilter",
            "needs CommandLine|contains: ' -enc' or ' -e '; in the event: CommandLine absent",
        ),
    ],
)
def test_a_rule_that_does_not_fire_names_the_gate_and_the_first_comparison_that_failed(event, gate, sentence):
    """Whether the prefilter or the condition said no, and the value that was seen."""
    found = explained(ENCODED, event)
    assert (found.gate, found.sentence) == (gate, sentence)
    assert not found.fired


def test_another_source_and_another_event_id_are_named():
    """Routing says no before any comparison."""
    found = explained(ENCODED, {}, product="windows", category="process_creation")
    assert (found.gate, found.sentence) == ("source", "it looks at windows/process_creation; this event is city")
    picky = {"selection": {"EventID": 4625, "a": "x"}, "condition": "selection"}
    found = explained(picky, {"a": "x", "EventID": 4688}, source=PROCESS, product="windows", service="security")
    assert (found.gate, found.sentence) == ("event id", "it can only fire on EventID 4625; this event has 4688")


def test_names_that_a_channel_gives_its_fields_are_known_to_the_explanation():
    """Security 4688 calls the image NewProcessName; the reason says Image, as the rule does."""
    rule = {"selection": {"Image|endswith": "\\cmd.exe"}, "condition": "selection"}
    found = explained(rule, {"NewProcessName": "C:\\cmd.exe"}, PROCESS, product="windows", category="process_creation")
    assert found.fired
    assert found.reasons[0].seen == "'C:\\cmd.exe'"


def test_a_long_value_is_cut_around_what_was_found():
    """A script of 20 kB is not poured over the reader."""
    rule = {"selection": {"a|contains": "needle"}, "condition": "selection"}
    reason = explained(rule, {"a": "x" * 10_000 + "needle" + "y" * 10_000}).reasons[0]
    assert "needle" in reason.seen
    assert len(reason.seen) < 200


def test_a_keyword_shows_the_value_that_holds_it():
    """Keywords look through all values."""
    rule = {"keywords": ["needle"], "condition": "keywords"}
    assert explained(rule, {"a": "hay", "b": ["x", "a needle"]}).reasons[0].seen == "'a needle'"
    assert explained(rule, {"a": "hay"}).reasons[0].seen == "in no value"


FIELDS = st.sampled_from(["a", "b"])
LEAVES = st.one_of(
    st.builds(
        Match,
        FIELDS,
        st.sampled_from(["equals", "contains", "startswith", "endswith"]),
        st.tuples(st.sampled_from(["x", "xy", "y"])),
    ),
    st.builds(Present, FIELDS),
    st.builds(Null, FIELDS),
    st.builds(Exists, FIELDS, st.booleans()),
    st.builds(Glob, FIELDS, st.just(("x", 0, "y"))),
    st.builds(Regex, FIELDS, st.sampled_from(["x.", "^y$"])),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)
EVENTS = st.dictionaries(FIELDS, st.sampled_from(["x", "xy", "y", "", None, ["x", "y"], []]))


@given(TREES, EVENTS)
def test_the_reasons_are_a_proof(tree, event):
    """A tree that holds is proved by comparisons that are all as wanted; one that fails by none that is."""
    verdict = holds(tree, event)
    assert {reason.holds == reason.wanted for reason in proof(tree, event)} == {verdict}
