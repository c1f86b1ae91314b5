"""Words: how times, counts and shares are read out."""

from redstick.dispatch.reads import report_words as words


def test_times_are_spoken_in_the_unit_that_fits():
    """Seconds, minutes and seconds, hours and minutes."""
    assert [words.spoken(s) for s in (0, 49, 60, 390, 3600, 5161)] == [
        "0 s", "49 s", "1 min", "6 min 30 s", "1 h", "1 h 26 min",
    ]  # fmt: skip
    assert words.spoken(None) == "not known"
    assert words.spoken(-46) == "−46 s"


def test_a_clock_shows_minutes_and_seconds():
    """`m:ss` under an hour, `h:mm:ss` from there."""
    assert [words.clock(s) for s in (0, 59.6, 1035, 3661, -46)] == ["0:00", "1:00", "17:15", "1:01:01", "−0:46"]
    assert words.clock(None) is None


def test_a_share_is_never_rounded_to_all_or_none():
    """One of ten thousand is not 0 %, and one short of all is not 100 %."""
    assert words.share(1, 10_000) == "under 0.1 %"
    assert words.share(9_999, 10_000) == "over 99.9 %"
    assert words.share(1, 2) == "50 %"
    assert words.share(0, 5) == "0 %"
    assert words.share(5, 5) == "100 %"
    assert words.share(0, 0) == "none"


def test_counts_dates_and_lists_are_words():
    """Singular and plural, long and short dates, and the last `and`."""
    assert words.count(1, "call") == "1 call"
    assert words.count(3560, "call") == "3,560 calls"
    assert words.period_words("2016-12-31", "2017-01-07") == "31 December 2016 to 7 January 2017"
    assert words.period_words("2017-01-07", "2017-01-07") == "7 January 2017"
    assert words.period_words("", "") == "undated"
    assert words.day_short("2016-12-31") == "Sat 31 Dec"
    assert words.hour_words(23) == "23:00 to 00:00"
    assert words.listing(["a", "b", "c"]) == "a, b and c"
    assert words.listing([]) == ""
