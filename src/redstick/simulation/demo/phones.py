"""The phones of a demo's city, set up as whoever runs a switchboard would: by commands, before the hour that is lived.

The directory lists offices and rooms, not people. Addresses are those of the parish nearest to its buildings, numbers
of the public network those that no carrier gives out (555-01XX).
"""

import math
from collections.abc import Iterable
from typing import NamedTuple

import msgspec
import numpy as np

from redstick.geo.city import City, Place, Station
from redstick.kernel.values import Command, Instant, Outcome
from redstick.phones.hours import Holiday, Hours, Span
from redstick.phones.numbering import Attendant, Extension, HuntGroup, Menu, MenuKey, Orbit, PagingGroup, Room, Strategy
from redstick.phones.plan.rules import Action, DialPlan, DialRule
from redstick.phones.rules.lines import AdoptPlan, KeepHours, KeepTrunk, ProposePlan, ReportTrunk
from redstick.phones.rules.people import AssignNumber, EnrollUser, ImportPeople, PersonRow
from redstick.phones.rules.places import AddDevice, KeepSite, ReportDevice
from redstick.phones.rules.settings import SetForwarding, SetPresence
from redstick.phones.state import Device, DeviceKind, Forwarding, Phones, Presence, Site, Trunk, User
from redstick.simulation.ports import Desk

KEEPER, EXCHANGE = "switchboard", "exchange"  # who sets them up; what reports of trunks and phones
DIRECT = "+122555501"  # and two digits
HALL, SAFETY, LIBRARY, LANDING = "hall-1", "safety", "library", "landing"
POSITION = "switchboard-"  # the user of a visitor's extension, and which it is
FIRST_POSITION, POSITIONS = 2801, 3


class Building(NamedTuple):
    """A site: the first of these places or stations that the parish has, and where in it."""

    id: str
    names: tuple[str, ...]
    floor: str
    room: str = ""
    validated: bool = True


class Office(NamedTuple):
    """An extension of the directory, and the last two digits of its direct number, where it has one."""

    number: str
    name: str
    department: str
    site: str
    direct: str = ""


BUILDINGS = (
    Building(HALL, ("City Hall", "Courthouse"), "1"),
    Building("hall-2", ("City Hall", "Courthouse"), "2"),
    Building(SAFETY, ("Public Safety Complex", "Courthouse"), "1", "watch"),
    Building(LIBRARY, ("Public Library", "library"), "1"),
    Building("works", ("industry", "shops"), "1", "yard"),
    Building(LANDING, ("Ferry Landing",), "", "ticket booth", validated=False),
)
STATIONS = 4  # fire stations, each with a watch desk
OFFICES = (
    Office("2100", "City clerk, front desk", "Clerk", HALL, "20"),
    Office("2101", "Council agendas", "Clerk", HALL),
    Office("2102", "Public records requests", "Clerk", HALL, "21"),
    Office("2120", "Mayor's office", "Mayor", "hall-2", "22"),
    Office("2140", "Accounts payable", "Finance", "hall-2"),
    Office("2141", "Revenue counter", "Finance", HALL, "23"),
    Office("2160", "Permit counter", "Permits and inspection", HALL, "24"),
    Office("2161", "Inspection scheduling", "Permits and inspection", "hall-2"),
    Office("2180", "Service desk", "Information services", "hall-2"),
    Office("2301", "Resident line 1", "Resident services", HALL),
    Office("2302", "Resident line 2", "Resident services", HALL),
    Office("2303", "Resident line 3", "Resident services", HALL),
    Office("2400", "Streets and drainage", "Public works", "works", "25"),
    Office("2401", "Traffic signals", "Public works", "works"),
    Office("2402", "Fleet shop", "Public works", "works"),
    Office("2500", "Library, main desk", "Library", LIBRARY, "26"),
    Office("2501", "Library, reference", "Library", LIBRARY),
    Office("2600", "Police records", "Police", SAFETY, "27"),
    Office("2601", "Police front desk", "Police", SAFETY, "28"),
    Office("2620", "Communications, shift lead", "Communications", SAFETY),
    Office("2640", "Fire prevention", "Fire", SAFETY, "29"),
    Office("2700", "Ferry ticket booth", "Public works", LANDING),
)
OTHERS = (
    Device("hall-lift", "2190", DeviceKind.LIFT, HALL),
    Device("library-door", "2590", DeviceKind.DOOR, LIBRARY),
    Device("hall-fax", "2191", DeviceKind.ANALOG, "hall-2"),
    Device("council-table", "2192", DeviceKind.CONFERENCE, "hall-2"),
)
ROOMS = {"2190": "Hall, lift", "2590": "Library, night door", "2191": "Hall, fax", "2192": "Council chamber, table"}
SILENT = {"2161-1", "2402-1", "2700-1", "hall-fax"}  # phones that do not register
OFFICE_HOURS, WORKDAYS, MORNING, EVENING = "office", 5, 8 * 60, 17 * 60
PLAN = DialPlan(
    (
        DialRule("premium numbers", "91900XXXXXXX", Action.DENY),
        DialRule("abroad", "9011.", Action.DENY),
        DialRule("local", "9NXXXXXX", Action.OUTSIDE, ("sip-1", "pri-1"), 1),
        DialRule("long distance", "91NXXNXXXXXX", Action.OUTSIDE, ("sip-1", "pri-1"), 1),
    ),
    prefix="9",
    main_number=f"{DIRECT}00",
)


