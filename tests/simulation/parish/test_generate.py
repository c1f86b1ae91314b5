"""The generated parish: each test states one fact."""

import numpy as np
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from redstick.geo.city import load_city, save_city
from redstick.geo.linter.finding import Severity
from redstick.geo.linter.lint import lint
from redstick.geo.roads import BOTH_WAYS
from redstick.simulation.parish import generate

# What `redstick city generate --seed 7` prints. It changes when the generator is changed on purpose, and never else.
DIGEST_OF_SEED_7 = "975c3fb17e75445651639e65656ff67572ce3fefc48cdef48029c6f96e2dbadd"


def graver_than_notices(city):
    """Findings that would send a unit astray."""
    return [f"{found.code}: {found.place} {found.found}" for found in lint(city) if found.severity < Severity.NOTICE]


def test_the_same_seed_gives_the_same_bytes(parish):
    """Twice in one process, and on every machine."""
    assert generate(7).city.digest == parish.city.digest == DIGEST_OF_SEED_7


def test_another_seed_gives_another_parish(parish):
    """The seed is really used."""
    assert generate(8).city.digest != parish.city.digest


def test_a_size_that_is_not_offered_is_refused():
    """KeyError, before anything is drawn."""
    with pytest.raises(KeyError, match="enormous"):
        generate(7, "enormous")


def test_the_linter_of_real_cities_finds_no_fault(parish):
    """No error and no warning; that names of streets differ by their suffix alone is a notice, and meant."""
    assert graver_than_notices(parish.city) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100))
def test_no_seed_gives_a_faulty_parish(seed):
    """A hundred parishes without an error or a warning, and none of them much smaller than the others."""
    city = generate(seed).city
    assert graver_than_notices(city) == []
    assert city.roads.segments > 2500


def test_every_street_can_be_driven_to_and_come_back_from(parish):
    """The roads are one strongly connected part, one-ways kept."""
    roads = parish.city.roads
    both = roads.direction == BOTH_WAYS
    start, stop = np.r_[roads.tail, roads.head[both]], np.r_[roads.head, roads.tail[both]]
    graph = coo_matrix((np.ones(len(start)), (start, stop)), shape=(roads.nodes, roads.nodes))
    assert connected_components(graph, directed=True, connection="strong")[0] == 1


def test_it_is_a_city_like_any_other(parish, tmp_path):
    """Saved and read again it is the same, by its digest."""
    save_city(tmp_path / "city", parish.city)
    assert load_city(tmp_path / "city").digest == parish.city.digest


def test_the_hospital_is_a_place_of_the_city(parish):
    """The ambulances' destination is known by name to everyone."""
    assert parish.hospital in parish.city.places
    assert parish.hospital.kind == "hospital"
