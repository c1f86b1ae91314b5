"""Reading events: what is kept, what is skipped with its reason, what is refused with its place."""

import gzip
from datetime import date

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


def test_only_what_is_asked_for_is_kept(tmp_path):
    """Values of one column add up, columns narrow down, and what is left is counted."""
    text = "x_m,y_m,date,type,beat\n1,2,2024-01-01,a,1\n1,2,2024-01-01,b,1\n1,2,2024-01-01,c,1\n1,2,2024-01-01,a,2\n"
    events = read_events(written(tmp_path, text), Columns(only=(("type", "a"), ("type", "b"), ("beat", "1"))))
    assert events.kind == ["a", "b"]
    assert events.skipped == {"not asked for: another beat": 1, "not asked for: another type": 1}


def test_columns_named_x_and_y_may_hold_degrees(tmp_path):
    """Figures decide where names do not: nobody's city lies within 180 by 90 metres of zero."""
    assert read_events(written(tmp_path, "X,Y,date\n-76.6,39.3,2024-01-01\n")).to_degrees is not None
    assert read_events(written(tmp_path, "x,y,date\n351000,578000,2024-01-01\n")).to_degrees is None
    assert read_events(
        written(tmp_path, "east,north,date\n-76.6,39.3,2024-01-01\n"), Columns("east", "north")
    ).to_degrees
    with pytest.raises(EventsError, match="both columns of a position"):
        read_events(written(tmp_path, "east,north,date\n1,2,2024-01-01\n"), Columns(x="east"))


def test_positions_that_cannot_be_are_counted(tmp_path):
    """Zero by zero degrees is no place, and one slipped digit does not stretch the map over a continent."""
    near = "".join(f"30.{n},-91.1,2024-01-01\n" for n in range(100, 120))
    events = read_events(
        written(tmp_path, f"lat,lon,date\n{near}0,0,2024-01-01\n95,0,2024-01-01\n3.4,-91.1,2024-01-01\n")
    )
    assert len(events) == 20
    assert events.skipped == {"more than 200 km from the middle of the events": 1, "no usable position": 2}


@pytest.mark.parametrize(("digits", "step"), [(3, 111), (2, 1110), (4, None)])
def test_rounded_positions_are_noticed(tmp_path, digits, step):
    """Degrees of three decimals stand on a grid of a hundred metres, and the reader is told."""
    rows = "".join(f"{30 + n / 7:.{digits}f},{-91 - n / 11:.{digits}f},2024-01-01\n" for n in range(1, 9))
    events = read_events(written(tmp_path, "lat,lon,date\n" + rows))
    assert events.step_m == (pytest.approx(step) if step else None)
    assert any("rounded" in note for note in events.notes) == (step is not None)


def test_a_workbook_reads_as_its_csv(third_party):
    """Sensor alerts of Washington, DC, as published: 9,637 with typed dates and rounded degrees."""
    events = read_events(third_party("crimecenter/ShotSpotter2014.xlsx"))
    assert len(events) == 9637
    assert date.fromordinal(int(events.day.min())) == date(2014, 1, 1)
    assert events.step_m == pytest.approx(111)
    assert set(events.kind) == {"Multiple_Gunshots", "Single_Gunshot", "Gunshot_or_Firecracker"}


def test_dates_in_two_orders_are_refused(tmp_path):
    """One of them would be read wrongly: both rows are named."""
    with pytest.raises(
        EventsError, match=r"row 3: expected dates in one order; here the day stands first .31/12/2016.*row 2"
    ):
        read_events(written(tmp_path, "x,y,date\n1,2,12/31/2016\n1,2,31/12/2016\n"))


def test_a_header_of_any_length_is_one_line_of_error(tmp_path):
    """A file of another kind does not fill the screen."""
    with pytest.raises(EventsError) as caught:
        read_events(written(tmp_path, ",".join(f"column {n}" for n in range(5000)) + "\n1\n"))
    assert len(str(caught.value)) < 500
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "the file is empty"),
        ("a,b\n1,2\n", "columns x_m and y_m"),
        ("x_m,y_m\n1,2\n", "a column with the date"),
        ("x_m,y_m,date\n", "at least one event"),
        ("x_m,x_m,y_m,date\n1,1,2,2024-01-01\n", "one column"),
        ('x_m,y_m,date\n"1,2,2024-01-01\n' + "z" * (1 << 21), "a row of a CSV table"),
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
