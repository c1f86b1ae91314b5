"""Opening a city folder for a command: its roads, its stations and units, its geocoder."""

from pathlib import Path
from typing import TYPE_CHECKING

from redstick.cli.errors import Failure, Misuse

if TYPE_CHECKING:
    from redstick.dispatch.history import History
    from redstick.dispatch.ports import Point
    from redstick.dispatch.recommendation.by_road import ByRoad
    from redstick.dispatch.replay.plan import Fleet
    from redstick.geo.city import City
    from redstick.geo.city.model import Closure
    from redstick.geo.geocoder import Geocoder
    from redstick.geo.routing import EdgeRouter
    from redstick.kernel.values import Instant

E7 = 10_000_000


def open_city(folder: Path) -> "City":
    """The city in a folder; raises Misuse when there is none or it is damaged."""
    from redstick.geo.city import DamagedCity, load_city

    try:
        return load_city(folder)
    except (DamagedCity, FileNotFoundError, NotADirectoryError) as error:
        raise Misuse(f"--city {folder}: {error}; `redstick city import` makes such a folder") from error


def open_router(folder: Path, city: "City") -> "EdgeRouter":
    """A router on the city's roads; what its engine prepares is kept beside the folder's own files."""
    from redstick.adapters import city_folder

    return city_folder.open_router(folder, city)


def closures_at(city: "City", at: "Instant") -> "list[Closure]":
    """The closures of a city that hold at a time."""
    from redstick.adapters import city_folder

    return city_folder.closures_at(city, at)


def open_road_times(folder: Path, city: "City", at: "Instant | None" = None) -> "ByRoad":
    """Road times by the line that the city was calibrated to; by free flow, and marked so, where it was not.

    With `at`, what the city has closed at that time is closed. Raises Misuse.
    """
    from redstick.adapters import city_folder
    from redstick.geo.travel import DamagedModel

    router = open_router(folder, city)
    if at is not None:
        closed = {segment for closure in closures_at(city, at) for segment in closure.segments}
        router.close(city_folder.closed_arcs(city, router, closed))
    try:
        return city_folder.road_times(folder, router)
    except DamagedModel as error:
        raise Misuse(str(error)) from error


def build_geocoder(city: "City", folder: Path) -> None:
    """Make the index that addresses are looked up in, beside the folder's own files."""
    from redstick.adapters import city_folder

    city_folder.build_geocoder(folder, city)


def open_geocoder(folder: Path, city: "City") -> "Geocoder":
    """The city's geocoder; an index that is missing, unreadable or another version's is built anew. Raises Failure."""
    from redstick.adapters import city_folder
    from redstick.geo.geocoder import FILE_NAME, UnreadableIndex

    try:
        return city_folder.open_geocoder(folder, city)
    except (OSError, UnreadableIndex) as error:
        raise Failure(f"{folder / FILE_NAME}: the index cannot be made ({error}); make the folder writable") from error


def fleet_of_city(city: "City", history: "History", homes: Path | None) -> "Fleet":
    """The units with a home: as the city lists them, and by the rules of a homes file."""
    from redstick.dispatch.replay.homes import HomesError, fleet_of, load_homes
    from redstick.dispatch.replay.plan import FleetUnit

    stations = {station.id: (station.x, station.y) for station in city.stations}
    listed = [FleetUnit(unit.id, unit.kind, unit.station, unit.capabilities, unit.agency) for unit in city.units]
    try:
        rules = load_homes(homes) if homes is not None else ()
    except HomesError as error:
        raise Misuse(f"--homes {error}") from error
    return fleet_of(history, stations, listed, rules)


def parse_point(text: str) -> "Point | None":
    """`LAT,LON` in degrees as a point; None when the text is something else."""
    latitude, comma, longitude = text.partition(",")
    try:
        y, x = float(latitude), float(longitude)
    except ValueError:
        return None
    return (round(x * E7), round(y * E7)) if comma and -90 <= y <= 90 and -180 <= x <= 180 else None
