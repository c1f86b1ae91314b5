"""Findings as OCSF Detection Findings (class 2004 of the Open Cybersecurity Schema Framework 1.5.0), one a line.

An event of which no time is known takes the time of the scan, which OCSF allows as the time of the finding.
"""

import re
from typing import Any

import msgspec

from redstick import __version__
from redstick.defense.findings.finding import Finding, severity
from redstick.defense.findings.json_lines import because_objects, rule_object

VERSION = "1.5.0"
CLASS_UID, CATEGORY_UID, CREATE = 2004, 2, 1
_SEVERITIES = ("Informational", "Low", "Medium", "High", "Critical")  # OCSF's ids are these places and 1
_TECHNIQUE = re.compile(r"attack\.(t\d{4})(\.\d{3})?", re.IGNORECASE)
_TACTIC = re.compile(r"attack\.([a-z][a-z_-]+)")


def ocsf_line(finding: Finding, now_ms: int) -> str:
    """One Detection Finding as JSON."""
    return msgspec.json.encode(detection_finding(finding, now_ms)).decode()


def detection_finding(finding: Finding, now_ms: int) -> dict[str, Any]:
    """The finding as an object of class 2004."""
    level = severity(finding.about)
    out: dict[str, Any] = {
        "activity_id": CREATE,
        "activity_name": "Create",
        "category_uid": CATEGORY_UID,
        "category_name": "Findings",
        "class_uid": CLASS_UID,
        "class_name": "Detection Finding",
        "type_uid": CLASS_UID * 100 + CREATE,
        "type_name": "Detection Finding: Create",
        "severity_id": level + 1,
        "severity": _SEVERITIES[level],
        "status_id": 1,
        "status": "New",
        "is_alert": level > 0,
        "time": now_ms if finding.last_ms is None else finding.last_ms,
        "count": finding.events,
        "message": finding.about.title,
        "metadata": _metadata(finding),
        "finding_info": _finding_info(finding),
        "evidences": [{"data": finding.fields}] if finding.fields else [{"data": {"events": finding.events}}],
        "unmapped": {
            "sigma": rule_object(finding.about),
            "because": because_objects(finding),
            "places": finding.places,
        },
    }
    if finding.first_ms is not None:
        out |= {"start_time": finding.first_ms, "end_time": finding.last_ms}
    if finding.host:
        out["device"] = {"type_id": 0, "type": "Unknown", "hostname": finding.host}
    return out


def _metadata(finding: Finding) -> dict[str, Any]:
    metadata: dict[str, Any] = {
        "version": VERSION,
        "uid": finding.uid,
        "product": {"name": "Redstick", "vendor_name": "Redstick", "version": __version__},
    }
    if finding.source is not None:
        metadata["log_name"] = finding.source.channel or "/".join((finding.source.product, *finding.source.services))
        if finding.source.event_id:
            metadata["event_code"] = finding.source.event_id
    provider = finding.fields.get("Provider_Name")
    return metadata | ({"log_provider": provider} if isinstance(provider, str) else {})


def _finding_info(finding: Finding) -> dict[str, Any]:
    about = finding.about
    info: dict[str, Any] = {
        "uid": finding.uid,
        "title": about.title,
        "analytic": {"type_id": 1, "type": "Rule", "uid": about.id, "name": about.title},
        "data_sources": list(dict.fromkeys(place.rpartition("#")[0] for place in finding.places)),
        "related_events_count": finding.events,
    }
    if finding.first_ms is not None:
        info |= {"first_seen_time": finding.first_ms, "last_seen_time": finding.last_ms}
    if about.description:
        info["desc"] = about.description
    attacks = [attack for tag in about.tags if (attack := _attack(tag)) is not None]
    return info | ({"attacks": attacks} if attacks else {})


def _attack(tag: str) -> dict[str, Any] | None:
    """A Sigma tag of the `attack` namespace as an OCSF attack: a technique, a sub-technique with it, or a tactic."""
    found = _TECHNIQUE.fullmatch(tag)
    if found is not None:
        technique = found[1].upper()
        whole = {"technique": {"uid": technique}}
        return whole | ({"sub_technique": {"uid": technique + found[2]}} if found[2] else {})
    found = _TACTIC.fullmatch(tag)
    return None if found is None else {"tactic": {"name": found[1].replace("-", " ").replace("_", " ").title()}}
