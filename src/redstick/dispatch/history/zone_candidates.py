"""Which time zones a place could lie in: evidence for a person who is asked, never an answer."""

# Rough boxes (west, east, south, north, in degrees) that overlap where borders run; the zones of the United States.
_BOXES: tuple[tuple[str, tuple[float, float, float, float]], ...] = (
    ("America/New_York", (-88.0, -66.9, 24.4, 48.0)),
    ("America/Chicago", (-104.1, -84.9, 25.8, 49.5)),
    ("America/Denver", (-117.3, -100.0, 31.2, 49.1)),
    ("America/Phoenix", (-114.9, -109.0, 31.3, 37.1)),
    ("America/Los_Angeles", (-124.9, -114.0, 32.4, 49.1)),
    ("America/Anchorage", (-169.9, -129.9, 54.5, 71.5)),
    ("Pacific/Honolulu", (-160.6, -154.6, 18.8, 22.4)),
    ("America/Puerto_Rico", (-67.4, -64.4, 17.6, 18.6)),
    ("Pacific/Guam", (144.5, 146.1, 13.1, 15.4)),
)


def zone_candidates(longitude: float, latitude: float) -> list[str]:
    """The zones whose box holds the place, else the ocean zone of its longitude (15 degrees an hour)."""
    found = [
        zone for zone, (west, east, south, north) in _BOXES if west <= longitude <= east and south <= latitude <= north
    ]
    hours = round(longitude / 15)
    return found or [f"a zone about {abs(hours)} hours {'east' if hours >= 0 else 'west'} of Greenwich"]
