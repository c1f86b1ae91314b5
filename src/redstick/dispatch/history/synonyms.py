"""What vendors and cities call the columns of their exports.

A header is taken apart into words ("OnSceneDtTm", "on_scene_dttm" and "On Scene DtTm" are alike) and the words that say
only that it is a time are set aside. A phrase that stands earlier in its list is the better name for the thing.
"""

import re

_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[a-z]+|\d+")
_COMPOUND = {
    "dttm": ("time",),
    "datetime": ("time",),
    "dt": ("time",),
    "tm": ("time",),
    "ts": ("time",),
    "timestamp": ("time",),
    "enroute": ("en", "route"),
    "onscene": ("on", "scene"),
    "keymap": ("key", "map"),
    "zipcode": ("zip",),
    "calltype": ("call", "type"),
    "num": ("number",),
    "no": ("number",),
    "nbr": ("number",),
    "nmbr": ("number",),
    "txt": ("text",),
    "desc": ("description",),
    "rcvd": ("received",),
    "recd": ("received",),
    "disp": ("dispatched",),
    "arrv": ("arrived",),
    "arr": ("arrived",),
    "avail": ("available",),
    "inc": ("incident",),
    "dept": ("department",),
    "lng": ("longitude",),
    "lon": ("longitude",),
    "lat": ("latitude",),
}
TIME_WORDS = frozenset({"time", "date", "at", "when", "moment", "utc", "gmt", "local", "epoch", "stamp"})
# Words before or behind a name that change nothing about what it is.
_FILLERS = frozenset(
    {"the", "of", "id", "number", "text", "description", "code", "name", "value", "properties", "first"}
)

STAMP_PHRASES: dict[str, tuple[str, ...]] = {
    "received": (
        "received",
        "call received",
        "psap received",
        "alarm received",
        "call",
        "alarm",
        "reported",
        "report",
        "call start",
        "call taken",
        "start",
        "initiated",
        "event",
        "incident",
        "cfs",
        "occurred",
        "",
    ),
    "answered": ("answered", "call answered", "answer", "phone answered", "picked up", "phone pickup", "call pickup"),
    "entered": (
        "entry",
        "entered",
        "call entry",
        "created",
        "create",
        "call created",
        "incident created",
        "opened",
        "open",
        "input",
        "in queue",
        "queued",
    ),
    "dispatched": (
        "dispatch",
        "dispatched",
        "unit dispatched",
        "assigned",
        "unit assigned",
        "notified",
        "unit notified",
        "alerted",
        "paged",
        "toned",
        "tone",
        "dispatched call",
    ),
    "acknowledged": ("acknowledged", "acknowledge", "ack"),
    "en_route": (
        "en route",
        "unit en route",
        "responding",
        "response",
        "responded",
        "rolling",
        "respond",
        "turnout",
    ),
    "staged": ("staged", "staging"),
    "on_scene": (
        "on scene",
        "unit on scene",
        "arrived",
        "arrival",
        "arrive",
        "at scene",
        "unit arrived",
        "arrived on scene",
        "on scene arrival",
        "arrived scene",
        "scene",
    ),
    "patient_contact": ("patient contact", "at patient", "patient side", "arrived at patient", "patient"),
    "transport": (
        "transport",
        "transporting",
        "begin transport",
        "left scene",
        "leave scene",
        "depart scene",
        "departed scene",
    ),
    "at_hospital": (
        "hospital",
        "at hospital",
        "arrived hospital",
        "arrive hospital",
        "arrived at hospital",
        "destination",
        "at destination",
        "arrived destination",
        "transport arrived",
        "arrived transport",
    ),
    "clear": ("clear", "cleared", "unit clear", "unit cleared", "call clear", "call cleared", "left hospital"),
    "available": ("available", "in service", "back in service", "unit available", "free", "ready"),
    "closed": (
        "closed",
        "close",
        "call closed",
        "incident closed",
        "completed",
        "complete",
        "end",
        "finish",
        "finished",
    ),
}
CATEGORY_PHRASES: dict[str, tuple[str, ...]] = {
    "call": (
        "call number",
        "call id",
        "cfs number",
        "cfs id",
        "cfs",
        "call for service number",
        "master incident",
        "call",
    ),
    "incident": (
        "incident number",
        "incident id",
        "event number",
        "event id",
        "run number",
        "incident",
        "event",
        "case number",
        "report number",
        "uid",
        "guid",
        "object id",
    ),
    "unit": (
        "unit id",
        "unit number",
        "unit",
        "units",
        "apparatus",
        "apparatus id",
        "vehicle",
        "vehicle id",
        "call sign",
        "radio name",
        "resource",
        "responding unit",
        "responding units",
        "assigned units",
        "unit call sign",
    ),
    "unit_kind": ("unit type", "apparatus type", "vehicle type", "unit class", "resource type", "unit kind"),
    "call_type": (
        "call type",
        "incident type",
        "event type",
        "nature",
        "call nature",
        "nature of call",
        "problem",
        "problem nature",
        "type",
        "call description",
        "incident description",
        "initial type",
        "final call type",
        "call type final",
    ),
    "call_group": (
        "call type group",
        "call group",
        "incident group",
        "type group",
        "problem group",
        "category",
        "call category",
        "incident category",
        "service",
        "discipline",
    ),
    "priority": (
        "priority",
        "call priority",
        "incident priority",
        "original priority",
        "initial priority",
        "alarm level",
    ),
    "final_priority": ("final priority", "priority final", "closing priority"),
    "area": (
        "box",
        "beat",
        "patrol beat",
        "zone",
        "sector",
        "response area",
        "reporting district",
        "grid",
        "key map",
        "area",
        "district",
        "police district",
        "precinct",
        "esz",
        "neighborhood",
    ),
    "station_area": ("station area", "station", "first due", "first due station", "fire station"),
    "battalion": ("battalion", "division"),
    "address": (
        "address",
        "incident address",
        "full address",
        "location",
        "incident location",
        "location text",
        "block address",
        "street address",
        "block",
        "street",
        "common place",
        "intersection",
    ),
    "municipality": ("city", "municipality", "town", "incident city", "place", "community", "jurisdiction"),
    "postcode": ("zip", "zip of incident", "incident zip", "postal", "postcode", "postal code", "zip code"),
    "disposition": (
        "disposition",
        "final disposition",
        "call final disposition",
        "call disposition",
        "dispo",
        "outcome",
        "clearance",
        "result",
    ),
    "agency": ("agency", "department", "responding agency", "agency type", "organization"),
}
PLACE_PHRASES: dict[str, tuple[str, ...]] = {
    "longitude": ("longitude", "x", "long", "x coordinate", "geo x", "coord x"),
    "latitude": ("latitude", "y", "y coordinate", "geo y", "coord y"),
    "point": ("location", "point", "geometry coordinates", "coordinates", "geom", "geometry", "position", "shape"),
}


