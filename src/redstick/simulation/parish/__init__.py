"""A made-up river parish: roads, addresses, zones, stations and units, the same bytes for the same seed.

No real place is copied. It lies in open water of the Gulf, so that none of its addresses can be taken for a real one.
"""

from redstick.simulation.parish.companion import companion_bytes, counts, load_parish, save_companion
from redstick.simulation.parish.generate import SIZES, Parish, generate

__all__ = ["SIZES", "Parish", "companion_bytes", "counts", "generate", "load_parish", "save_companion"]
