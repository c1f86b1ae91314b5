"""Why a rule fired or not, over files: the event that answers best, and where the others stopped."""

import pytest
from tests.defense.findings.made import FAILED, FORCED, SETTINGS, SPRAY, compiled, event

from redstick.defense.findings.why import NoSuchRule, answer, answer_object, find_rule

RULES = compiled(
    FAILED,
    SPRAY,
    FORCED,
    FORCED | {"id": None, "title": "Broken", "detection": {"selection": {"a|re": r"(x)\1"}, "condition": "selection"}},
)


@pytest.fixture
def log(tmp_path):
    """Four events: another source, an opened door, one forced in a test, one forced in earnest."""
    path = tmp_path / "a.json"
    path.write_text(
        "\n".join(['{"a": 1}', event(result="opened"), event(result="forced", door="test"), event(result="forced")])
    )
    return path


@pytest.mark.parametrize("name", ["00000000-0000-4000-8000-000000000003", "door FORCED", "Door forced"])
def test_a_rule_is_found_by_id_and_title(name):
    """Case aside."""
    assert RULES.rules.rules[find_rule(RULES, name)].about.title == "Door forced"


def test_a_rule_is_found_by_its_name_and_its_file():
    """`name` of the document, or the file as it was given."""
    assert RULES.rules.rules[find_rule(RULES, "failed")].about.title == "Failed sign-in"
    assert find_rule(RULES, "made.yml#3") == find_rule(RULES, "Door forced")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Many doors tried", "is a correlation"),
        ("Broken", "could not be used: regular expression"),
        ("door", "is it one of these: Many doors tried; Door forced|Door forced; Many doors tried"),
        ("Dor forsed", "is it one of these: Door forced"),
        ("zzz", "no rule 'zzz'$"),
    ],
)
def test_what_is_no_detection_is_named_with_what_is_near(name, said):
    """A correlation, a rule that could not be used, a part of a title, a slip of the pen."""
    with pytest.raises(NoSuchRule, match=said):
        find_rule(RULES, name)


def test_the_event_that_fires_answers_first_else_the_nearest(log):
    """And every event is counted by the gate that stopped it."""
    number = find_rule(RULES, "Door forced")
    found = answer(RULES, SETTINGS, [log], number)
    assert (found.place, found.explanation.fired) == (f"{log}#4", True)
    assert found.gates == {"source": 1, "condition": 2, "fired": 1}
    log.write_text("\n".join(log.read_text().splitlines()[:3]))
    found = answer(RULES, SETTINGS, [log], number)
    assert (found.place, found.explanation.sentence) == (f"{log}#3", "excludes door: 'test'; in the event: door 'test'")


def test_one_event_is_answered_by_its_number(log):
    """And an event that is not there is none."""
    number = find_rule(RULES, "Door forced")
    found = answer(RULES, SETTINGS, [log], number, 2)
    assert (found.place, found.explanation.gate) == (f"{log}#2", "condition")
    assert answer(RULES, SETTINGS, [log], number, 99).explanation is None
    body = answer_object(found, RULES.rules.rules[number].about)
    assert (body["fired"], body["reasons"][0]["seen"]) == (False, "'opened'")
