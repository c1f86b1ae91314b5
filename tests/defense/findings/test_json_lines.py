"""JSON lines: one object a finding, one account at the end."""

import json

from tests.defense.findings.made import FAILED, FORCED, SPRAY, compiled, event, scanned

from redstick.defense.findings.json_lines import finding_line, iso, summary_line


def test_a_finding_carries_its_rule_its_reasons_and_its_event(tmp_path):
    """Author and references too."""
    log = tmp_path / "a.json"
    log.write_text(event(result="forced", door="7"))
    (finding,), _ = scanned(compiled(FORCED), log)
    line = json.loads(finding_line(finding))
    assert (line["kind"], line["level"], line["rule"]["author"]) == ("detection", "critical", "B. Author")
    assert (line["first"], line["places"], line["fields"]["door"]) == ("2026-03-01T10:00:00.000Z", [f"{log}#1"], "7")
    assert line["because"][0] == {
        "comparison": "result|contains: 'forced'",
        "wanted": True,
        "field": "result",
        "seen": "'forced'",
    }


def test_a_correlation_carries_its_group_and_its_figure(tmp_path):
    """And says how many events it stands for."""
    log = tmp_path / "a.json"
    log.write_text("\n".join(event(i, result="failed", card="x", door=str(i)) for i in range(4)))
    (finding,), _ = scanned(compiled(FAILED, SPRAY), log)
    line = json.loads(finding_line(finding))
    assert (line["kind"], line["group"], line["value"], line["events"]) == ("correlation", {"card": "x"}, 4.0, 4)


def test_the_account_adds_up_and_names_rules_that_could_not_be_used(tmp_path):
    """Received is decoded, spared and lost; a refused rule is never silent."""
    log = tmp_path / "a.json"
    log.write_text(event(result="forced") + "\n{broken\n")
    broken = FORCED | {
        "id": None,
        "title": "Broken",
        "detection": {"selection": {"a|re": r"(x)\1"}, "condition": "selection"},
    }
    rules = compiled(FORCED, broken)
    _, scan = scanned(rules, log)
    account = json.loads(summary_line(scan.account, rules))
    events = account["events"]
    assert (events["received"], events["decoded"], events["lost"]) == (2, 1, 1)
    assert events["received"] == events["decoded"] + events["spared"] + events["lost"]
    assert [(r["title"], "backtracking" in r["reason"]) for r in account["rules"]["refused"]] == [("Broken", True)]


def test_a_time_is_iso_8601_in_utc():
    """With milliseconds; None stays none."""
    assert (iso(1_772_359_200_123), iso(None)) == ("2026-03-01T10:00:00.123Z", None)
