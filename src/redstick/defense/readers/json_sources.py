"""Which system wrote a JSON event, by the fields that only it has; and Sigma's names for some of its fields."""

from typing import Any

from redstick.defense.readers.flatten import flattened
from redstick.defense.readers.suricata import suricata_event
from redstick.defense.readers.windows import flat_windows
from redstick.defense.readers.zeek import zeek_event
from redstick.defense.sigma.logsources import Source

GENERIC = Source("json")
_AZURE = {
    "auditlogs": "auditlogs",
    "signinlogs": "signinlogs",
    "administrative": "activitylogs",
    "noninteractiveusersigninlogs": "signinlogs",
}


def classify(document: dict[str, Any]) -> tuple[Source, dict[str, Any]]:
    """Source and flat fields of a decoded event; a document that says nothing of its writer has the source `json`."""
    windows = flat_windows(document)
    if windows is not None:
        return windows
    if "_path" in document:
        return zeek_event(str(document["_path"]), flattened(document))
    if "event_type" in document and ("flow_id" in document or "src_ip" in document):
        return suricata_event(flattened(document))
    return _cloud(document), flattened(document)


def _cloud(document: dict[str, Any]) -> Source:
    if "eventSource" in document and "eventName" in document:
        return Source("aws", ("cloudtrail",))
    if document.get("kind") == "Event" and str(document.get("apiVersion", "")).startswith("audit.k8s.io"):
        return Source("kubernetes", ("audit",), ("application",))
    if isinstance(document.get("protoPayload"), dict):
        return Source("gcp", ("gcp.audit",))
    if "eventType" in document and "published" in document and "actor" in document:
        return Source("okta", ("okta",))
    if "Workload" in document and "Operation" in document:
        return Source("m365", ("audit", "exchange", "threat_management", "threat_detection"))
    if "operationName" in document and "category" in document:
        service = _AZURE.get(str(document["category"]).lower())
        return Source("azure", (service,) if service else ())
    if "action" in document and "actor" in document and "org" in document:
        return Source("github", ("audit",))
    if "logdata" in document and "logtype" in document:
        return Source("opencanary", (), ("application",))
    return _declared(document)


def _declared(document: dict[str, Any]) -> Source:
    """The log source that an event names itself: `logsource` as Redstick writes it."""
    own = document.get("logsource")
    if not isinstance(own, dict):
        return GENERIC
    product, category, service = (str(own.get(k) or "").lower() for k in ("product", "category", "service"))
    return Source(product, (service,) if service else (), (category,) if category else ())
