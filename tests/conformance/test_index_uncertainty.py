"""Uncertainty runs against published replications and independent measurements."""

import csv
import sys
from pathlib import Path

import numpy as np
import pytest
from msgspec import structs

from redstick.survey.index.model import Normalise
from redstick.survey.index.plan import score
from redstick.survey.index.reading import read_inputs
from redstick.survey.index.uncertainty import bands

sys.path.insert(0, str(Path(__file__).parents[1] / "survey"))
from published_indexes import asem, open_data_index


def rows_of(path, key):
    """A CSV by one of its columns."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row[key]: row for row in csv.DictReader(file)}


@pytest.fixture
def asem_run(third_party):
    """5,000 runs over the choices of the published replications: winsorising limit, scale, weights, mean."""
    folder = third_party("civic/composite_index")
    model = asem(normalise=Normalise("min-max", low=1, high=100))
    model = structs.replace(model, uncertainty=structs.replace(model.uncertainty, aggregate=("geometric",)))
    plan, data = read_inputs(model, folder / "asem_raw.csv", folder / "asem_idata_v1.csv")
    return plan, data, bands(plan, data, 5000, 7)[0], folder


def test_asem_bands_agree_with_the_published_replications(asem_run):
    """Mean, 5th, 95th and median rank of 51 units lie within the gates of 100 published replications."""
    plan, data, found, folder = asem_run
    published = rows_of(folder / "coinr_UA_rankstats.csv", "uCode")
    for column, own, mean_gate, gate in (
        ("Mean", found.mean, 0.5, 3), ("Q5", found.low, 0.6, 4),
        ("Q95", found.high, 0.6, 4), ("Median", found.median, 0.8, 5),
    ):  # fmt: skip
        off = np.abs(own - np.array([float(published[unit][column]) for unit in data.ids]))
        assert off.mean() <= mean_gate, column
        assert off.max() <= gate, column
    nominal = score(plan, data).ranks
    assert [int(published[unit]["Nominal"]) for unit in data.ids] == list(nominal)


def test_asem_band_widths(asem_run):
    """Half of the bands span 5 ranks or fewer, the widest is Luxembourg's, Switzerland's has no width at all."""
    _, data, found, _ = asem_run
    width = dict(zip(data.ids, found.high - found.low, strict=True))
    assert np.median(list(width.values())) == pytest.approx(5, abs=1)
    assert max(width, key=width.get) == "LUX"
    assert width["LUX"] == pytest.approx(22, abs=4)
    assert width["CHE"] == 0


@pytest.mark.parametrize(
    ("on", "expected"),
    [("rounded", (0.97, 0.83, 0.81, 0.79, 0.15)), ("unrounded", (0.91, 0.74, 0.64, 0.62, 0.09))],
)
def test_open_data_index_top_ten(third_party, on, expected):
    """P(top 10) under weights times U(.5, 1.5) within .03 of an independent run; the rounding rule alone moves it."""
    table = third_party("civic/opendataindex_2015/api_entries.csv")
    plan, data = read_inputs(open_data_index(name="", on=on), table)
    found, ranks = bands(plan, data, 5000, 7)
    chance = dict(zip(data.ids, found.top, strict=True))
    for place, wanted in zip(("nl", "us", "no", "fr", "br"), expected, strict=True):
        assert chance[place] == pytest.approx(wanted, abs=0.03), place
    if on == "rounded":
        width = found.high - found.low
        assert (np.median(width), width.max()) == (pytest.approx(5, abs=1), pytest.approx(18, abs=2))
        assert (ranks[:, data.ids.index("tw")] == 1).all()
