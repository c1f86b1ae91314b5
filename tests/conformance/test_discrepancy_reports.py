"""Discrepancy reports against the published interface of NENA's discrepancy reporting."""

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker

from redstick.dispatch.discrepancies import PROBLEMS, discrepancy_report
from redstick.dispatch.place import Place
from redstick.dispatch.rules.follow_ups import FollowUp

NOW = 1_700_000_000_000
JCARD = '["vcard",[["version",{},"text","4.0"]]]'


@pytest.fixture
def schema(third_party):
    """The published schema of a GisDiscrepancyReport, with what it refers to."""
    document = yaml.safe_load(third_party("ng911/i3/i3-discrepancy-reports.yaml").read_text(encoding="utf-8"))
    wanted = {"$ref": "#/components/schemas/GisDiscrepancyReport", "components": document["components"]}
    return document, Draft202012Validator(wanted, format_checker=FormatChecker())


def report(**place):
    """The report of an address that the geofile did not know."""
    item = FollowUp("i/0", "i", Place("999 Oak Street", **place), NOW)
    return discrepancy_report(item, NOW, "Testville ECC", JCARD, "https://ecc.example/resolutions")


@pytest.mark.parametrize("place", [{}, {"x": -911_000_000, "y": 304_000_000}, {"doubts": ("number_outside",)}])
def test_every_report_is_valid(schema, place):
    """With and without a position, with and without a known doubt."""
    assert [error.message for error in schema[1].iter_errors(report(**place))] == []


def test_a_number_outside_its_ranges_is_an_address_range():
    """And what no problem of the list says is OtherGis."""
    assert report(doubts=("number_outside",))["problem"] == "AddressRange"
    assert report(doubts=("fuzzy_name",))["problem"] == "OtherGis"


def test_every_problem_is_one_of_the_list(schema):
    """Spellings literal."""
    document, _ = schema
    listed = document["components"]["schemas"]["GisDiscrepancyReport"]["allOf"][1]["properties"]["problem"]["enum"]
    assert {*PROBLEMS.values(), "OtherGis"} <= set(listed)


@pytest.mark.parametrize("field", ["problem", "reportingAgencyName", "resolutionUri", "discrepancyReportId"])
def test_a_report_that_lacks_a_field_is_seen(schema, field):
    """The check can fail."""
    lacking = {name: value for name, value in report().items() if name != field}
    assert len(list(schema[1].iter_errors(lacking))) == 1
