"""Ratings from files: what is read as what, either way it is read, and every fault by its row."""

import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.survey.index import ratings_file
from redstick.survey.index.errors import IndexFault
from redstick.survey.index.model import Group, IndexModel, Indicator
from redstick.survey.index.plan import compile_plan
from redstick.survey.index.ratings_file import read_ratings

PLAN = compile_plan(
    IndexModel(
        name="judged",
        indicator=(Indicator("a", "index"), *[Indicator(name, "index", judged="interval") for name in "bc"]),
        group=(Group("index"),),
    )
)
HEAD = "place,question,judge,rating\n"


def read(tmp_path, text, ids=("x", "y", "z"), name="ratings.csv"):
    """The ratings of a text."""
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_ratings(PLAN, path, ids)


@pytest.fixture(params=["in blocks", "row by row"])
def way(request, monkeypatch):
    """Both ways of reading: by Arrow in blocks of a few rows, and the one that serves what Arrow will not have."""
    monkeypatch.setattr(ratings_file, "_BLOCK_BYTES", 64)
    if request.param == "row by row":
        monkeypatch.setattr(ratings_file, "_from_arrow", ratings_file._from_table)
    return request.param


def cube(ratings):
    """(judges, places, questions) of ratings."""
    return np.stack([ratings.matrix(question) for question in range(len(ratings.columns))], axis=2)


@given(st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from("bc"), st.sampled_from(["J1", "J2", "é"])),
                unique=True, max_size=18), st.integers(0, 2**32 - 1))  # fmt: skip
def test_every_rating_lands_in_its_cell(tmp_path_factory, keys, seed):
    """In whatever order the rows stand, judges are numbered by their ids and a missing rating leaves no entry."""
    rng = np.random.default_rng(seed)
    figures = {key: float(rng.integers(0, 5)) if rng.random() > 0.2 else None for key in keys}
    text = HEAD + "".join(f"{','.join(key)},{'' if v is None else v}\n" for key, v in figures.items())
    found = read(tmp_path_factory.mktemp("r"), text)
    assert list(found.judges) == sorted({judge for _, _, judge in keys})
    filled = {
        ("xyz"[place], "bc"[question], found.judges[seat]): value
        for (seat, place, question), value in np.ndenumerate(cube(found))
        if not np.isnan(value)
    }
    assert filled == {key: value for key, value in figures.items() if value is not None}


def test_both_ways_read_the_same(tmp_path, way):
    """Blocks, quoted cells with line ends, further columns, empty rows, NA, spaces, a second Unicode form of a name."""
    text = "note,place,question,judge,rating\n" + "".join(
        f'"a, \n{n}",{place}, b ,J{n},{n}.5\n' for n in range(40) for place in ("x", "Cafe\u0301")
    )
    found = read(tmp_path, text + "\n,,,,\n,x,c,J1,NA\n", ids=("x", "Caf\u00e9"))
    expected = np.array([[n + 0.5] * 2 for n in sorted(range(40), key=lambda n: f"J{n}")])
    assert np.array_equal(cube(found)[:, :, 0], expected)
    assert np.isnan(cube(found)[:, :, 1]).all()


@pytest.mark.parametrize(
    ("text", "row", "expected"),
    [
        (HEAD + "x,b,j,1\n\nx,b,j,2\n", 4, "row 2 already holds judge 'j' on 'b' of 'x'; expected one rating"),
        (HEAD + "y,b,j,1\nx,b,j,1\nx,c,j,1\nx,b,j,2\n", 5, "row 3 already holds judge 'j'"),
        (HEAD + "x,b,j,1\nq,b,j,1\n", 3, "place 'q': expected one of the places that answered"),
        (HEAD + "x,a,j,1\n", 2, "question 'a': expected a judged indicator"),
        (HEAD + "x,b,,1\n", 2, "expected the judge's id"),
        (HEAD + "x,b,j,good\n", 2, "expected a number, found 'good'"),
        (HEAD + "x,b,j,1_0\n", 2, "expected a number, found '1_0'"),
        (HEAD + "x,b,j,inf\n", 2, "expected a number, found 'inf'"),
        (HEAD + "x,b,j\n", 2, "expected 4 cells as in the header, found 3"),
        (HEAD.encode() + b"x,b,j,\xff\n", 2, "expected UTF-8"),
        ("place,question,judge\n", 1, "expected a column 'rating'"),
        ("", None, "the table is empty"),
    ],
)
def test_a_fault_is_named_by_its_row(tmp_path, way, text, row, expected):
    """Whichever way the file was read."""
    with pytest.raises(IndexFault, match=r"ratings\.csv") as caught:
        read(tmp_path, text)
    assert (caught.value.row, expected in caught.value.expected) == (row, True), caught.value


def test_a_gzipped_file_and_semicolons(tmp_path, way):
    """They read as their text does."""
    packed = gzip.compress((HEAD.replace(",", ";") + "x;b;j;3\n").encode())
    assert cube(read(tmp_path, packed, name="ratings.csv.gz"))[0, 0, 0] == 3


def test_a_table_without_rows(tmp_path, way):
    """Nobody rated: every cell is missing, and nothing fails."""
    found = read(tmp_path, HEAD)
    assert found.judges == ()
    assert np.isnan(found.combined()).all()
