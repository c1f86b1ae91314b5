"""A place as dispatch knows it: what was said, where that is, and how we know."""

import msgspec


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where something is.

    `text` is what was entered, verbatim: a reverse geocode never overwrites it. `x` and `y` are longitude and latitude
    in 1e-7 degrees (WGS 84) or None. `quality` is that of the position (rooftop, interpolated, block, corner, centroid,
    device); `source` says who said so. An unverified place may be dispatched and is flagged wherever it is shown.
    """

    text: str = ""
    x: int | None = None
    y: int | None = None
    municipality: str = ""
    quality: str = ""
    source: str = ""
    uncertainty_m: int | None = None
    in_geofile: bool = False
    caller_confirmed: bool = False

    @property
    def located(self) -> bool:
        """True when there is a position."""
        return self.x is not None and self.y is not None
