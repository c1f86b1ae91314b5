"""What a city is made of, as plain values. Positions are integers of 1e-7 degrees (WGS 84), times UTC milliseconds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from redstick.geo.roads import I32, Roads

Ring = NDArray[np.int32]  # (k, 2) longitude, latitude; the last point repeats the first


@dataclass(frozen=True)
class Addresses:
    """Address points, as parallel arrays: entry `i` of each speaks of address `i`.

    `number` is the whole house number and `number_suffix` what follows it (`1/2`, `B`); `unit` is the apartment or
    suite. `street`, `area` (municipality) and `postcode` index the lists of their plural; -1 means unknown.
    """

    x: I32
    y: I32
    number: I32
    number_suffix: list[str]
    unit: list[str]
    street: I32
    streets: list[str]
    area: I32
    areas: list[str]
    postcode: I32
    postcodes: list[str]

    def __len__(self) -> int:
        """How many addresses there are."""
        return len(self.number)

    @classmethod
    def none(cls) -> "Addresses":
        """No addresses at all: a city may live on ranges alone."""
        zero = np.zeros(0, np.int32)
        return cls(zero, zero, zero, [], [], zero, [], zero, [], zero, [])


@dataclass(frozen=True)
class Place:
    """A common place: what callers name instead of an address. `address` is the source's own text, or empty."""

    id: str
    name: str
    x: int
    y: int
    kind: str = ""
    aliases: tuple[str, ...] = ()
    address: str = ""
    area: str = ""


@dataclass(frozen=True)
class Milepost:
    """A post, or an exit, on a route. `measure_milli` is in thousandths of the route's own unit (miles, kilometres).

    `route` as roads spell it (`I 10`, `US 61`); `direction` one of N, E, S, W, or empty where one set of posts serves
    both; `label` an exit's letter, or empty.
    """

    route: str
    direction: str
    measure_milli: int
    x: int
    y: int
    label: str = ""
    exit: bool = False


@dataclass(frozen=True, eq=False)
class Zone:
    """One polygon (or several) of one layer: a beat, a fire district, a municipality, an ESN.

    `polygons` holds, per polygon, its outer ring and then its holes. The lower `rank`, the more the zone counts where
    zones of a layer overlap. A zone holds from `effective_from_ms` (included) until `effective_until_ms` (excluded);
    None is open. `shift` further limits it to minutes of the local day, first included, second excluded, and may run
    over midnight: (1140, 420) is 19:00 to 07:00.
    """

    id: str
    name: str
    layer: str
    kind: str
    polygons: tuple[tuple[Ring, ...], ...]
    rank: int = 0
    effective_from_ms: int | None = None
    effective_until_ms: int | None = None
    shift: tuple[int, int] | None = None
    attributes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Station:
    """Where units are quartered."""

    id: str
    name: str
    x: int
    y: int
    address: str = ""


@dataclass(frozen=True)
class Unit:
    """A unit as it is planned: its kind (engine, truck, medic, patrol), home station and capabilities, sorted."""

    id: str
    kind: str
    station: str = ""
    capabilities: tuple[str, ...] = ()
    agency: str = ""


@dataclass(frozen=True)
class Closure:
    """Segments that may not be driven, by the source's segment ids, from a time until a time (None is open)."""

    id: str
    segments: tuple[str, ...]
    reason: str = ""
    effective_from_ms: int | None = None
    effective_until_ms: int | None = None


@dataclass(frozen=True, eq=False)
class Ground:
    """Something to draw under a map: `kind` is water or park."""

    kind: str
    name: str
    polygons: tuple[tuple[Ring, ...], ...]


@dataclass(frozen=True, eq=False)
class City:
    """Everything that is known about a city before anything happens in it.

    `time_zone` is an IANA name. `attribution` are the credits that any map or document made from it must show.
    `digest` is the SHA-256 over the content of every file of the folder; empty until `sealed`.
    """

    name: str
    time_zone: str
    roads: Roads
    addresses: Addresses = field(default_factory=Addresses.none)
    places: tuple[Place, ...] = ()
    mileposts: tuple[Milepost, ...] = ()
    zones: tuple[Zone, ...] = ()
    stations: tuple[Station, ...] = ()
    units: tuple[Unit, ...] = ()
    closures: tuple[Closure, ...] = ()
    ground: tuple[Ground, ...] = ()
    attribution: tuple[str, ...] = ()
    digest: str = ""
