"""A small made-up city with something in every room of it."""

import numpy as np
import pytest

from redstick.geo.city import Addresses, City, Closure, Ground, Milepost, Place, Station, Unit, Zone
from redstick.geo.importers.assemble import SegmentDraft, assemble


def ring(*corners):
    """A closed ring of positions in 1e-7 degrees."""
    return np.array([*corners, corners[0]], np.int32)


@pytest.fixture
def city():
    """Two streets that meet, one address, and one of everything else."""
    main = SegmentDraft(
        id="1", points=np.array([[-911000000, 304000000], [-910990000, 304000000]], np.int32), name="Rue Façade",
        aliases=("US 61",), road_class=6, speed_kmh=40, ranges=(1, 99, 2, 98), areas=("Ville", ""),
        postcodes=("70802", ""),
    )  # fmt: skip
    side = SegmentDraft(
        "2", np.array([[-910990000, 304000000], [-910990000, 304010000]], np.int32), direction=-1, level=1
    )
    roads, _ = assemble([main, side], "made for a test")
    square = ring((-911000000, 304000000), (-910980000, 304000000), (-910980000, 304020000), (-911000000, 304020000))
    hole = ring((-910995000, 304005000), (-910995000, 304010000), (-910990000, 304010000))
    one = np.array([0], np.int32)
    return City(
        name="Ville",
        time_zone="America/Chicago",
        roads=roads,
        addresses=Addresses(
            np.array([-910995000], np.int32),
            np.array([304000100], np.int32),
            np.array([12], np.int32),
            ["1/2"],
            ["B"],
            one,
            ["Rue Façade"],
            one,
            ["Ville"],
            one - 1,
            [],
        ),
        places=(Place("p1", "City Hall", -910995000, 304000100, "townhall", ("Hôtel de Ville",), "12 Rue Façade"),),
        mileposts=(
            Milepost("US 61", "N", 155_200, -910995000, 304000000),
            Milepost("I 10", "", 155_000, 0, 0, "A", True),
        ),
        zones=(
            Zone("B1", "Beat 1", "beat", "beat", ((square, hole),), 2, 1000, None, (1140, 420), {"sergeant": "3"}),
            Zone("B2", "Beat 2", "beat", "beat", ((square,), (hole,))),
        ),
        stations=(Station("01", "Station 1", -911000000, 304000000, "1 Rue Façade"),),
        units=(Unit("E1", "engine", "01", ("als", "pump"), "fire"),),
        closures=(Closure("c1", ("1",), "parade", 5, 9),),
        ground=(Ground("water", "Bayou", ((square,),)),),
        attribution=("made for a test",),
    )
