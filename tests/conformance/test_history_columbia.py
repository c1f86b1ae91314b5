"""Five months of Columbia: incidents that were published twice are one, by the map alone."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from redstick.dispatch.history import MISSING_E7, ColumnMap
from redstick.dispatch.history.guessing import guess
from redstick.dispatch.history.reading import read

FILE = "cad/columbia_mo_2025-11_2026-03.csv.gz"
MAP = Path(__file__).parents[2] / "examples" / "columbia" / "columns.toml"


@pytest.fixture(scope="module")
def months(third_party):
    return read(third_party(FILE), ColumnMap.load(MAP))


def test_169_incidents_were_published_twice_and_are_one(months):
    """28,340 rows are 28,171 incidents; every repeated row is listed with the row that it completed."""
    counts = months.counts
    assert (counts.read, counts.accepted, counts.refused, counts.merged) == (28340, 28340, 0, 169)
    assert len(months) == len(months.incident.values) == 28171
    assert Counter(one.reason for one in months.listed) == {"repeated": 169}


def test_an_agency_once_known_is_never_lost(months, third_party):
    """Of the repeated ones 89 were first empty, then filled, and 80 the other way round: all keep what was said."""
    twice = read(third_party(FILE), replace(ColumnMap.load(MAP), repeats="keep"))
    said = set(twice.incident.codes[twice.categories["agency"].codes >= 0].tolist())
    kept = months.categories["agency"].codes >= 0
    assert {twice.incident.values[code] for code in said} == {months.incident.text(i) for i in np.flatnonzero(kept)}


def test_types_and_positions(months):
    """112 types beside the empty one; 84.2 % of the rows have a place."""
    assert len(months.categories["call_type"].values) == 112
    assert round(float((months.longitude_e7 != MISSING_E7).mean()), 3) == pytest.approx(0.842, abs=0.002)


def test_the_draft_is_the_shipped_map(third_party):
    """The doubts are the zone, the repeats and two columns of moments whose names say nothing."""
    shipped, drafted = ColumnMap.load(MAP), guess(third_party(FILE))
    assert {doubt.where for doubt in drafted.unsure} == {"time_zone", "rows.key", "stamps"}
    repeats = next(doubt for doubt in drafted.unsure if doubt.where == "rows.key")
    assert "169" in repeats.evidence
    assert "agency" in repeats.evidence
    answered = drafted.in_zone(shipped.time_zone).column_map
    assert replace(answered, source=shipped.source) == shipped
