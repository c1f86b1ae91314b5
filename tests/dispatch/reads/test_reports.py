"""Reports: which figures are taken, of whom, and beside which standards."""

from pathlib import Path

import pytest

from redstick.dispatch.history.column_map import ColumnMap
from redstick.dispatch.history.reading import read
from redstick.dispatch.reads.report_json import as_json
from redstick.dispatch.reads.reports import UnknownStandardError, choose_standards, make_report

ROOT = Path(__file__).parents[3]


def test_by_default_only_what_was_read_is_a_standard():
    """No unverified threshold is applied unasked, and none of travel, whose scope an export seldom tells."""
    chosen = choose_standards([])
    assert chosen
    assert all(standard.verified and standard.interval != "travel" for standard in chosen)


def test_a_standard_is_chosen_by_id_name_or_edition():
    """Spelling is forgiving; the order is the house's."""
    assert [s.id for s in choose_standards(["nfpa-1710-travel-als"])] == ["nfpa-1710-travel-als"]
    assert {s.name for s in choose_standards(["nfpa 1710"])} == {"NFPA 1710"}
    assert {s.edition for s in choose_standards(["NFPA 1221 2016"])} == {"2016"}
    assert choose_standards(["NFPA 1710", "NFPA 1221"]) == choose_standards(["NFPA 1221", "NFPA 1710"])


def test_an_unverified_standard_is_chosen_by_its_own_id_only():
    """A name brings only what was read."""
    assert all(standard.verified for standard in choose_standards(["NFPA 1225"]))
    assert [s.verified for s in choose_standards(["nfpa-1225-answer-90"])] == [False]


def test_an_unknown_standard_is_refused_with_the_known_ones():
    """The error lists what there is."""
    with pytest.raises(UnknownStandardError, match="there is no standard 'NFPA 9999'; there are: nena-020-answer-90"):
        choose_standards(["NFPA 9999"])


def test_a_call_with_two_units_is_one_call_and_two_responses(reported, line):
    """Calls, responses and units are counted apart."""
    report = reported([line(1, "E1"), line(1, "M1"), line(2, "E1")])
    assert (report.calls, report.responses, report.units) == (2, 3, 2)


def test_response_of_a_call_ends_with_the_first_arrival(reported, line):
    """Of two arrivals the earlier counts."""
    report = reported([line(1, "E1", on_scene="2025-05-01 12:09:00"), line(1, "M1", on_scene="2025-05-01 12:05:00")])
    [response] = [one for one in report.measured if one.interval.name == "response"]
    assert response.sample.p90_s == 300.0


def test_what_a_standard_asks_stands_beside_what_was_found(reported, line):
    """Two of three turnouts within 60 s."""
    lines = [line(1), line(2), line(3, en_route="2025-05-01 12:02:01")]
    report = reported(lines, standards=["nfpa-1710-turnout-ems"])
    [turnout] = [one for one in report.measured if one.interval.name == "turnout"]
    [found] = turnout.kpi.attainments
    assert (found.n_within, found.n_used, found.met) == (2, 3, False)


def test_groups_are_the_largest_first_and_add_up(reported, line):
    """Every call stands in one group of a dimension; the silent ones too."""
    lines = [line(n, area=("North", "South", "")[n % 3 if n < 9 else 0]) for n in range(12)]
    [areas] = [grouping for grouping in reported(lines).groupings if grouping.dimension == "area"]
    assert [(group.value, group.n) for group in areas.groups] == [("North", 6), ("", 3), ("South", 3)]


def test_a_dimension_of_one_value_is_left_out(reported, line):
    """Everything in one group says nothing."""
    assert "area" not in {grouping.dimension for grouping in reported([line(1), line(2)]).groupings}


def test_backward_pairs_are_told_with_rows_to_look_up(reported, line):
    """The row is that of the file, the heading being line 1."""
    report = reported([line(1), line(2, on_scene="2025-05-01 12:01:30")])
    [pair] = report.disorders
    assert (pair.earlier, pair.later, pair.n, pair.worst_s) == ("en_route", "on_scene", 1, 30.0)
    assert pair.examples[0].row_number == 3


def test_the_same_history_gives_the_same_report(reported, line):
    """Figures are values: equal input, equal report."""
    lines = [line(n, area=f"A{n % 4}") for n in range(30)]
    assert as_json(reported(lines)) == as_json(reported(lines))


def test_the_published_week_of_san_francisco_is_met(third_party):
    """The anchors of 3,560 calls and 7,704 unit rows: n, p50, p90, p95 in seconds, and 28 backward pairs."""
    path = third_party("cad/san_francisco_fire_2016-12-31_2017-01-07.csv.gz")
    column_map = ColumnMap.load(ROOT / "examples" / "san_francisco" / "columns.toml")
    report = make_report(read(path, column_map), column_map, file=path.name)
    assert (report.calls, report.responses, report.units) == (3560, 7704, 178)
    found = {
        one.interval.name: (one.sample.n_used, one.sample.p50_s, one.sample.p90_s, one.sample.p95_s)
        for one in report.measured
    }
    assert found["entry"] == (3560, 74, 167, 201)
    assert found["queue"] == (3560, 30, 121, 198)
    assert found["call_to_dispatch"] == (3560, 113, 265, 349)
    assert found["turnout"] == (7490, 49, 124, 152)
    assert found["travel"] == (6150, 227, 759, 1025)
    assert found["response"] == (3429, 390, 1035, 1338)
    assert [(pair.later, pair.n) for pair in report.disorders] == [
        ("at_hospital", 25),
        ("transport", 2),
        ("on_scene", 1),
    ]
    assert report.missing["on_scene"] == 1554
    assert report.missing["en_route"] == 214
