"""Cautions: each is there because of something found, and absent when it was not."""

import pytest


def said(report):
    return " ".join(report.cautions)


def test_a_clean_history_is_not_accused(reported, line):
    """Nothing is said of missing, masked or backward rows where there are none."""
    text = said(reported([line(n) for n in range(5)]))
    for word in ("backwards", "block", "could not be read", "repeated", "no time for", "clocks repeat"):
        assert word not in text, word


def test_missing_arrivals_are_counted(reported, line):
    """One of four units without an arrival is 25 %."""
    report = reported([line(1), line(2), line(3), line(4, on_scene="")])
    assert "1 of 4 rows (25 %) have no time for “on scene”" in said(report)


def test_times_that_run_backwards_are_told_of(reported, line):
    """An arrival before the departure is kept and said."""
    report = reported([line(1), line(2, on_scene="2025-05-01 12:01:30")])
    assert "1 pair of times in one row runs backwards" in said(report)


def test_masked_addresses_are_told_of(reported, line):
    """Where most addresses name a block, nobody should measure to a door."""
    report = reported([line(n, address=f"{n}00 BLOCK OF MILL ST") for n in range(5)])
    assert "100 % of the different addresses name only a block" in said(report)


def test_the_hour_that_the_clocks_repeat_is_told_of(reported, line):
    """A row whose only stamp lies in that hour could be either."""
    only = dict.fromkeys(("answered", "dispatched", "en_route", "on_scene"), "")
    report = reported([line(1, received="2025-11-02 01:30:00", **only)])
    assert "1 time of the hour that the clocks repeat in autumn" in said(report)


def test_a_cell_that_is_no_time_is_told_of(reported, line):
    """Its column is named."""
    report = reported([line(1), line(2, en_route="soon")])
    assert "1 cell of column “en_route” could not be read as a time" in said(report)


def test_times_to_the_minute_are_told_of(reported, line):
    """Differences under two minutes mean little then."""
    lines = [line(n, received=f"2025-05-01 12:{n:02d}:00", answered="", dispatched="") for n in range(40)]
    assert "to the minute only: received" in said(reported(lines))


def test_an_unnamed_zone_is_told_of(reported, line):
    """Without a zone, times are taken as written, and the reader hears of it."""
    assert "No time zone was named" in said(reported([line(1)], zone="UTC", zone_named=False))
    assert "read on the clock of America/Chicago" in said(reported([line(1)]))


def test_a_standard_that_cannot_be_compared_is_told_of(reported, line):
    """Asked for and not measurable is said, not passed over."""
    report = reported([line(1)], standards=["NENA-STA-020.1"], without="answered")
    assert "because the export lacks the times they speak of: NENA-STA-020.1, 2020 (answer)." in said(report)
    assert "The export does not say when a call was answered." in said(report)
    assert "Not compared" not in said(reported([line(1)], standards=["NENA-STA-020.1"]))


@pytest.mark.parametrize(("days", "told"), [(27, True), (28, False)])
def test_a_short_period_is_told_of(reported, line, days, told):
    """Under four weeks, seasons cannot be seen."""
    stamps = ("received", "answered", "dispatched", "en_route", "on_scene")
    lines = [line(1), line(2, **dict.fromkeys(stamps, f"2025-05-{days:02d} 12:00:00"))]
    assert ("seasons cannot be seen" in said(reported(lines))) == told


def test_days_without_a_call_are_told_of(reported, line):
    """A gap in an export looks like peace."""
    stamps = ("received", "answered", "dispatched", "en_route", "on_scene")
    lines = [line(1), line(2, **dict.fromkeys(stamps, "2025-05-03 12:00:00"))]
    assert "On 1 day the file has no call at all, the first of them 2 May 2025" in said(reported(lines))
