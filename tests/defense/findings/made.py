"""A small rule set, made up, and logs that it fires on."""

import json
from datetime import UTC, datetime

import yaml

from redstick.defense.findings.scan import Scan
from redstick.defense.readers.files import Settings
from redstick.defense.sigma.image import compile_files

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SETTINGS = Settings(NOW)

FAILED = {
    "title": "Failed sign-in",
    "id": "00000000-0000-4000-8000-000000000001",
    "name": "failed",
    "level": "low",
    "logsource": {"product": "city", "category": "door"},
    "detection": {"selection": {"result": "failed"}, "condition": "selection"},
}
SPRAY = {
    "title": "Many doors tried",
    "id": "00000000-0000-4000-8000-000000000002",
    "level": "high",
    "author": "A. Author",
    "correlation": {
        "type": "value_count",
        "rules": ["failed"],
        "group-by": ["card"],
        "timespan": "10m",
        "condition": {"gte": 3, "field": "door"},
    },
}
FORCED = {
    "title": "Door forced",
    "id": "00000000-0000-4000-8000-000000000003",
    "level": "critical",
    "author": "B. Author",
    "description": "A door was opened without a card.",
    "references": ["https://example.com/doors"],
    "tags": ["attack.t1200", "attack.t1078.003", "attack.initial-access", "attack.g0007"],
    "falsepositives": ["Fire drill"],
    "logsource": {"product": "city", "category": "door"},
    "detection": {
        "selection": {"result|contains": "forced"},
        "filter": {"door": "test"},
        "condition": "selection and not filter",
    },
}


def compiled(*documents):
    """These documents as a rule set."""
    text = "\n---\n".join(yaml.safe_dump(document) for document in documents)
    found, _ = compile_files({"made.yml": text.encode()})
    return found


def event(minute=0, second=0, **fields):
    """One event of a door, as a line of JSON."""
    time = f"2026-03-01T10:{minute:02}:{second:02}Z"
    source = {"product": "city", "category": "door"}
    return json.dumps({"timestamp": time, "host": "door-1", "logsource": source, **fields})


def scanned(rules, *paths, settings=SETTINGS, **more):
    """Findings and the scan."""
    scan = Scan(rules, settings, **more)
    return list(scan.run(paths)), scan
