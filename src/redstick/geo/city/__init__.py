"""The city folder: everything that is known about a city before anything happens in it.

Roads, addresses, common places, zones, stations, units and closures, as one value (`City`) and as one folder of plain
files (`save_city`, `load_city`) whose manifest carries the SHA-256 of every file.
"""

from redstick.geo.city.folder import DamagedCity, load_city, save_city, sealed
from redstick.geo.city.model import Addresses, City, Closure, Ground, Milepost, Place, Ring, Station, Unit, Zone

__all__ = [
    "Addresses",
    "City",
    "Closure",
    "DamagedCity",
    "Ground",
    "Milepost",
    "Place",
    "Ring",
    "Station",
    "Unit",
    "Zone",
    "load_city",
    "save_city",
    "sealed",
]
