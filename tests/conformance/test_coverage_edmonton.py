"""Ambulances of Edmonton (JEMSS.jl): its published deployment, found by that project's own search, judged by ours."""

import numpy as np
import pytest

from redstick.adapters.jemss import UnreadableModel, demand_cells, read_model
from redstick.dispatch.coverage import Area, best_placement, busy_fraction, placed_greedily

RASTER = "data/population density/census 2016/rasters/edmonton_pop_densit_50m.zip"
CALLS_AN_HOUR, COVER_S = 8.0, 8 * 60 - 40.0  # the model's own: 192 calls a day; 8 minutes less 40 s of dispatch
HOURS_A_CALL = 40 / 3600 + 6 / 60 + 12 / 60 + 0.75 * (12 / 60 + 30.4 / 60)  # means of its distributions, and drives


@pytest.fixture(scope="module")
def model(third_party):
    folder = third_party("ems/edmonton")
    return read_model(folder / "models" / "1", folder / RASTER)


def area_of(model):
    """Its demand under the load that its settings make for 16 ambulances."""
    return Area.within(CALLS_AN_HOUR * model.weight, model.travel_s, COVER_S, busy_fraction(8, HOURS_A_CALL, 16))


def share(area, placed):
    """Calls expected to be reached in time, of all."""
    return area.covered(area.counts(placed)).share


def test_the_model_is_read_whole(model):
    """17 stations, 16 ambulances, a raster of which every cell is reached by road from every station."""
    assert (len(model.stations), int(model.deployed.sum()), int(model.room.sum())) == (17, 16, 85)
    assert model.weight.sum() == pytest.approx(1)
    assert np.isfinite(model.travel_s).all()


def test_the_published_deployment_is_the_optimum_of_mexclp(model):
    """Found here from nothing, twice: by the integer programme, and by DMEXCLP's gain, unit after unit."""
    area = area_of(model)
    assert best_placement(area, 16, model.room).tolist() == model.deployed.tolist()
    assert placed_greedily(area, 16, model.room).tolist() == model.deployed.tolist()


@pytest.mark.parametrize("busy", [0.1, 0.2, 0.3, 0.5, 0.6, 0.7, 0.8])
def test_under_every_other_load_it_is_reached_or_exceeded(model, busy):
    """The deployment is fixed, and DMEXCLP's follows the load; it comes within a thousandth of the optimum."""
    area = Area.within(model.weight, model.travel_s, COVER_S, busy)
    ours, best = share(area, placed_greedily(area, 16, model.room)), share(area, best_placement(area, 16, model.room))
    assert share(area, model.deployed) <= ours <= best + 1e-9
    assert best - ours < 0.001


def test_when_units_are_away_moving_covers_more_than_standing(model):
    """With any number of units idle, placing them anew never covers less than leaving them at home, and mostly more."""
    area, dice = area_of(model), np.random.default_rng(7)
    homes = np.repeat(np.arange(17), model.deployed)
    gains = []
    for count in range(1, 16):
        left = np.bincount(dice.choice(homes, count, replace=False), minlength=17)
        gains.append(share(area, placed_greedily(area, count, model.room)) - share(area, left))
    assert min(gains) >= -1e-12
    assert sum(gain > 0.01 for gain in gains) > len(gains) / 2


def test_a_raster_of_another_kind_is_refused_by_name():
    """Not a TIFF at all."""
    with pytest.raises(UnreadableModel, match="little-endian TIFF"):
        demand_cells(b"MM\x00*" + bytes(100), 10)
