"""`redstick patterns`: tables in, figures and a page out; what cannot be right ends with 2 and one line."""

import re

import numpy as np
import pytest


def events_csv(path, n=400, seed=3, kinds=("theft", "assault")):
    """A made-up year: half of the events near one corner."""
    rng = np.random.default_rng(seed)
    hot = rng.random(n) < 0.5
    lon = np.where(hot, -91.15 + rng.normal(0, 0.001, n), -91.15 + rng.uniform(-0.05, 0.05, n))
    lat = np.where(hot, 30.45 + rng.normal(0, 0.001, n), 30.45 + rng.uniform(-0.05, 0.05, n))
    days = np.datetime64("2025-01-01") + rng.integers(0, 365, n)
    rows = [f"{lon[i]:.6f},{lat[i]:.6f},{days[i]},{kinds[i % len(kinds)]},911" for i in range(n)]
    path.write_text("\n".join(["longitude,latitude,date,type,source", *rows]) + "\n", encoding="utf-8")
    return path


def stands_alone(page):
    """No script, nothing from outside."""
    text = page.read_text(encoding="utf-8")
    return "<script" not in text and not re.search(r'(src|href)="(https?:)?//', text)


def test_hot_spots(run, tmp_path):
    """The planted corner is the first place, in degrees and in metres; the back-test stands beside it."""
    page = tmp_path / "page.html"
    done = run("patterns", "hotspots", events_csv(tmp_path / "events.csv"), "--json", "--out", page)
    assert (done.code, done.err) == (0, "")
    found = done.json
    assert found["densest"][0]["latitude"] == pytest.approx(30.45, abs=0.003)
    assert found["densest"][0]["longitude"] == pytest.approx(-91.15, abs=0.003)
    assert {"area_share", "cells", "caught", "events", "pai", "pai_low", "pai_high", "plain_caught"} <= set(
        found["back_test"][0]
    )
    assert found["back_test"][0]["pai_low"] > 1
    assert stands_alone(page)
    assert "better than chance" in page.read_text(encoding="utf-8")


def test_near_repeat(run, tmp_path):
    """Observed, expected, interval, ratio and p of every cell; the same seed gives the same bytes."""
    events = events_csv(tmp_path / "events.csv")
    pages = [tmp_path / f"{turn}.html" for turn in range(2)]
    said = [run("patterns", "near-repeat", events, "--permutations", 99, "--json", "--out", page) for page in pages]
    assert said[0].out == said[1].out
    assert pages[0].read_bytes() == pages[1].read_bytes()
    found = said[0].json
    shapes = {np.shape(found[name]) for name in ("observed", "expected", "low", "high", "ratio", "p")}
    assert shapes == {(len(found["distance"]), len(found["days"]))}
    assert np.sum(found["observed"]) == 400 * 399 / 2
    assert stands_alone(pages[0])


def test_trend(run, tmp_path):
    """Kinds without a change say so in words; the spells are named."""
    page = tmp_path / "page.html"
    done = run("patterns", "trend", events_csv(tmp_path / "events.csv"), "--json", "--out", page)
    found = done.json
    assert [one["kind"] for one in found["trends"]] == ["", "assault", "theft"]
    assert {one["verdict"] for one in found["trends"]} == {"no real change"}
    text = page.read_text(encoding="utf-8")
    assert "No kind has really changed." in text
    assert "<dt>Later spell</dt><dd>2025-12-04 to 2025-12-31</dd>" in text


def test_plates(run, tmp_path):
    """Classes in their order, only the first may lead to a stop, and the page says what each may not."""
    (tmp_path / "list.csv").write_text("plate,state,category\nABC1234,LA,stolen\n")
    (tmp_path / "reads.csv").write_text(
        "plate,state,time\nABC1234,LA,2026-01-01\nA8C1234,LA,2026-01-02\nXXX0000,LA,2026-01-02\n"
    )
    page = tmp_path / "page.html"
    done = run(
        "patterns", "plates", tmp_path / "reads.csv", "--hot-list", tmp_path / "list.csv", "--json", "--out", page
    )
    found = done.json
    assert [(one["class"], one["may_stop_after_confirmation"]) for one in found["matches"]] == [
        ("exact_state", True),
        ("possible", False),
    ]
    assert found["matched_reads"] == {"exact_state": 1, "possible": 1}
    assert found["reads"] == 3
    text = page.read_text(encoding="utf-8")
    assert "after two people have confirmed it" in text
    assert "Never a reason to stop by itself" in text
    assert stands_alone(page)


def test_what_is_left_out_is_on_the_page(run, tmp_path):
    """Rows excluded by choice, rows not asked for, rows that cannot be read."""
    path = events_csv(tmp_path / "events.csv")
    path.write_text(path.read_text() + "-91.1,30.4,2025-01-01,theft,officer\n0,0,2025-01-01,theft,911\n")
    page = tmp_path / "page.html"
    chosen = ("--exclude", "source=officer", "--only", "type=theft", "--out", page)
    assert run("patterns", "hotspots", path, *chosen).code == 0
    text = page.read_text(encoding="utf-8")
    for said in (
        "Left out: 1 row, excluded: source is officer.",
        "Left out: 200 rows, not asked for: another type.",
        "Left out: 1 row, no usable position.",
    ):
        assert said in text, said


def test_markup_in_a_table_stays_text(run, tmp_path):
    """A kind that looks like a script is shown as its letters."""
    page = tmp_path / "page.html"
    events = events_csv(tmp_path / "events.csv", kinds=("<script>alert(1)</script>", "theft"))
    assert run("patterns", "trend", events, "--out", page).code == 0
    assert stands_alone(page)
    assert "&lt;script&gt;" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("hotspots", "none.csv"), "none.csv: there is no such file"),
        (("hotspots", "EVENTS", "--exclude", "source"), "--exclude source: expected COLUMN=VALUE"),
        (("hotspots", "EVENTS", "--exclude", "beat=1"), "expected a column 'beat'"),
        (("hotspots", "EVENTS", "--x", "longitude"), "both columns of a position"),
        (("hotspots", "EVENTS", "--bandwidth-m", "1e9"), "the bandwidth must be above 0"),
        (("hotspots", "EVENTS", "--cell-m", "1", "--bandwidth-m", "1"), "cells of 1 m are too many"),
        (("near-repeat", "EVENTS", "--edges-days", "7,x"), "--edges-days 7,x: expected numbers"),
        (("near-repeat", "EVENTS", "--edges-days", "7.5"), "expected whole numbers of days"),
        (("near-repeat", "EVENTS", "--edges-m", "200,100"), "space edges must rise"),
        (("near-repeat", "EVENTS", "--edges-m", "nan"), "expected numbers"),
        (("near-repeat", "EVENTS", "--metric", "taxi"), "the metric is manhattan or euclidean"),
        (("trend", "EVENTS", "--until", "soon"), "--until soon: expected a day"),
        (("plates", "EVENTS", "--hot-list", "EVENTS"), "a column with plates"),
        (("plates", "EVENTS", "--hot-list", "none.csv"), "none.csv: there is no such file"),
    ],
)
def test_misuse_is_one_line_and_exit_code_2(run, tmp_path, arguments, expected):
    """Nothing is written, whatever is wrong."""
    events = events_csv(tmp_path / "events.csv", n=40)
    page = tmp_path / "page.html"
    done = run("patterns", *[events if word == "EVENTS" else word for word in arguments], "--out", page)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("redstick: ")
    assert done.err.count("\n") == 1
    assert expected in done.err
    assert not page.exists()
