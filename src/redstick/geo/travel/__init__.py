"""How long drives really take: distributions fitted to a city's own record, with their error published.

`trips_of(runs, homes)` picks drives out of a record, `Network(roads, router).drives(trips)` describes them by road,
`fit` and `judge` make and judge a `TravelModel`; `load` reads a saved one. Nothing here reads a record's file.
"""

from redstick.geo.travel.features import Drives, Network
from redstick.geo.travel.fitting import fit
from redstick.geo.travel.judging import Judgement, judge
from redstick.geo.travel.model import (
    FITTED,
    FREE_FLOW,
    LEVELS,
    LINE,
    TRAVEL_FILE,
    DamagedModel,
    Prediction,
    TravelModel,
    free_flow,
    load,
)
from redstick.geo.travel.trips import MISSING_MS, Runs, Trips, trips_of

__all__ = [
    "FITTED",
    "FREE_FLOW",
    "LEVELS",
    "LINE",
    "MISSING_MS",
    "TRAVEL_FILE",
    "DamagedModel",
    "Drives",
    "Judgement",
    "Network",
    "Prediction",
    "Runs",
    "TravelModel",
    "Trips",
    "fit",
    "free_flow",
    "judge",
    "load",
    "trips_of",
]
