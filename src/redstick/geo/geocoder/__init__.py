"""The geocoder: ranked places for a text, with reasons; Unique only where the text names one place exactly.

`build(roads, addresses, places, path)` makes the index, `Geocoder.open(path)` reads it, `.geocode(text)` answers.
"""

from redstick.geo.geocoder.build import FILE_NAME, BuildSummary, build, digest_of
from redstick.geo.geocoder.geocoder import Geocoder
from redstick.geo.geocoder.index import UnreadableIndex
from redstick.geo.geocoder.mileposts import Milepost
from redstick.geo.geocoder.result import (
    SENTENCES,
    Ambiguous,
    Candidate,
    Conflict,
    Method,
    NotFound,
    Partial,
    Quality,
    Reason,
    Result,
    Unique,
)
from redstick.geo.geocoder.suggest import Suggestion

__all__ = [
    "FILE_NAME",
    "SENTENCES",
    "Ambiguous",
    "BuildSummary",
    "Candidate",
    "Conflict",
    "Geocoder",
    "Method",
    "Milepost",
    "NotFound",
    "Partial",
    "Quality",
    "Reason",
    "Result",
    "Suggestion",
    "Unique",
    "UnreadableIndex",
    "build",
    "digest_of",
]
