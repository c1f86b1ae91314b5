"""The tables of the dispatch ledger: one for each thing that people look up, and one for each kind of remark on it.

Columns bear the names of the fields in `rules/`. `line` in a key is the position of the line that began the row, so
that any row can be found in the journal and proven. Lists and maps are JSON text.
"""

from collections.abc import Mapping, Sequence

import msgspec

from redstick.dispatch.rules.assignments import STAMPS
from redstick.kernel.ledgers import Column, Kind, Table, View

_LINE = Column("line", Kind.LINE)
_INCIDENT, _UNIT, _CALL = Column("incident"), Column("unit"), Column("call")

MOVED = "moved"  # the ending of a row whose part a merge took elsewhere, or a split back

_PLACE = (
    Column("place"),
    Column("x", Kind.INTEGER),
    Column("y", Kind.INTEGER),
    Column("municipality"),
    Column("quality"),
    Column("place_source"),
    Column("uncertainty_m", Kind.INTEGER),
    Column("in_geofile", Kind.FLAG),
    Column("caller_confirmed", Kind.FLAG),
)

CALLS = Table(
    "calls",
    "Contacts by voice, text, alarm or on foot; `incident` is the one that the call speaks of, empty text for none.",
    (_CALL,),
    (
        Column("received_at", Kind.INSTANT),
        Column("state"),
        Column("source"),
        Column("callback"),
        *_PLACE,
        Column("seat"),
        Column("answered_at", Kind.INSTANT),
        Column("ended_at", Kind.INSTANT),
        Column("incident"),
    ),
)

INCIDENTS = Table(
    "incidents",
    "What happened and is or was worked. `call_group` is the field `group`, a word that SQL keeps for itself.",
    (_INCIDENT,),
    (
        Column("opened_at", Kind.INSTANT),
        Column("number"),
        Column("kind"),
        Column("call_group"),
        Column("priority", Kind.INTEGER),
        Column("original_priority", Kind.INTEGER),
        *_PLACE,
        Column("zones"),
        Column("alarm_level", Kind.INTEGER),
        Column("closed_at", Kind.INSTANT),
        Column("disposition"),
        Column("cancelled", Kind.FLAG),
        Column("replaced_by"),
    ),
)

ASSIGNMENTS = Table(
    "assignments",
    "Units sent to incidents, in the order of `line`; a unit sent again has a further row, whose `earlier_line` is the "
    "line of the one before. `sent_for` is a need. A row whose `ending` is `moved` went over to another incident.",
    (_INCIDENT, _UNIT, _LINE),
    (
        Column("sent_despite"),
        Column("ended_at", Kind.INSTANT),
        Column("ending"),
        Column("sent_for"),
        Column("fit"),
        Column("lent_by"),
        Column("lent_to"),
        Column("earlier_line", Kind.INTEGER),
    ),
)

TIMES = Table(
    "assignment_times",
    "Each time of an assignment, by its kind. Valid from that time on: a corrected one moves.",
    (_INCIDENT, _UNIT, _LINE, Column("stamp")),
    (Column("true_at", Kind.INSTANT),),
)

TIMES_CORRECTED = Table(
    "times_corrected",
    "Each correction of a time: what stood there (empty when nothing did), what is true, and why.",
    (_INCIDENT, _UNIT, _LINE),
    (Column("stamp"), Column("was", Kind.INSTANT), Column("true_at", Kind.INSTANT), Column("reason")),
)

UNITS = Table(
    "units",
    "The roster. `work` lists the incidents of the unit's open assignments, the primary one first.",
    (_UNIT,),
    (
        Column("kind"),
        Column("agency"),
        Column("station"),
        Column("capabilities"),
        Column("staffing", Kind.INTEGER),
        Column("work"),
        Column("emergency_at", Kind.INSTANT),
    ),
)

STATUSES = Table(
    "statuses",
    "What each unit was doing, over time; `how` says by which event it is known. A late report changes the past alone.",
    (_UNIT,),
    (
        Column("status"),
        Column("since", Kind.INSTANT),
        Column("how"),
        _INCIDENT,
        Column("unexpected", Kind.FLAG),
        Column("assignment_left_open", Kind.FLAG),
    ),
)

POSITIONS = Table(
    "positions",
    "Where each unit reported to be, in 1e-7 degrees, over time.",
    (_UNIT,),
    (Column("x", Kind.INTEGER), Column("y", Kind.INTEGER), Column("seen_at", Kind.INSTANT)),
)

NOTES = Table(
    "notes",
    "The narratives, line by line.",
    (_INCIDENT, _LINE),
    (Column("at", Kind.INSTANT), Column("text"), Column("actor")),
)

REJECTIONS = Table(
    "rejections",
    "What was asked and refused: a stable code, and the data that explains it as JSON text.",
    (_LINE,),
    (Column("at", Kind.INSTANT), Column("actor"), Column("command"), Column("code"), Column("data")),
)

TABLES = (
    CALLS, INCIDENTS, ASSIGNMENTS, TIMES, TIMES_CORRECTED, UNITS, STATUSES, POSITIONS, NOTES, REJECTIONS
)  # fmt: skip

_TIMES = ", ".join(f"MAX(CASE WHEN stamp = '{stamp}' THEN true_at END) AS {stamp}" for stamp in STAMPS)

TIMELINES = View(
    "timelines",
    "One row for each assignment, one column for each kind of time: what response times are computed from.",
    f"SELECT incident, unit, line, {_TIMES} FROM assignment_times_now GROUP BY incident, unit, line",  # noqa: S608  (our own names)
)


def json_text(value: Sequence[str] | Mapping[str, str]) -> str:
    """A list or a map as it stands in a column: canonical, keys in order, so that equal values are equal text."""
    return msgspec.json.encode(value, order="sorted").decode()
