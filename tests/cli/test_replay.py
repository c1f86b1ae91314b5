"""`redstick replay`: a week again, and once more under another plan."""

import pytest

from redstick_verify.__main__ import check


def replay(run, town, *more):
    """The town's week, as JSON."""
    return run("replay", town / "calls.csv", "--columns", town / "columns.toml", *more, "--json")


@pytest.fixture
def plan(tmp_path):
    """Writes a what-if."""

    def write(text):
        path = tmp_path / "plan.toml"
        path.write_text(text)
        return path

    return write


def test_the_answer_has_every_promised_name(run, town, tmp_path):
    """The names that other programs rely on are there, with figures in them, and the journal verifies."""
    answer = replay(run, town, "--city", town / "city", "--data", tmp_path / "data").json
    assert answer["rows"] == {"read": 187, "accepted": 187, "listed": 0, "with_a_refused_command": 0}
    assert answer["calls"] == 140
    assert answer["geocode"]["within_100_m"] == 1
    assert answer["geocode"]["wrong_unique"] == 0
    promised = {"median_abs_error_s", "baseline_error_s", "bias", "above_p90"}
    assert promised <= {name for name, value in answer["travel"].items() if isinstance(value, float)}
    assert answer["wall_s"] > 0
    measured = {kpi["interval"]: kpi["n_used"] for kpi in answer["kpi"]}
    assert (measured["answer"], measured["turnout"], measured["response"]) == (140, 187, 140)
    found = check(tmp_path / "data" / "journal")
    assert found["ok"]
    assert f"{found['positions']}:{found['head']}" == answer["head"]


def test_a_closed_station_is_felt_in_its_area(run, town, plan, tmp_path):
    """Without station 2 its area waits longer, by more than luck; the others hardly; the page says so."""
    path = plan('title = "Station 2 closed"\n[remove]\nstations = ["02"]\n')
    done = replay(run, town, "--city", town / "city", "--what-if", path, "--out", tmp_path / "plan.html")
    lived = done.json["what_if"]
    first, *others = lived["by_area"]
    assert (first["area"], first["more_than_luck"]) == ("02", True)
    assert first["difference_s"] > 30
    assert all(abs(other["difference_s"]) < 10 for other in others)
    engines = [c for c in lived["changes"] if c["unit_kind"] == "ENGINE" and c["interval"] == "travel"]
    assert engines[0]["difference_s"] > 0
    assert {"difference_s", "low_s", "high_s", "confidence", "days", "more_than_luck"} <= set(engines[0])
    page = (tmp_path / "plan.html").read_text()
    assert "Station 2 closed" in page
    assert lived["tried"] == ["Station 02 is closed; E02 with it."]
    assert lived["tried"][0] in page
    assert (engines[0]["today_n"], engines[0]["other_n"]) == (140, 140)
    assert "by area" in page


def test_the_plan_of_today_changes_nothing(run, town, plan):
    """A what-if that changes nothing differs from today nowhere: both live with the same luck."""
    lived = replay(run, town, "--city", town / "city", "--what-if", plan('title = "Nothing"\n')).json["what_if"]
    assert {(c["difference_s"], c["low_s"], c["high_s"]) for c in lived["changes"] + lived["by_area"]} == {(0, 0, 0)}


def test_the_order_of_stations_may_be_farther(run, town, plan):
    """By a fixed order that names the far station first, the area waits for it."""
    order = 'rule = "station_order"\n[station_order]\n"01" = ["03", "02", "01"]\n'
    lived = replay(run, town, "--city", town / "city", "--what-if", plan(order)).json["what_if"]
    assert lived["rule"] == "station_order"
    assert (lived["by_area"][0]["area"], lived["by_area"][0]["difference_s"] > 30) == ("01", True)


@pytest.mark.parametrize(("text", "said"), [
    ("title = ", "expected TOML"),
    ("stattions = []\n", "not a key of a what-if"),
    ('rule = "dice"\n', "expected closest or station_order"),
    ('[remove]\nstations = ["99"]\n', "there is no station '99'"),
    ('[remove]\nunits = ["E99"]\n', "there is no unit 'E99'"),
    ('[[stations]]\nid = "9"\nlatitude = 95\nlongitude = 0\n', "latitude -90 to 90"),
    ('[[units]]\nid = "E9"\nkind = "ENGINE"\nstation = "nowhere"\n', "there is no station 'nowhere'"),
    ('[[responses]]\ncall_types = ["Fire"]\nsend = { HELICOPTER = 1 }\n', "no unit of the fleet is of kind"),
    ('[[responses]]\ncall_types = ["Fire"]\nsend = { ENGINE = -1 }\n', "send with 1 to 50 units"),
])  # fmt: skip
def test_a_plan_that_cannot_be_meant_is_refused(run, town, plan, tmp_path, text, said):
    """One line names the file, the entry and what was expected; exit code 2; no page is written."""
    path = plan(text)
    out = tmp_path / "plan.html"
    done = replay(run, town, "--city", town / "city", "--what-if", path, "--out", out)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1), done.err
    assert str(path) in done.err
    assert said in done.err
    assert not out.exists()


def test_misuses_are_said_before_any_work(run, town, plan, tmp_path):
    """A what-if without a city, a page with no folder to stand in, a city that is none: exit code 2, one line."""
    (tmp_path / "file").write_text("")
    for more in (
        ("--what-if", plan("")),
        ("--out", tmp_path / "nowhere" / "deeper" / "page.html"),
        ("--out", tmp_path),
        ("--city", tmp_path),
        ("--data", tmp_path / "file"),
    ):
        done = replay(run, town, *more)
        assert (done.code, done.err.count("\n")) == (2, 1), (more, done.err)
    assert not (tmp_path / "nowhere").exists()
