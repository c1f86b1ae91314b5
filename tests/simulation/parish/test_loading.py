"""A parish from its folder: each test states one fact."""

import json

import pytest

from redstick.geo.city import save_city
from redstick.simulation.parish import generate, load_parish, save_companion
from redstick.simulation.parish.companion import FILE_NAME, PLAN_FILE
from redstick.simulation.parish.response_plan import response_plan


@pytest.fixture
def folder(parish, tmp_path):
    """A small parish, saved."""
    save_city(tmp_path, parish.city)
    save_companion(tmp_path, parish)
    return tmp_path


def test_what_was_saved_is_loaded(parish, folder):
    """The same city by its digest, the same hospital, and all that stands beside it."""
    loaded = load_parish(folder)
    assert loaded.city.digest == parish.city.digest
    assert (loaded.hospital, loaded.cameras, loaded.crews, loaded.railways) == (
        parish.hospital, parish.cameras, parish.crews, parish.railways,
    )  # fmt: skip


def test_the_plan_stands_beside_it(parish, folder):
    """As the text that the city begins with."""
    assert (folder / PLAN_FILE).read_text(encoding="utf-8") == response_plan(parish.city)


def test_a_companion_of_another_city_is_refused(parish, folder):
    """It says so, and names the file."""
    save_companion(folder, generate(8))
    with pytest.raises(ValueError, match="another city"):
        load_parish(folder)


@pytest.mark.parametrize("wrong", [[], {"hospitals": []}, {"cameras": [{"id": "C1"}]}, {"crews": [{}]}])
def test_a_companion_in_no_form_is_refused(folder, wrong):
    """Whatever is wrong with it: a ValueError that names the file."""
    content = json.loads((folder / FILE_NAME).read_text())
    (folder / FILE_NAME).write_text(json.dumps({**content, **wrong} if isinstance(wrong, dict) else wrong))
    with pytest.raises(ValueError, match=FILE_NAME):
        load_parish(folder)
