"""The report in its forms: on paper nothing is wider than the sheet, and what is in one form is in the others."""

import csv
import io

import pytest
from tests.savings.ledgers import ONE, TELCO, TWO, Office, bill

from redstick.adapters.typesetting import typeset
from redstick.savings.kinds import LineKind
from redstick.savings.reads.report import ACROSS, page, paper, report_of, tables
from redstick.savings.rules.cutovers import ConfirmDemand
from redstick.savings.rules.lines import DescribeLine, line_of


@pytest.fixture(scope="module")
def found():
    """A line that is off, and an elevator's with one demand confirmed, at a site whose name no font of ours has."""
    office = Office()
    office.events(bill("2026-03", ONE, TWO), DescribeLine(TELCO, TWO, kind=LineKind.ELEVATOR, site="\u6d77 Hall"))
    office.off(ONE, "2026-03-20")
    office.events(bill("2026-04", TWO), ConfirmDemand(line_of(TELCO, TWO), "two_way_voice", "=sheet 14"))
    return report_of(office.state)


def test_paper_is_accessible_and_the_same_twice(found):
    """The typesetter itself holds it to PDF/UA-1."""
    made = paper(found)
    once, twice = (typeset(made.text(), made.pictures) for _ in range(2))
    assert once == twice
    assert b"pdfuaid" in once


def test_what_is_too_wide_for_paper_is_said_line_by_line(found):
    """A table of sentences would overprint itself; one of figures stays a table."""
    demands = next(sheet for sheet in found.sheets if sheet.name == "demands")
    assert sum(max(map(len, column)) for column in zip(*demands.shown(), strict=True)) > ACROSS
    text = paper(found).text()
    assert 'caption: "Before they may move"' not in text
    assert "what must be shown: From the car, two-way voice reached a person" in text
    assert 'caption: "The inventory: every line stands in one row"' in text


def test_every_table_of_the_page_is_a_file_and_no_cell_is_a_formula(found):
    """Amounts are plain decimals there; what begins like a formula is text."""
    files, shown = tables(found), page(found)
    for sheet in found.sheets:
        assert f"{sheet.name}.csv" in files
        assert sheet.caption in shown
        for row in csv.reader(io.StringIO(files[f"{sheet.name}.csv"])):
            assert not [cell for cell in row if cell.startswith(("=", "+", "@"))]
    standing = list(csv.reader(io.StringIO(files["standing.csv"])))
    assert standing[-1] == ["All lines", "2", "88.00"]


def test_the_page_is_the_same_twice(found):
    """The same inventory gives the same bytes."""
    assert page(found) == page(report_of(found.state))
