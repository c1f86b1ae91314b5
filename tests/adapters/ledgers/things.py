"""The things of a dispatch fold, and the current rows of its ledger, in one form that can be compared.

Written apart from the projections: this reads the state, those read the lines.
"""

import json

import msgspec
from tests.adapters.ledgers.telling_things import told_by_fold, told_by_ledger

from redstick.dispatch.rules import needs, retirement

PLACE = {
    "place": "text",
    "x": "x",
    "y": "y",
    "municipality": "municipality",
    "quality": "quality",
    "place_source": "source",
    "uncertainty_m": "uncertainty_m",
    "in_geofile": "in_geofile",
    "caller_confirmed": "caller_confirmed",
}  # fmt: skip


def shown(state, facts):
    """What the live state holds and what has left it, as it then was: (calls, incidents, units)."""
    retired = {}
    for fact in facts:
        if isinstance(fact.event, retirement.Retired):
            retired[fact.event.incident or fact.event.calls[0]] = fact.event
        elif isinstance(fact.event, retirement.Recalled):
            del retired[fact.event.incident or fact.event.calls[0]]
    records = [msgspec.json.decode(event.record, type=retirement.Record) for event in retired.values()]
    calls = [*state.calls.values(), *(call for record in records for call in record.calls)]
    incidents = [*state.incidents.values(), *(record.incident for record in records if record.incident is not None)]
    return calls, incidents, list(state.units.values())


def of_fold(state, facts):
    """The things of the fold of these facts, whose state is `state`, by table and key."""
    calls, incidents, units = shown(state, facts)
    return {
        "calls": {call.id: call_row(call) for call in calls},
        "incidents": {incident.id: incident_row(incident) for incident in incidents},
        "assignments": {
            (incident.id, number): assignment_row(part)
            for incident in incidents
            for number, part in enumerate(sorted(parts(incident), key=lambda part: part.sequence), start=1)
        },
        "corrections": sorted(
            (
                (part.unit, one.stamp, one.was, one.reason)
                for i in incidents
                for part in parts(i)
                for one in part.corrections
            ),
            key=repr,
        ),
        "notes": {incident.id: [(note.at, note.text) for note in incident.notes] for incident in incidents},
        "units": {unit.id: unit_row(unit) for unit in units},
        **said_of_needs(facts),
        **told_by_fold(incidents, facts),
        **of_crews(state, incidents),
        "recommendations": recommended(incidents),
        "aid": {
            (incident.id, one.id): (one.lender, one.borrower, one.what, one.answer.value, one.answered_by, one.reason)
            for incident in incidents
            for one in incident.aid.values()
        },
    }


def of_crews(state, incidents):
    """Who rides on what, and how incidents are filed."""
    return {
        "shifts": {one.id: (one.unit, one.vehicle, one.responders, one.until) for one in state.shifts.values()},
        "cases": {(one.agency, one.year, one.sequence): i.id for i in incidents for one in i.cases},
    }


def recommended(incidents):
    """Whom each recommendation named, and what was sent instead."""
    return {
        (incident.id, one.id): (
            one.at, one.digest, one.plan_version, one.chosen,
            *((said.at, said.units, said.reason, said.regret_s) if (said := one.overridden) else [None] * 4),
        )
        for incident in incidents
        for one in incident.recommendations.values()
    }  # fmt: skip


def said_of_needs(facts):
    """What was recorded of needs and given up, by line: it is not all kept in the state."""
    told = {"needs": {}, "waivers": {}}
    for fact in facts:
        event, line = fact.event, fact.envelope.position
        if isinstance(event, needs.NeedsSet | needs.NeedsAdded):
            for one in event.requirements:
                further = isinstance(event, needs.NeedsAdded)
                told["needs"][event.incident, one.id, line] = (one.count, one.agency, event.plan, event.rule, further)
        elif isinstance(event, needs.NeedWaived | needs.NeedReinstated):
            row = (getattr(event, "count", 0), event.by, event.reason)
            told["waivers"][event.incident, event.need, line] = row
    return told