def words(header: str) -> tuple[str, ...]:
    """The words of a header, in lower case, known run-together words and abbreviations taken apart."""
    found: list[str] = []
    spaced = _BOUNDARY.sub(" ", header.replace("#", " number ").replace("DtTm", " dttm ").replace("DateTime", " time "))
    for word in _WORD.findall(spaced.lower()):
        found += _COMPOUND.get(word, (word,))
    return tuple(found)


def says_time(header: str) -> bool:
    """Whether the header says that it holds a time."""
    return bool(TIME_WORDS & set(words(header)))


def stamp_score(stamp: str, header: str) -> float:
    """How well a header names a stamp: 0 not at all, up to 4."""
    return _score(STAMP_PHRASES[stamp], tuple(word for word in words(header) if word not in TIME_WORDS))


def category_score(category: str, header: str) -> float:
    """How well a header names a category: 0 not at all, up to 4."""
    return _score(CATEGORY_PHRASES[category], words(header))


def place_score(part: str, header: str) -> float:
    """How well a header names a longitude, a latitude or a point: 0 not at all, up to 4."""
    return _score(PLACE_PHRASES[part], words(header))


def _score(phrases: tuple[str, ...], said: tuple[str, ...]) -> float:
    best = 0.0
    plain = tuple(word for word in said if word not in _FILLERS)
    for rank, phrase in enumerate(phrases):
        wanted = tuple(phrase.split())
        place = rank / (2 * len(phrases))
        if said == wanted:
            best = max(best, 4 - place)
        elif wanted and plain == tuple(word for word in wanted if word not in _FILLERS) and plain:
            best = max(best, 3 - place)
        elif wanted and len(said) > len(wanted) and _contains(said, wanted):
            # The more the header says beside the phrase, the less the phrase is what it means.
            best = max(best, 1 + len(wanted) / len(said) - place)
    return best


def _contains(said: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    return any(said[i : i + len(wanted)] == wanted for i in range(len(said) - len(wanted) + 1))