def set_up_phones(desk: Desk, now: Instant, city: City) -> None:
    """Ask for all of it at a desk. Raises RuntimeError where a command is refused."""
    for actor, commands in ((KEEPER, _kept(city)), (EXCHANGE, _reported(city))):
        desk.ask(now, actor, commands, _taken)


def position_taken(phones: Phones, person: str) -> list[Command]:
    """What gives a visitor an extension of the switchboard: one that nobody has, else another."""
    users = [user for user in phones.users.values() if user.id.startswith(POSITION)]
    if any(user.person == person for user in users):
        return []
    free = next((user for user in users if not user.person), None)
    if free is not None:
        return [EnrollUser(msgspec.structs.replace(free, person=person))]
    return _position(len(users) + 1, person)


def position_left(phones: Phones, person: str) -> list[Command]:
    """What gives it back, for whoever comes next."""
    users = [user for user in phones.users.values() if user.id.startswith(POSITION) and user.person == person]
    return [EnrollUser(msgspec.structs.replace(user, person="")) for user in users]


def _taken(outcomes: Iterable[Outcome]) -> None:
    refused = [outcome.rejection for outcome in outcomes if outcome.rejection is not None]
    if refused:
        raise RuntimeError(f"the demo's phones cannot be set up: {refused[0]}")


def _kept(city: City) -> list[Command]:
    """Places before people, people before what leads to them."""
    positions = [command for which in range(1, POSITIONS + 1) for command in _position(which)]
    rooms = [AssignNumber(number, Extension(name, voicemail=False)) for number, name in ROOMS.items()]
    return [
        *(KeepSite(site) for site in _sites(city)),
        KeepHours(OFFICE_HOURS, _hours(city)),
        ImportPeople(tuple(_row(office) for office in _offices(city))),
        *positions,
        *rooms,
        *_shared(),
        *(AddDevice(device) for device in _devices(city)),
        KeepTrunk(Trunk("sip-1", "carrier by SIP", 60)),
        KeepTrunk(Trunk("pri-1", "the old span of 23 lines", 23)),
        ProposePlan(PLAN, "911 is dialled direct; 9 is for an outside line"),
        AdoptPlan("1"),
        SetPresence("2640", Presence.AWAY),
        SetPresence("2120", Presence.DO_NOT_DISTURB),
        SetForwarding("2101", Forwarding(no_answer="2100")),
    ]


def _reported(city: City) -> list[Command]:
    """What the exchange sees: which phones are there, and that the old span is out."""
    there = [device.id for device in _devices(city) if device.id not in SILENT]
    return [*(ReportDevice(one, reachable=True) for one in there), ReportTrunk("pri-1", up=False, why="no signal")]


