"""Stations, hospitals and the fleet: what answers, where it stands, who rides on it."""

from dataclasses import dataclass

import numpy as np

from redstick.geo.city import Place, Station, Unit
from redstick.geo.roads import Roads
from redstick.simulation.parish.metropolis.census import Census
from redstick.simulation.parish.metropolis.districts import BEATS_EACH, POLICE_DISTRICTS, beat_names, police
from redstick.simulation.parish.metropolis.sites import Corners
from redstick.simulation.parish.metropolis.terrain import F64

FIRE_STATIONS, EMS_STATIONS = 30, 15
FIRE, POLICE, MEDICAL = "Fire", "Police", "EMS"
LADDERS, CHIEFS, MEDICS, AMBULANCES, PATROLS_PER_BEAT = 9, 4, 28, 8, 3
HOSPITALS = ("Parish Medical Center", "Bluff Road Hospital", "Lagoon General Hospital", "Northline Hospital",
             "Women and Children's Pavilion", "Eastbank Emergency Center")  # fmt: skip
CAPABILITIES = {
    "engine": ("BLS", "pump"), "ladder": ("aerial", "rescue"), "battalion chief": ("command",),
    "rescue": ("BLS", "extrication", "rescue"), "hazmat": ("hazmat",), "boat": ("rescue", "water"),
    "medic": ("ALS", "transport"), "basic transport": ("BLS", "transport"), "field supervisor": ("ALS", "command"),
    "patrol": ("law",), "watch sergeant": ("command", "law"), "K-9": ("K-9", "law"),
}  # fmt: skip
SEATS = {
    "engine": ("officer", "driver", "firefighter", "firefighter"), "rescue": ("officer", "driver", "firefighter"),
    "ladder": ("officer", "driver", "firefighter", "firefighter"), "battalion chief": ("chief",),
    "hazmat": ("officer", "driver"), "boat": ("officer", "driver"), "medic": ("paramedic", "driver"),
    "basic transport": ("technician", "driver"), "field supervisor": ("paramedic",), "patrol": ("officer",),
    "watch sergeant": ("sergeant",), "K-9": ("officer",),
}  # fmt: skip
PLATOONS = {
    FIRE: ("A", "B", "C"),
    MEDICAL: ("day 1", "night 1", "day 2", "night 2"),
    POLICE: ("day", "evening", "night"),
}


@dataclass(frozen=True)
class Crew:
    """Who rides on a unit: its seats by rank, and the platoons that fill them in turn."""

    unit: str
    seats: tuple[str, ...]
    platoons: tuple[str, ...]


@dataclass(frozen=True)
class Services:
    """Stations with the places of fire and EMS stations in metres, hospitals, units and crews."""

    stations: tuple[Station, ...]
    fire: F64
    medical: F64
    hospitals: tuple[Place, ...]
    units: tuple[Unit, ...]
    crews: tuple[Crew, ...]


def services(roads: Roads, corners: Corners, census: Census) -> Services:
    """Stations where most people are near one, units at them, hospitals."""
    people = census.residents + census.by_day
    fire = corners.chosen(census.middle, people, FIRE_STATIONS)
    medical = corners.chosen(census.middle, people, EMS_STATIONS)
    district, _ = police(census)
    houses = [
        corners.chosen(census.middle[district == which], people[district == which], 1)[0]
        for which in range(POLICE_DISTRICTS)
    ]
    wards = corners.chosen(census.middle, people, len(HOSPITALS), corners.xy[medical[-1:]])
    at = _Placing(roads, corners)
    stations = (
        *(at.station(f"ST{i + 1:02d}", f"Fire Station {i + 1}", corner) for i, corner in enumerate(fire)),
        *(at.station(f"EMS{i + 1:02d}", f"EMS Post {i + 1}", corner) for i, corner in enumerate(medical)),
        *(at.station(f"PD{i + 1}", f"Police District {i + 1} House", corner) for i, corner in enumerate(houses)),
    )
    hospitals = tuple(at.place(f"H{i + 1}", HOSPITALS[i], "hospital", corner) for i, corner in enumerate(wards))
    units = (*_fire(), *_medical(), *_police())
    crews = tuple(Crew(unit.id, SEATS[unit.kind], PLATOONS[unit.agency]) for unit in units)
    return Services(stations, corners.xy[fire], corners.xy[medical], hospitals, units, crews)


class _Placing:
    def __init__(self, roads: Roads, corners: Corners) -> None:
        self._roads, self._corners = roads, corners

    def _at(self, corner: int) -> tuple[int, int]:
        node = int(self._corners.node[corner])
        return int(self._roads.node_x[node]), int(self._roads.node_y[node])

    def station(self, key: str, name: str, corner: int) -> Station:
        """A station at a corner, named with its street."""
        return Station(key, f"{name}, {self._corners.names[corner][0]}", *self._at(corner))

    def place(self, key: str, name: str, kind: str, corner: int) -> Place:
        """A common place at a corner, with the corner as its address."""
        return Place(key, name, *self._at(corner), kind=kind, address=self._corners.name(corner))


def _unit(key: str, kind: str, station: str, agency: str) -> Unit:
    return Unit(key, kind, station, CAPABILITIES[kind], agency)


def _fire() -> list[Unit]:
    """An engine in every house; the first houses, which most people live near, have more."""
    made = [_unit(f"E{i + 1}", "engine", f"ST{i + 1:02d}", FIRE) for i in range(FIRE_STATIONS)]
    spread = np.linspace(0, FIRE_STATIONS - 1, LADDERS).astype(int).tolist()
    made += [_unit(f"L{i + 1}", "ladder", f"ST{i + 1:02d}", FIRE) for i in spread]
    made += [_unit(f"BC{k + 1}", "battalion chief", f"ST{i + 1:02d}", FIRE) for k, i in enumerate(spread[:CHIEFS])]
    made += [_unit("R1", "rescue", "ST01", FIRE), _unit("R2", "rescue", "ST02", FIRE)]
    return [*made, _unit("HM1", "hazmat", "ST03", FIRE), _unit("BT1", "boat", "ST01", FIRE)]


def _medical() -> list[Unit]:
    made = [_unit(f"M{k + 1}", "medic", f"EMS{k % EMS_STATIONS + 1:02d}", MEDICAL) for k in range(MEDICS)]
    made += [
        _unit(f"A{k + 1}", "basic transport", f"EMS{k % EMS_STATIONS + 1:02d}", MEDICAL) for k in range(AMBULANCES)
    ]
    return [*made, *(_unit(f"SV{k + 1}", "field supervisor", f"EMS{k + 1:02d}", MEDICAL) for k in range(3))]


def _police() -> list[Unit]:
    """Patrols are called by their beat: 3C1 is the first of beat 3C."""
    made = []
    for place, (beat, _) in enumerate(beat_names()):
        house = f"PD{place // BEATS_EACH + 1}"
        made += [_unit(f"{beat}{k + 1}", "patrol", house, POLICE) for k in range(PATROLS_PER_BEAT)]
    for district in range(1, POLICE_DISTRICTS + 1):
        made += [_unit(f"{district}S1", "watch sergeant", f"PD{district}", POLICE)]
        made += [_unit(f"{district}K1", "K-9", f"PD{district}", POLICE)] if district % 2 else []
    return made
