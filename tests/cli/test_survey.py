"""`redstick survey`: files in, ranks and a page out; what cannot be right ends with 2 and one line."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from redstick.cli.errors import Misuse
from redstick.cli.main import run

EXAMPLE = Path(__file__).parents[2] / "examples" / "survey"
INPUTS = [
    EXAMPLE / "answers.csv", "--model", EXAMPLE / "edition.toml",
    "--places", EXAMPLE / "towns.csv", "--ratings", EXAMPLE / "ratings.csv",
]  # fmt: skip


def redstick(*arguments):
    """Run the command; returns its exit code."""
    try:
        return run(["survey", *map(str, arguments)])
    except SystemExit as ended:
        return ended.code or 0


def test_score_as_json(capsys):
    """One object: every place with score, rank, class and groups, digests of the stages, agreement by question."""
    assert redstick("score", *INPUTS, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["places"]) == 40
    assert found["places"][0]["rank"] == 1
    assert set(found["places"][0]["groups"]) == {"service", "openness", "operations"}
    assert {one["question"] for one in found["agreement"]} == {"resident_service", "governance", "resilience"}
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in found["stages"].values())
    assert {one["question"] for one in found["unfinished"]} == {"emergency_plan_filed"}


def test_rank_as_json(capsys):
    """Ranks begin at 1 in each class and follow the scores."""
    assert redstick("rank", *INPUTS, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    for name in ("75,000 and more", "under 75,000"):
        places = [place for place in found["places"] if place["class"] == name]
        assert places[0]["rank"] == 1
        assert [place["score"] for place in places] == sorted((place["score"] for place in places), reverse=True)


def test_robustness_gives_the_same_bytes(capsys, tmp_path):
    """Same files, same seed: the same object and the same page; every place has its band, chance and decider."""
    said, pages = [], []
    for turn in range(2):
        page = tmp_path / f"{turn}.html"
        assert redstick("robustness", *INPUTS, "--draws", 60, "--seed", 7, "--sobol", 8, "--json", "--out", page) == 0
        said.append(capsys.readouterr().out)
        pages.append(page.read_bytes())
    assert said[0] == said[1]
    assert pages[0] == pages[1]
    found = json.loads(said[0])
    assert all(0 <= place["robustness"]["p_top"] <= 1 for place in found["places"])
    assert all(place["robustness"]["low"] <= place["robustness"]["high"] for place in found["places"])
    assert set(found["robustness"]["sobol"]["factors"]) == set(found["robustness"]["factors"])
    assert {"judge", "question", "group", "method", "rule"} == {
        one["kind"] for one in found["robustness"]["influences"]
    }


def test_the_page_stands_alone(tmp_path):
    """No script, nothing from outside, every part a reader needs; text of a table cannot become markup."""
    towns = (EXAMPLE / "towns.csv").read_text(encoding="utf-8").replace("Quarry Hill", "<script>x</script>")
    (tmp_path / "towns.csv").write_text(towns, encoding="utf-8")
    inputs = [*INPUTS[:3], "--places", tmp_path / "towns.csv", *INPUTS[5:]]
    assert redstick("robustness", *inputs, "--draws", 40, "--sobol", 8, "--out", tmp_path / "page.html") == 0
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert not re.search(r'(src|href)="(https?:)?//', text)
    for title in ("In short", "What moves the ranks", "How far the judges agree", "How it is computed"):
        assert f">{title}</h2>" in text


def test_stages_are_in_the_open(tmp_path):
    """One CSV for each stage, the same places in the same order; a name that is a formula is made harmless."""
    towns = (EXAMPLE / "towns.csv").read_text(encoding="utf-8").replace("Alder Bend", "=1+1")
    (tmp_path / "towns.csv").write_text(towns, encoding="utf-8")
    inputs = [*INPUTS[:3], "--places", tmp_path / "towns.csv", *INPUTS[5:]]
    assert redstick("score", *inputs, "--stages", tmp_path / "stages") == 0
    names = sorted(path.name for path in (tmp_path / "stages").iterdir())
    assert names == [
        "1-collected.csv", "2-denominated.csv", "3-imputed-flags.csv", "3-imputed.csv", "4-treated-points.csv",
        "4-treated.csv", "5-normalised.csv", "6-aggregated.csv", "7-ranked.csv",
    ]  # fmt: skip
    first = [
        [line.split(",")[0] for line in (tmp_path / "stages" / name).read_text().splitlines()]
        for name in names
        if name[0] in "12356" and "points" not in name
    ]
    assert all(column == first[0] for column in first)
    assert "'=1+1" in (tmp_path / "stages" / "7-ranked.csv").read_text()
    assert "t34,open_datasets,winsorised" in (tmp_path / "stages" / "4-treated-points.csv").read_text()


def test_the_page_says_names_as_they_are(tmp_path):
    """Judges and groups keep their capitals, methods are said in words, and what is open is said by name."""
    assert redstick("robustness", *INPUTS, "--draws", 40, "--sobol", 8, "--out", tmp_path / "page.html") == 0
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    for words in (
        "Without judge J2",
        "Without the group “Service to residents”",
        "With geometric means",
        "“Emergency plan filed” is required and never ranked",
        "rounded to 1 decimal, halves up",
    ):
        assert words in text, words
    assert "judge j2" not in text


def test_an_edition_without_choices_says_so(tmp_path):
    """Recounts of nothing have no bands: the page says that no choice is declared instead of claiming certainty."""
    model = re.sub(
        r"\[uncertainty\].*?\n\n", "", (EXAMPLE / "edition.toml").read_text(encoding="utf-8"), flags=re.DOTALL
    )
    (tmp_path / "edition.toml").write_text(model, encoding="utf-8")
    inputs = [*INPUTS[:2], tmp_path / "edition.toml", *INPUTS[3:]]
    assert redstick("robustness", *inputs, "--draws", 10, "--out", tmp_path / "page.html") == 0
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "The edition declares no choice" in text
    assert "Where each place could rank" not in text


def test_points_of_several_people_make_weights(tmp_path, capsys):
    """A table with a column of judges is a budget allocation; its mean and spread stand on the page."""
    points = "id,judge,weight\n" + "".join(
        f"{name},{judge},{points}\n"
        for judge, shares in (("ann", (50, 20, 30)), ("bob", (30, 30, 40)))
        for name, points in zip(("service", "openness", "operations"), shares, strict=True)
    )
    (tmp_path / "points.csv").write_text(points, encoding="utf-8")
    page = tmp_path / "page.html"
    assert redstick("score", *INPUTS, "--weights", tmp_path / "points.csv", "--json", "--out", page) == 0
    weights = json.loads(capsys.readouterr().out)["weights"]
    assert [weights[name] for name in ("service", "openness", "operations")] == [40, 25, 35]
    assert "Points allotted" in page.read_text(encoding="utf-8")


BAD = {
    "a place twice": ("answers.csv", "t01,1,1,1,1,Yes,1,Yes\n", "stands in row 2 already; expected it once"),
    "weights that do not sum": ("weights.csv", "", "add up to 90 (30 + 25 + 35); expected 100"),
    "a workbook that unpacks to gigabytes": ("bomb.xlsx", "", "at most 512 MiB inside; this holds 600 MiB"),
}


@pytest.mark.parametrize("fault", BAD)
def test_one_line_and_exit_code_2(tmp_path, fault):
    """The real program: misuse is one line on stderr that names the file, exit code 2, and nothing is written."""
    name, more, expected = BAD[fault]
    bad, page = tmp_path / name, tmp_path / "page.html"
    arguments = ["score", *INPUTS, "--out", page]
    if name == "answers.csv":
        bad.write_text((EXAMPLE / name).read_text(encoding="utf-8") + more, encoding="utf-8")
        arguments[1] = bad
    elif name == "weights.csv":
        ids = re.findall(r'\[\[(?:group|indicator)\]\]\nid = "(\w+)"', (EXAMPLE / "edition.toml").read_text())
        weights = {"service": 30, "openness": 25, "operations": 35}
        bad.write_text("id,weight\n" + "".join(f"{one},{weights.get(one, 1)}\n" for one in ids))
        arguments += ["--weights", bad]
    else:
        with (
            zipfile.ZipFile(bad, "w", zipfile.ZIP_DEFLATED) as packed,
            packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as inside,
        ):
            for _ in range(600):
                inside.write(bytes(1 << 20))
        arguments[1] = bad
    program = [sys.executable, "-c", "from redstick.cli.main import main; main()", "survey"]
    done = subprocess.run([*program, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"redstick: {bad}")
    assert done.stderr.count("\n") == 1
    assert expected in done.stderr
    assert not page.exists()


def test_a_person_sees_places(capsys):
    """Without --json: ranks, scores and names by class."""
    assert redstick("score", *INPUTS) == 0
    said = capsys.readouterr().out
    assert "75,000 and more" in said
    assert "40 places ranked, 0 not ranked" in said


def test_a_model_shaped_fault_names_the_model(tmp_path):
    """A choice that cannot be computed is a misuse, never a traceback."""
    model = (EXAMPLE / "edition.toml").read_text(encoding="utf-8").replace("low = 1\n", "low = 0\n", 1)
    (tmp_path / "edition.toml").write_text(model, encoding="utf-8")
    with pytest.raises(Misuse, match="geometric mean expects figures above zero"):
        redstick("robustness", *INPUTS[:2], tmp_path / "edition.toml", *INPUTS[3:], "--draws", 5, "--sobol", 0)


@pytest.mark.parametrize("base", [100, 1])
def test_a_base_that_is_no_power_of_two(base):
    """It is refused before any work is done."""
    with pytest.raises(Misuse, match="expected a power of two"):
        redstick("robustness", *INPUTS, "--sobol", base)


def test_a_fault_leaves_nothing_behind(tmp_path):
    """Bad answers: exit 2, one line with file, row and what was expected, and no page."""
    answers = tmp_path / "answers.csv"
    lines = (EXAMPLE / "answers.csv").read_text(encoding="utf-8").splitlines()
    answers.write_text("\n".join([*lines, lines[1]]) + "\n", encoding="utf-8")
    with pytest.raises(Misuse) as caught:
        redstick("score", answers, *INPUTS[1:], "--out", tmp_path / "page.html")
    assert str(caught.value) == f"{answers}, row 42: place 't01' stands in row 2 already; expected it once"
    assert not (tmp_path / "page.html").exists()
