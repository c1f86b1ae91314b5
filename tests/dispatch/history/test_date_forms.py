"""Stamps out of text: each form against the standard library, and every number that makes no time."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.history.date_forms import CELL_MAX_CHARS, Cells, form
from redstick.dispatch.history.model import MISSING_MS

FORMS = [
    "%m/%d/%Y %I:%M:%S %p",
    "%d.%m.%Y %H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%d-%b-%Y %H:%M:%S",
    "%b %d, %Y %I:%M:%S %p",
    "%Y%m%d%H%M%S",
]
EARLIEST, LATEST = datetime(1970, 1, 1), datetime(2099, 12, 31)  # noqa: DTZ001  a wall clock has no zone
MOMENTS = st.datetimes(min_value=EARLIEST, max_value=LATEST).map(lambda moment: moment.replace(microsecond=0))


def ms(moment):
    return int(moment.replace(tzinfo=UTC).timestamp() * 1000)


@given(st.lists(MOMENTS, min_size=1), st.sampled_from(FORMS))
def test_a_form_reads_what_strftime_writes(moments, name):
    """Every form gives back the moments that the standard library wrote with it."""
    read = Cells([moment.strftime(name) for moment in moments]).read([form(name)])
    assert read.wall_ms.tolist() == [ms(moment) for moment in moments]
    assert not read.bad.any()


@given(st.lists(st.text(max_size=50)))
def test_any_text_is_read_or_called_bad(cells):
    """A cell is a time, or blank, or bad; nothing raises, and nothing is both."""
    read = Cells(cells).read([form(name) for name in (*FORMS, "iso")])
    for cell, wall_ms, bad in zip(cells, read.wall_ms, read.bad, strict=True):
        assert bad == (wall_ms == MISSING_MS and bool(cell.strip("\0 \t\n\r\x0b\x0c").strip()))


def test_one_digit_will_do_for_month_day_and_hour():
    """`11/5/2025 8:06:06 AM` is read by the form that pads with noughts when it writes."""
    read = Cells(["11/5/2025 8:06:06 AM", "12/15/2025 12:00:00 AM"]).read([form("%m/%d/%Y %I:%M:%S %p")])
    morning, midnight = datetime(2025, 11, 5, 8, 6, 6), datetime(2025, 12, 15)  # noqa: DTZ001  a wall clock has no zone
    assert read.wall_ms.tolist() == [ms(morning), ms(midnight)]


@pytest.mark.parametrize(
    "cell",
    [
        "02/29/2017 01:00:00 AM",  # no leap year
        "13/01/2017 01:00:00 AM",
        "00/01/2017 01:00:00 AM",
        "01/32/2017 01:00:00 AM",
        "01/01/2017 00:00:00 AM",  # the twelve-hour clock has no nought
        "01/01/2017 13:00:00 PM",
        "01/01/2017 01:60:00 AM",
        "01/01/2017 01:00:60 AM",
        "01/01/1817 01:00:00 AM",
        "yesterday",
        "01/01/2017 01:00:00 AM and a half",
        "9" * 100,
    ],
)
def test_a_time_that_does_not_exist_is_bad_and_missing(cell):
    """A moment that no clock shows is never rounded to one that it does."""
    read = Cells([cell]).read([form("%m/%d/%Y %I:%M:%S %p")])
    assert read.bad.tolist() == [True]
    assert read.wall_ms.tolist() == [MISSING_MS]


def test_midnight_and_noon_of_the_twelve_hour_clock():
    """12 AM is hour 0 and 12 PM is hour 12."""
    read = Cells(["01/01/2017 12:00:00 AM", "01/01/2017 12:00:00 PM"]).read([form("%m/%d/%Y %I:%M:%S %p")])
    assert (read.wall_ms // 3_600_000 % 24).tolist() == [0, 12]


@pytest.mark.parametrize(
    ("cell", "exact", "expected"),
    [
        ("2025-11-06T03:02:41-06:00", True, "2025-11-06T09:02:41+00:00"),
        ("2025-11-06T03:02:41Z", True, "2025-11-06T03:02:41+00:00"),
        ("2025-11-06 03:02:41.250 +0530", True, "2025-11-05T21:32:41.250+00:00"),
        ("2026-04-01 09:44:18 UTC", True, "2026-04-01T09:44:18+00:00"),
        ("20251106T030241Z", True, "2025-11-06T03:02:41+00:00"),
        ("2025-11-06 03:02", False, "2025-11-06T03:02:00+00:00"),
        ("2025-11-06", False, "2025-11-06T00:00:00+00:00"),
    ],
)
def test_iso_times_with_and_without_an_offset(cell, exact, expected):
    """An offset in the text is obeyed and marked; without one the time is the wall's."""
    read = Cells([cell]).read([form("iso")])
    assert read.exact.tolist() == [exact]
    assert read.wall_ms.tolist() == [int(datetime.fromisoformat(expected).timestamp() * 1000)]


def test_epochs_are_utc_and_bounded():
    """Seconds and milliseconds since 1970 are UTC; a number that would lie beyond 2100 is bad."""
    read = Cells(["1740981720000", "99999999999999"]).read([form("epoch_ms")])
    assert read.wall_ms.tolist() == [1740981720000, MISSING_MS]
    assert read.exact.tolist() == [True, False]
    assert Cells(["1740981720"]).read([form("epoch_s")]).wall_ms.tolist() == [1740981720000]


def test_two_digit_years_turn_at_69():
    """POSIX: 69 to 99 are of the last century, 00 to 68 of this one."""
    read = Cells(["01/01/69", "01/01/68"]).read([form("%m/%d/%y")])
    assert (read.wall_ms // 86_400_000).tolist() == [-365, 35794]


def test_forms_are_tried_in_order_cell_by_cell():
    """A second form reads what the first cannot, and only that."""
    read = Cells(["13/01/2017", "01/02/2017"]).read([form("%m/%d/%Y"), form("%d/%m/%Y")])
    assert [str(day) for day in (read.wall_ms // 86_400_000).astype("datetime64[D]")] == ["2017-01-13", "2017-01-02"]


@pytest.mark.parametrize("name", ["%Q", "%H:%M", "%m/%d/%Y %m", "%"])
def test_a_form_that_cannot_be_is_refused_with_its_reason(name):
    """Unknown directives, missing days and doubled parts are told, not guessed around."""
    with pytest.raises(ValueError, match=r"\S"):
        form(name)


def test_a_cell_as_long_as_the_limit_is_bad_not_cut():
    """What follows a good date beyond the limit is not cut off to make the cell good."""
    read = Cells(["2025-11-06 03:02".ljust(CELL_MAX_CHARS + 5) + "junk"]).read([form("iso")])
    assert read.bad.tolist() == [True]