def _shared() -> list[Command]:
    """Numbers behind which there are several."""
    positions = tuple(str(FIRST_POSITION + which) for which in range(POSITIONS))
    keys = (
        MenuKey("1", "2310", "resident services"), MenuKey("2", "2160", "permits"),
        MenuKey("3", "2141", "to pay a bill"), MenuKey("0", "2010", "the switchboard"),
    )  # fmt: skip
    menu = Attendant(
        "Main number",
        Menu("You have reached the City. If this is an emergency, hang up and dial 911.", keys, "2010"),
        Menu("The City's offices are closed. If this is an emergency, hang up and dial 911.", (), "2601"),
        OFFICE_HOURS,
    )
    residents = HuntGroup("Resident services", ("2301", "2302", "2303"), Strategy.LONGEST_IDLE, 20, "2010")
    return [
        AssignNumber("2010", HuntGroup("Switchboard", positions, Strategy.ROUND_ROBIN, 15, "2601")),
        AssignNumber("2310", residents, (f"{DIRECT}11",)),
        AssignNumber("2000", menu, (f"{DIRECT}00",)),
        AssignNumber("2090", PagingGroup("Hall, both floors", ("2100", "2141", "2160", "2120", "2180"))),
        AssignNumber("2095", Room("Storm call", 30, "4471")),
        AssignNumber("2071", Orbit("Parked call 1")),
    ]


def _position(which: int, person: str = "") -> list[Command]:
    name = f"Switchboard, position {which}"
    user = User(f"{POSITION}{which}", name, "Switchboard", person=person)
    return [EnrollUser(user), AssignNumber(str(FIRST_POSITION + which - 1), Extension(name, user.id, HALL))]


def _offices(city: City) -> list[Office]:
    desks = [
        Office(str(2650 + which), f"{station.name.partition(',')[0]}, watch desk", "Fire", station.id.lower())
        for which, station in enumerate(_fire_stations(city), start=1)
    ]
    return [*OFFICES, *desks]


def _row(office: Office) -> PersonRow:
    user = User(f"office-{office.number}", office.name, office.department, f"{office.number}@city.example")
    return PersonRow(user, office.number, f"{DIRECT}{office.direct}" if office.direct else "", office.site)


def _devices(city: City) -> list[Device]:
    """A phone on each desk, and those that nobody sits at."""
    numbers = [office.number for office in _offices(city)]
    numbers += [str(FIRST_POSITION + which) for which in range(POSITIONS)]
    return [*(Device(f"{number}-1", number) for number in numbers), *OTHERS]


def _hours(city: City) -> Hours:
    day = (Span(MORNING, EVENING),)
    week = tuple(day if which < WORKDAYS else () for which in range(7))
    return Hours("Office hours", city.time_zone, week, (Holiday("2026-11-26", "Thanksgiving Day"),))


def _sites(city: City) -> list[Site]:
    """Each with a number of its own that 911 may call back, and a desk that is told."""
    buildings = [
        *BUILDINGS,
        *(Building(station.id.lower(), (station.name,), "1", "watch desk") for station in _fire_stations(city)),
    ]
    return [_site(city, which, one) for which, one in enumerate(buildings)]


def _site(city: City, which: int, building: Building) -> Site:
    address, municipality = _address(city, _building([*city.places, *city.stations], building.names))
    told, escalated = (f"desk.{building.id}@city.example",), ("security@city.example",)
    elins, inside = (f"{DIRECT}{50 + which}",), (building.floor, building.room)
    return Site(building.id, address, municipality, *inside, elins, told, escalated, building.validated)


def _fire_stations(city: City) -> list[Station]:
    return [station for station in city.stations if station.id.startswith("ST")][:STATIONS]


def _building(known: list[Place | Station], names: tuple[str, ...]) -> Place | Station:
    """The first that has one of the names, tried in their order, or is of a kind so called; else the first there is."""
    found = (one for name in names for one in known if name in {one.name, getattr(one, "kind", "")})
    return next(found, known[0])


def _address(city: City, place: Place | Station) -> tuple[str, str]:
    """The address of the geofile nearest to a place, and its municipality."""
    known = city.addresses
    east = (known.x - place.x) * math.cos(math.radians(place.y / 1e7))
    nearest = int(np.argmin(np.hypot(east, known.y - place.y)))
    municipality = known.areas[known.area[nearest]] if known.area[nearest] >= 0 else ""
    return f"{known.number[nearest]} {known.streets[known.street[nearest]]}", municipality
