"""Which system wrote a JSON event."""

import pytest

from redstick.defense.readers.json_sources import GENERIC, classify
from redstick.defense.sigma.logsources import Source


@pytest.mark.parametrize(
    ("document", "source"),
    [
        ({"eventSource": "iam.amazonaws.com", "eventName": "CreateUser"}, Source("aws", ("cloudtrail",))),
        ({"kind": "Event", "apiVersion": "audit.k8s.io/v1"}, Source("kubernetes", ("audit",), ("application",))),
        ({"protoPayload": {}}, Source("gcp", ("gcp.audit",))),
        ({"eventType": "x", "published": "x", "actor": {}}, Source("okta", ("okta",))),
        ({"operationName": "x", "category": "SignInLogs"}, Source("azure", ("signinlogs",))),
        ({"operationName": "x", "category": "?"}, Source("azure")),
        ({"action": "x", "actor": "x", "org": "x"}, Source("github", ("audit",))),
        ({"logdata": {}, "logtype": 1}, Source("opencanary", (), ("application",))),
        ({"logsource": {"product": "City", "category": "door"}}, Source("city", (), ("door",))),
        ({"logsource": "city"}, GENERIC),
        ({"anything": 1}, GENERIC),
        ({"_path": "dns"}, Source("zeek", ("dns",), ("dns",))),
        ({"event_type": "alert", "src_ip": "1.2.3.4"}, Source("suricata", ("alert",))),
    ],
)
def test_the_fields_that_only_one_system_has_name_it(document, source):
    """And a document that says nothing of its writer is `json`."""
    assert classify(document)[0] == source


def test_microsoft_365_names_its_services():
    """One audit log feeds several of Sigma's services."""
    source, fields = classify({"Workload": "Exchange", "Operation": "New-InboxRule", "Parameters": {"a": 1}})
    assert (source.product, "exchange" in source.services, fields["Parameters.a"]) == ("m365", True, 1)