def of_ledger(ledger):
    """What the ledger says now, by table and key."""
    rows = {name: ledger.rows(name) for name in ledger.schema.tables}
    incidents = [row["incident"] for row in rows["incidents"]]
    calls = {name: [row["call"] for row in rows["calls"] if row["incident"] == name] for name in incidents}
    return {
        "calls": {row["call"]: without_versions(row, "call") for row in rows["calls"]},
        **told_by_ledger(rows),
        "shifts": {
            row["shift"]: (row["unit"], row["vehicle"], json.loads(row["responders"]), row["until"])
            for row in rows["shifts"]
            if row["ended_at"] is None
        },
        "cases": {(row["agency"], row["year"], row["sequence"]): row["incident"] for row in rows["cases"]},
        "incidents": {
            row["incident"]: without_versions(row, "incident")
            | {"zones": json.loads(row["zones"]), "calls": sorted(calls[row["incident"]])}
            for row in rows["incidents"]
        },
        "assignments": dict(assignments(rows)),
        "corrections": sorted(
            ((row["unit"], row["stamp"], row["was"], row["reason"]) for row in rows["times_corrected"]), key=repr
        ),
        "notes": {
            name: [(row["at"], row["text"]) for row in rows["notes"] if row["incident"] == name] for name in incidents
        },
        "units": {row["unit"]: unit_of(rows, row) for row in rows["units"]},
        "recommendations": {
            (row["incident"], row["recommendation"]): (
                row["recorded_at"],
                row["digest"],
                row["plan_version"],
                json.loads(row["chosen"]),
                row["overridden_at"],
                row["sent"] and json.loads(row["sent"]),
                row["reason"],
                row["regret_s"],
            )
            for row in rows["recommendations"]
        },
        "needs": {
            (row["incident"], row["need"], row["line"]): tuple(
                row[name] for name in ("count", "agency", "plan", "rule", "further")
            )
            for row in rows["needs"]
        },
        "waivers": {
            (row["incident"], row["need"], row["line"]): (row["count"], row["by"], row["reason"])
            for row in rows["waivers"]
        },
        "aid": {
            (row["incident"], row["request"]): tuple(
                row[name] for name in ("lender", "borrower", "what", "answer", "answered_by", "reason")
            )
            for row in rows["aid"]
        },
    }


def call_row(call):
    row = {name: getattr(call, name) for name in ("received_at", "source", "callback", "seat", "answered_at")}
    row |= {"state": call.state.value, "ended_at": call.ended_at, "incident": call.incident}
    return row | place(call.place)


def incident_row(incident):
    names = ("opened_at", "number", "kind", "priority", "original_priority", "alarm_level", "zones")
    row = {name: getattr(incident, name) for name in names} | place(incident.place)
    row |= {"call_group": incident.group, "calls": sorted(incident.calls)}
    return row | {name: getattr(incident, name) for name in ("closed_at", "disposition", "cancelled", "replaced_by")}


def unit_row(unit):
    names = ("kind", "agency", "station", "capabilities", "staffing", "work", "emergency_at", "since")
    row = {name: getattr(unit, name) for name in names}
    return row | {"status": unit.status.value, "seen": (unit.x, unit.y, unit.seen_at)}


def unit_of(rows, unit):
    [status] = [row for row in rows["statuses"] if row["unit"] == unit["unit"]]
    seen = [(row["x"], row["y"], row["seen_at"]) for row in rows["positions"] if row["unit"] == unit["unit"]]
    row = without_versions(unit, "unit")
    row |= {"capabilities": json.loads(unit["capabilities"]), "work": json.loads(unit["work"])}
    return row | {"status": status["status"], "since": status["since"], "seen": (*seen, (None, None, None))[0]}


def assignments(rows):
    counts = {}
    there = [row for row in rows["assignments"] if row["ending"] != "moved"]  # the others went over with a merge
    for row in sorted(there, key=lambda row: row["line"]):
        sequence = counts[row["incident"]] = counts.get(row["incident"], 0) + 1
        key = (row["incident"], row["unit"], row["line"])
        stamps = {
            time["stamp"]: time["true_at"]
            for time in rows["assignment_times"]
            if (time["incident"], time["unit"], time["line"]) == key
        }
        stands = tuple(row[name] for name in ("sent_for", "fit", "lent_by", "lent_to"))
        told = (row["unit"], row["sent_despite"], row["ended_at"], row["ending"], stands, stamps)
        yield (row["incident"], sequence), told


def assignment_row(part):
    stands = (part.need, part.fit, part.lent_by, part.lent_to)
    return (part.unit, part.sent_despite, part.ended_at, part.ending, stands, part.stamps)


def parts(incident):
    return (*incident.earlier, *incident.assignments.values())


def place(found):
    return {column: getattr(found, name) for column, name in PLACE.items()}


def without_versions(row, *key):
    hidden = {"valid_from", "valid_to", "recorded_from", "recorded_to", "position_from", "position_to", "recorded_by"}
    return {name: value for name, value in row.items() if name not in hidden and name not in key}
