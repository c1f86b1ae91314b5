"""`redstick plan coverage`: figures for machines, a page and a PDF for people, one clear line for a misuse."""

import pytest


def test_it_prints_what_it_found_and_writes_page_paper_and_figures(run, edmonton, tmp_path):
    """A short study: the promised fields for each policy in the order asked for, and three files in the folder."""
    out = tmp_path / "study"
    done = run(
        "plan", "coverage", "--config", edmonton, "--policies", "static,dmexclp", "--replications", 2, "--days", 1,
        "--seed", 5, "--json", "--out", out,
    )  # fmt: skip
    assert done.code == 0, done.err
    static, moving = done.json
    assert (static["policy"], moving["policy"]) == ("static", "dmexclp")
    for one in done.json:
        assert one["ci_low"] <= one["late_fraction"] <= one["ci_high"]
        assert one["n_calls"] == static["n_calls"] > 0
        assert one["replications"] == 2
        assert {"mean_response_s", "p90", "moves_per_hour", "busy_fraction", "placed"} <= one.keys()
    assert static["moves_per_hour"] == 0 < moving["moves_per_hour"]
    assert moving["difference_low"] <= moving["difference"] <= moving["difference_high"]
    assert sorted(path.name for path in out.iterdir()) == ["coverage.json", "report.html", "report.pdf"]
    assert "Where should Edmonton’s 16 ambulances stand?" in (out / "report.html").read_text()
    assert (out / "report.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--policies", "best"], "expected some of static, even, mexclp, dmexclp"),
        (["--policies", "static,static"], "each once"),
        (["--by-hour", "1,2"], "--by-hour"),
        (["--by-hour", "a"], "--by-hour"),
    ],
)
def test_a_misuse_is_told_in_one_line(run, edmonton, arguments, told):
    """Exit code 2 and what was expected."""
    done = run("plan", "coverage", "--config", edmonton, *arguments)
    assert done.code == 2
    assert told in done.err
    assert done.err.count("\n") == 1


def test_a_folder_that_is_no_model_is_refused(run, tmp_path):
    """Exit code 2, naming the folder."""
    done = run("plan", "coverage", "--config", tmp_path)
    assert (done.code, str(tmp_path) in done.err) == (2, True)
