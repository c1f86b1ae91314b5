"""Reading events: what is kept, what is skipped with its reason, what is refused with its place."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.crimecenter.analytics.events import Columns, EventsError, read_events


def written(tmp_path, text, name="events.csv"):
    """A file with a text."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_degrees_become_metres_and_back(tmp_path):
    """A degree of latitude is about 111 km, and the way back gives the degrees again."""
    events = read_events(written(tmp_path, "lat,lon,date\n30.0,-91.0,2024-01-01\n31.0,-91.0,2024-01-02\n"))
    assert events.y_m[1] - events.y_m[0] == pytest.approx(110_860, abs=100)
    assert events.to_degrees.transform(events.x_m[0], events.y_m[0]) == pytest.approx((-91.0, 30.0), abs=1e-9)


def test_rows_that_cannot_be_read_are_skipped_and_counted(tmp_path):
    """Each reason with its count; the rest is kept."""
    text = "x_m,y_m,date,type\n1,2,2024-01-01,a\n,2,2024-01-01,a\n1,nan,2024-01-01,a\n1,2,soon,a\n1,2\n"
    events = read_events(written(tmp_path, text))
    assert len(events) == 1
    assert events.skipped == {
        "another number of cells than the header": 1,
        "no usable date": 1,
        "no usable position": 2,
    }


def test_what_officers_found_can_be_left_out_and_is_counted(tmp_path):
    """Excluded rows are named on the page."""
    text = "x_m,y_m,date,source\n1,2,2024-01-01,911\n1,2,2024-01-01,officer\n"
    events = read_events(written(tmp_path, text), Columns(exclude=(("source", "officer"),)))
    assert (len(events), events.skipped) == (1, {"excluded: source is officer": 1})


def test_american_dates_are_read(tmp_path):
    """Month first with slashes, with or without a time."""
    events = read_events(written(tmp_path, "x,y,date\n1,2,12/31/2016 11:57:56 PM\n1,2,01/01/2017\n"))
    assert events.day[1] - events.day[0] == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "the file is empty"),
        ("a,b\n1,2\n", "columns x_m and y_m"),
        ("x_m,y_m\n1,2\n", "a column with the date"),
        ("x_m,y_m,date\n", "at least one event"),
        ("x_m,x_m,y_m,date\n1,1,2,2024-01-01\n", "one column"),
        ('x_m,y_m,date\n"1,2,2024-01-01\n' + "z" * (1 << 21), "a whole CSV file"),
    ],
)
def test_a_file_that_is_not_events_is_refused(tmp_path, text, expected):
    """One line that names the file and what was expected."""
    with pytest.raises(EventsError, match=f"events.csv.*{expected}"):
        read_events(written(tmp_path, text))


def test_a_damaged_archive_is_refused(tmp_path):
    """Half of a gzip file, and no gzip at all."""
    whole = gzip.compress(b"x_m,y_m,date\n" + b"1,2,2024-01-01\n" * 5000)
    for data in (whole[: len(whole) // 2], b"not packed"):
        path = tmp_path / "events.csv.gz"
        path.write_bytes(data)
        with pytest.raises(EventsError, match=r"events\.csv\.gz"):
            read_events(path)


def test_bytes_that_are_no_text_are_refused(tmp_path):
    """Another encoding is named, with the row it begins near."""
    path = tmp_path / "events.csv"
    path.write_bytes(b"x_m,y_m,date,type\n1,2,2024-01-01,caf\xe9\n")
    with pytest.raises(EventsError, match="UTF-8"):
        read_events(path)


@given(st.text(max_size=300))
def test_whatever_is_in_the_file_it_is_read_or_refused(tmp_path_factory, text):
    """Events, or an error with the file's name; nothing else."""
    path = tmp_path_factory.mktemp("any") / "events.csv"
    path.write_text("x_m,y_m,date\n" + text, encoding="utf-8", errors="replace")
    try:
        said = str(len(read_events(path)))
    except EventsError as error:
        said = str(error)
    assert said.isdigit() or "events.csv" in said
