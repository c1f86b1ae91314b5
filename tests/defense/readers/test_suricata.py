"""Suricata EVE: the event type names the source, Sigma's field names stand beside."""

import pytest

from redstick.defense.readers.json_sources import classify
from redstick.defense.sigma.logsources import Source

HEAD = {"timestamp": "2026-01-01T00:00:00.000000+0000", "flow_id": 1, "src_ip": "10.0.0.1", "dest_ip": "10.0.0.2"}


@pytest.mark.parametrize(
    ("event", "source", "names"),
    [
        (
            {"event_type": "http", "http": {"url": "/x", "hostname": "h", "http_user_agent": "curl", "status": 404}},
            Source("suricata", ("http",), ("proxy", "webserver")),
            {"c-uri": "/x", "cs-host": "h", "c-useragent": "curl", "sc-status": 404, "dst_ip": "10.0.0.2"},
        ),
        (
            {
                "event_type": "dns",
                "dns": {"rrname": "evil.example", "answers": [{"rdata": "1.1.1.1"}, {"rdata": "1.0.0.1"}]},
            },
            Source("suricata", ("dns",), ("dns",)),
            {"query": "evil.example", "answer": ["1.1.1.1", "1.0.0.1"]},
        ),
        (
            {"event_type": "flow", "dest_port": 22},
            Source("suricata", ("flow", "netflow"), ("firewall",)),
            {"dst_port": 22},
        ),
        ({"event_type": "alert", "alert": {"severity": 1}}, Source("suricata", ("alert",)), {"alert.severity": 1}),
    ],
)
def test_an_eve_record_feeds_the_categories_of_its_type(event, source, names):
    """HTTP, DNS, flows and alerts."""
    found, fields = classify(HEAD | event)
    assert found == source
    assert {name: fields[name] for name in names} == names
