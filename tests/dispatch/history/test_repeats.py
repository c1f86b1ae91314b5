"""Rows that stand for the same thing become one; nothing that any of them said is lost."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.history.model import MISSING_CODE, MISSING_E7, MISSING_MS, Codes
from redstick.dispatch.history.repeats import Columns, fold, identities


def columns(incidents, agencies, received, places):
    n = len(incidents)
    return Columns(
        {
            "incident": Codes(np.array(incidents, dtype=np.int32), [f"I{i}" for i in range(10)]),
            "agency": Codes(np.array(agencies, dtype=np.int32), [f"A{i}" for i in range(10)]),
        },
        {"received": np.array(received, dtype=np.int64)},
        np.array(places, dtype=np.int32),
        np.array(places, dtype=np.int32),
        np.arange(2, n + 2, dtype=np.int32),
    )


def test_a_later_row_completes_and_corrects_and_never_empties():
    """Empty then filled is filled; filled then empty stays; a different word is taken and told."""
    given_rows = columns([0, 1, 0, 0], [-1, 2, 3, 4], [5, 6, 7, MISSING_MS], [MISSING_E7, 1, 9, MISSING_E7])
    folded = fold(given_rows, identities(given_rows.categories, ["incident"]))
    assert folded.columns.categories["agency"].codes.tolist() == [4, 2]
    assert folded.columns.stamps["received"].tolist() == [7, 6]
    assert folded.columns.longitude_e7.tolist() == [9, 1]
    assert folded.columns.row_number.tolist() == [2, 3]
    assert folded.differing == [(2, "received"), (3, "agency")]


def test_a_row_without_its_key_stands_alone():
    """Two rows that both lack an incident are not the same incident."""
    rows = columns([-1, -1, 0], [0, 0, 0], [1, 2, 3], [1, 1, 1])
    assert len(np.unique(identities(rows.categories, ["incident"]))) == 3
    assert len(np.unique(identities(rows.categories, ["incident", "agency"]))) == 3


ROWS = st.lists(st.tuples(*(st.integers(-1, 3) for _ in range(2)), st.integers(0, 4), st.integers(0, 4)), max_size=25)


@given(ROWS)
def test_folding_agrees_with_a_slow_reading(rows):
    """Row by row with a dictionary: the last word of each column, in the order of first appearance."""
    slow = {}
    for place, (incident, agency, received, at) in enumerate(rows):
        key = incident if incident != MISSING_CODE else ("alone", place)
        entry = slow.setdefault(key, [incident, MISSING_CODE, MISSING_MS, MISSING_E7])
        for i, value in ((1, agency), (2, received or MISSING_MS), (3, at or MISSING_E7)):
            if value not in (MISSING_CODE, MISSING_MS, MISSING_E7):
                entry[i] = value
    stamps = [received or MISSING_MS for _, _, received, _ in rows]
    places = [at or MISSING_E7 for *_, at in rows]
    given_rows = columns([r[0] for r in rows], [r[1] for r in rows], stamps, places)
    folded = fold(given_rows, identities(given_rows.categories, ["incident"])).columns
    found = zip(
        folded.categories["incident"].codes.tolist(),
        folded.categories["agency"].codes.tolist(),
        folded.stamps["received"].tolist(),
        folded.longitude_e7.tolist(),
        strict=True,
    )
    assert [list(row) for row in found] == list(slow.values())


@given(ROWS)
def test_folding_twice_is_folding_once(rows):
    """What has been folded has nothing left to fold."""
    given_rows = columns(*([row[i] for row in rows] for i in range(4)))
    once = fold(given_rows, identities(given_rows.categories, ["incident"])).columns
    twice = fold(once, identities(once.categories, ["incident"]))
    assert twice.columns.row_number.tolist() == once.row_number.tolist()
    assert twice.differing == []
