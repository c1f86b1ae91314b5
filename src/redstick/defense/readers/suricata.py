"""Suricata EVE (JSON): the event type names the source; HTTP, DNS and flow records also feed Sigma's categories."""

from typing import Any

from redstick.defense.sigma.logsources import Source

_CATEGORIES = {"http": ("proxy", "webserver"), "dns": ("dns",), "flow": ("firewall",), "netflow": ("firewall",)}
_NAMES = {
    "c-uri": "http.url",
    "cs-uri-query": "http.url",
    "c-useragent": "http.http_user_agent",
    "cs-user-agent": "http.http_user_agent",
    "cs-method": "http.http_method",
    "cs-host": "http.hostname",
    "cs-referer": "http.http_refer",
    "sc-status": "http.status",
    "query": "dns.rrname",
    "record_type": "dns.rrtype",
    "answer": "dns.answers.rdata",
    "src_port": "src_port",
    "dst_ip": "dest_ip",
    "dst_port": "dest_port",
    "destination.port": "dest_port",
}


def suricata_event(fields: dict[str, Any]) -> tuple[Source, dict[str, Any]]:
    """Source and fields of a flattened EVE record, Sigma's names beside Suricata's."""
    kind = str(fields.get("event_type", "")).lower()
    for name, own in _NAMES.items():
        if own in fields:
            fields.setdefault(name, fields[own])
    services = (kind, "netflow") if kind in {"flow", "netflow"} else (kind,)
    return Source("suricata", services, _CATEGORIES.get(kind, ())), fields
