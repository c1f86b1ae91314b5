"""A fitted distribution of travel times: right on days not seen, plain in its form, whole on disk."""

import json
from dataclasses import replace

import numpy as np
import pytest

from redstick.geo.travel import FITTED, FREE_FLOW, LINE, DamagedModel, fit, judge, load
from redstick.geo.travel.fitting import folds_of


def split(record, last_days):
    """The earlier drives, and those of the last days."""
    trips, drives = record
    later = trips.day > trips.day.max() - last_days
    return (trips.where(~later), drives.where(~later)), (trips.where(later), drives.where(later))


def test_days_not_seen_are_predicted_better_than_by_the_line(record):
    """With a priority that makes drives longer, the model beats the line; mean and tail are as they are."""
    earlier, later = split(record, 2)
    found = judge(fit(*earlier), *later)
    assert found.n == len(later[0])
    assert found.ratio < 0.9
    assert abs(found.bias) < 0.05
    assert 0.07 <= found.above_p90 <= 0.13
    assert 0.07 <= found.below_p10 <= 0.13


def test_the_line_is_that_of_the_drives(record):
    """The yardstick is the robust two-parameter line of the same drives."""
    trips, drives = record
    exact = replace(trips, duration_s=82 + 0.6 * drives.network_s)
    model = fit(exact, drives)
    assert np.array(model.line) / 1e6 == pytest.approx([82, 0.6], abs=1e-3)
    assert model.line_s(drives) == pytest.approx(exact.duration_s, abs=0.1)


def test_few_drives_bear_a_plainer_model_and_say_so(record):
    """From 400 drives a full model, from 30 a line with its spread, below free flow, marked as not calibrated."""
    trips, drives = record
    forms = {}
    for n in (29, 30, 399, 400):
        few = np.arange(len(trips)) < n
        forms[n] = fit(trips.where(few), drives.where(few))
    assert [forms[n].form for n in (29, 30, 399, 400)] == [FREE_FLOW, LINE, LINE, FITTED]
    assert not forms[29].calibrated
    told = forms[29].predict(trips, drives)
    assert told.p50_s == pytest.approx(drives.network_s)
    assert np.isnan(told.p90_s).all()


def test_drives_without_a_road_or_a_duration_teach_nothing(record):
    """What the crow's way stands in for, and what never arrived, leaves the fit as it is."""
    trips, drives = record
    odd = np.arange(len(trips)) < 100
    lost = replace(drives, routed=~odd)
    wild = replace(trips, duration_s=np.where(odd, 1700.0, trips.duration_s))
    never = replace(trips, duration_s=np.where(odd, np.nan, trips.duration_s))
    assert (
        fit(wild, lost).to_json()
        == fit(never, drives).to_json()
        == fit(trips.where(~odd), drives.where(~odd)).to_json()
    )


def test_quantiles_rise_and_levels_come_back(record):
    """The predicted times rise with the level, and a time at a level stands at that level."""
    model = fit(*record)
    told = model.predict(*record)
    assert (np.diff(told.quantile_s, axis=1) >= 0).all()
    levels = np.linspace(0.05, 0.95, len(record[0]))
    times = model.at_level_s(told, levels)
    free = np.diff(told.quantile_s, axis=1).min(axis=1) > 0
    assert model.level_of(told, times)[free] == pytest.approx(levels[free])


def test_the_published_error_is_that_of_days_not_seen(record):
    """Every group of thirty drives has its figures; those of all drives are near what a judge finds."""
    model = fit(*record)
    assert {"all", "priority=2", "unit_kind=TRUCK", "first_due", "not first_due"} <= set(model.groups)
    assert model.groups["all"]["n"] == len(record[0])
    assert 70 <= model.groups["all"]["above_p90_per_mille"] <= 130
    assert abs(model.groups["all"]["mean_bias_per_mille"]) <= 5


def test_the_same_drives_give_the_same_bytes_and_come_back(record, tmp_path):
    """A model is saved whole, in numbers that do not depend on the machine's mood, and reads back equal."""
    model = fit(*record)
    model.save(tmp_path / "travel.json")
    assert load(tmp_path / "travel.json") == model
    assert fit(*record).to_json() == (tmp_path / "travel.json").read_bytes()
    assert not any(isinstance(number, float) for number in json.loads(model.to_json())["median"])
    assert [path.name for path in tmp_path.iterdir()] == ["travel.json"]


@pytest.mark.parametrize("damage", [
    lambda text: text[: len(text) // 2],
    lambda text: text.replace('"redstick-travel"', '"another"'),
    lambda text: text.replace('"form": "fitted"', '"form": "guessed"'),
    lambda text: text.replace('"version": 1', '"version": 9'),
    lambda text: json.dumps({**json.loads(text), "median": [1]}),
    lambda _: "[]",
])  # fmt: skip
def test_a_damaged_model_is_named(record, tmp_path, damage):
    """A torn, foreign or altered file is refused with its name and what was expected."""
    path = tmp_path / "travel.json"
    path.write_text(damage(fit(*record).to_json().decode()))
    with pytest.raises(DamagedModel, match=r"travel\.json: .*expected"):
        load(path)
    with pytest.raises(DamagedModel, match="no such file"):
        load(tmp_path / "nothing.json")


def test_a_day_is_never_torn_apart(record):
    """Cross-fitting leaves out whole days; with a single day it leaves out whole incidents."""
    trips, _ = record
    for folds, whole in ((folds_of(trips), trips.day), (folds_of(replace(trips, day=trips.day * 0)), trips.incident)):
        assert len(np.unique(folds)) == 5
        assert all(len(np.unique(folds[whole == one])) == 1 for one in np.unique(whole))
