"""OCSF: every finding is valid by the published schema of its class."""

import json

import pytest
from jsonschema import Draft202012Validator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema
from tests.defense.findings.made import FAILED, FORCED, NOW, SPRAY, compiled, event, scanned

from redstick.defense.findings.ocsf import VERSION, detection_finding, ocsf_line

NOW_MS = round(NOW.timestamp() * 1000)


@pytest.fixture(scope="module")
def schema():
    """The published schema of Detection Finding, which allows no field that it does not know."""
    return Draft202012Validator(OcsfJsonSchemaEmbedded(get_ocsf_schema(VERSION)).get_class_schema("detection_finding"))


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    """A detection, a correlation, and a detection without time, host and text."""
    log = tmp_path_factory.mktemp("logs") / "a.json"
    lines = [event(i, result="failed", card="x", door=str(i)) for i in range(3)]
    bare = '{"logsource": {"product": "city", "category": "door"}, "result": "forced"}'
    log.write_text("\n".join([event(result="forced", door="7"), *lines, bare]))
    return scanned(compiled(FAILED, SPRAY, FORCED), log)[0]


def test_detections_and_correlations_are_valid(schema, findings):
    """All mandatory fields, every field known, every value of its type and enumeration."""
    assert len(findings) == 3
    for finding in findings:
        assert [error.message for error in schema.iter_errors(json.loads(ocsf_line(finding, NOW_MS)))] == []


@pytest.mark.parametrize(
    "field", ["activity_id", "category_uid", "class_uid", "finding_info", "metadata", "severity_id", "time", "type_uid"]
)
def test_the_schema_finds_a_missing_mandatory_field(schema, findings, field):
    """The validator can say no."""
    body = detection_finding(findings[0], NOW_MS)
    del body[field]
    assert not schema.is_valid(body)
    assert not schema.is_valid({**detection_finding(findings[0], NOW_MS), "severity_id": 77})


def test_class_severity_technique_and_author_are_carried(findings):
    """2004, the level as a severity, ATT&CK from the tags, and the rule's author, as its licence asks."""
    body = detection_finding(findings[0], NOW_MS)
    assert (body["class_uid"], body["type_uid"], body["severity"]) == (2004, 200401, "Critical")
    assert body["finding_info"]["attacks"] == [
        {"technique": {"uid": "T1200"}},
        {"technique": {"uid": "T1078"}, "sub_technique": {"uid": "T1078.003"}},
        {"tactic": {"name": "Initial Access"}},
    ]
    assert body["unmapped"]["sigma"]["author"] == "B. Author"
    assert body["evidences"][0]["data"]["door"] == "7"


def test_times_are_the_events_or_the_scans(findings):
    """An event that says no time takes the time of the scan; a correlation spans its events."""
    first, bare, together = (detection_finding(finding, NOW_MS) for finding in findings)
    assert first["time"] == first["start_time"] == 1_772_359_200_000
    assert bare["time"] == NOW_MS
    assert "start_time" not in bare
    assert (together["start_time"], together["end_time"], together["count"]) == (
        1_772_359_200_000,
        1_772_359_320_000,
        3,
    )
