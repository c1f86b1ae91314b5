"""Findings as JSON lines: one object a finding, and a last one that accounts for everything received."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from redstick.defense.findings.finding import Finding
from redstick.defense.findings.scan import Account
from redstick.defense.sigma.explain import event_source_text
from redstick.defense.sigma.image import Compiled
from redstick.defense.sigma.rules import Title


def finding_line(finding: Finding) -> str:
    """One finding; `kind` is `detection` or `correlation`."""
    body: dict[str, Any] = {
        "kind": finding.kind,
        "uid": finding.uid,
        "level": finding.about.level,
        "rule": rule_object(finding.about),
        "first": iso(finding.first_ms),
        "last": iso(finding.last_ms),
        "events": finding.events,
        "host": finding.host or None,
        "places": finding.places,
    }
    if finding.kind == "detection":
        body |= {
            "source": None if finding.source is None else event_source_text(finding.source),
            "because": because_objects(finding),
            "fields": finding.fields,
        }
    else:
        body |= {"value": finding.value, "group": finding.fields}
    return msgspec.json.encode(body).decode()


def because_objects(finding: Finding) -> list[dict[str, Any]]:
    """The comparisons that made the rule fire: each as it is `wanted`."""
    return [{"comparison": r.text, "wanted": r.wanted, "field": r.field, "seen": r.seen} for r in finding.because]


def rule_object(about: Title) -> dict[str, Any]:
    """What goes with every finding of a rule: its author and references too, as its licence asks."""
    return {
        "id": about.id,
        "title": about.title,
        "status": about.status,
        "author": about.author,
        "description": about.description,
        "references": about.references,
        "tags": about.tags,
        "false_positives": about.false_positives,
        "path": about.path,
    }


def summary_line(account: Account, compiled: Compiled) -> str:
    """The account of a scan: what was received, from where, and which rules could not be used."""
    return msgspec.json.encode({"kind": "summary"} | account_object(account, compiled)).decode()


def account_object(account: Account, compiled: Compiled) -> dict[str, Any]:
    """Plain values."""
    rules = compiled.rules
    return {
        "findings": account.findings,
        "held_back": account.held_back,
        "events": account.whole.as_json(),
        "files": {name: tally.as_json() for name, tally in account.files.items()},
        "unreadable": account.unreadable,
        "skipped": account.skipped,
        "unwatched": account.unwatched,
        "correlations": {**account.correlations, "without a time": account.without_time},
        "rules": {
            "digest": compiled.digest,
            "detections": len(rules.rules),
            "correlations": len(rules.correlations),
            "refused": [{"path": r.path, "title": r.title, "reason": r.reason} for r in rules.refusals],
            "unrouted": rules.unrouted,
        },
    }


def iso(time_ms: int | None) -> str | None:
    """A time as ISO 8601 text in UTC."""
    if time_ms is None:
        return None
    return datetime.fromtimestamp(time_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
