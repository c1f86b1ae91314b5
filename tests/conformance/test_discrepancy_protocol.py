"""Discrepancy reports as a protocol, against the published interface and the suite's example."""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from redstick.protocols.discrepancies import ENVELOPE, NEEDS, PROBLEMS, faults_of, read_report, write_report
from redstick.protocols.faults import Malformed

REPORT = {
    "resolutionUri": "https://a.example/r", "reportType": "LisDiscrepancyReport", "discrepancyReportId": "1",
    "discrepancyReportSubmitTimeStamp": "2026-01-01T00:00:00Z", "reportingAgencyName": "a.example",
    "reportingContactJcard": "[]", "problemSeverity": "Minor", "problem": "BadPidfLo",
}  # fmt: skip


def test_the_kinds_are_those_of_the_published_interface(third_party):
    """All 19, what each must say, and its words for the problem."""
    schemas = yaml.safe_load(third_party("ng911/i3/i3-discrepancy-reports.yaml").read_text())["components"]["schemas"]
    listed = schemas["DiscrepancyReport"]["properties"]["reportType"]["enum"]
    assert {f"{kind}DiscrepancyReport" for kind in NEEDS} == set(listed)
    assert set(schemas["DiscrepancyReport"]["required"]) == set(ENVELOPE)
    for kind, needs in NEEDS.items():
        own = schemas[f"{kind}DiscrepancyReport"]["allOf"][1]
        assert set(own.get("required", [])) == set(needs), kind
        assert tuple(own["properties"].get("problem", {}).get("enum", ())) == PROBLEMS.get(kind, ()), kind


def test_the_example_of_the_suite_is_judged(third_party):
    """It lacks what its kind must say, and has as a list what the interface wants as a text: nothing else is amiss."""
    [path] = third_party("ng911/tamu/test_suite/test_files/JSON/discrepancy_report").glob("*.json")
    places = [fault.place.removeprefix("$.") for fault in faults_of(json.loads(path.read_text()))]
    assert places == [*NEEDS["PolicyStore"], "reportingContactJcard"]


def test_a_report_comes_back_as_it_was_written():
    """And each of its mandatory members is missed, by its place."""
    assert read_report(write_report(REPORT)) == REPORT
    for name in REPORT:
        lacking = {key: value for key, value in REPORT.items() if key != name}
        with pytest.raises(Malformed) as caught:
            write_report(lacking)
        assert f"$.{name}" in {fault.place for fault in caught.value.faults}


@pytest.mark.parametrize(
    ("name", "value"),
    [("problem", "Gap"), ("reportType", "Lis"), ("discrepancyReportSubmitTimeStamp", "today"), ("pidfLo", 7)],
)
def test_a_wrong_word_is_refused_by_its_place(name, value):
    """Another kind's problem, no kind, no time, no text."""
    assert f"$.{name}" in {fault.place for fault in faults_of(REPORT | {name: value})}


@given(st.binary(max_size=80))
def test_any_bytes_are_a_report_or_a_refusal(data):
    """Nothing else comes of them."""
    with pytest.raises(Malformed):
        read_report(data)
