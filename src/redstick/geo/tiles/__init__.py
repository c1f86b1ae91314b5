"""Our own map: a city cut into Mapbox Vector Tiles, straight from its roads, ground, zones and places."""

from redstick.geo.tiles.cutting import TileCutter
from redstick.geo.tiles.grid import MAX_ZOOM, MIN_ZOOM, in_grid
from redstick.geo.tiles.sheets import VERSION, sheets_of

__all__ = ["MAX_ZOOM", "MIN_ZOOM", "VERSION", "TileCutter", "in_grid", "sheets_of"]
