"""Windows events in their several JSON shapes, to one flat shape.

Shapes: the event's XML as JSON (`Event.System`, `Event.EventData`), Winlogbeat (`winlog`), and flat forms of NXLog and
OTRF. Named data become fields; unnamed `<Data>` elements of classic events stay together as the list field `Data`.
"""

from typing import Any

from redstick.defense.readers.flatten import flattened
from redstick.defense.sigma.logsources import HEADER_NAMES, Source, windows_source


def flat_windows(document: dict[str, Any]) -> tuple[Source, dict[str, Any]] | None:
    """Source and fields of a Windows event; None where the document is none."""
    inner = document.get("Event")
    if isinstance(inner, dict) and isinstance(inner.get("System"), dict):
        fields = _xml_shape(inner)
    elif isinstance(document.get("winlog"), dict):
        fields = _winlogbeat(document)
    elif "Channel" in document and "EventID" in document:
        fields = flattened(document) if any(type(v) is dict for v in document.values()) else dict(document)
        if isinstance(fields.get("EventID"), list):
            fields["EventID"] = next(iter(fields["EventID"]), None)
    else:
        return None
    return source_of(fields), with_header_names(fields)


def source_of(fields: dict[str, Any]) -> Source:
    """The source by channel and event id of a flat Windows event."""
    channel, event_id = fields.get("Channel"), fields.get("EventID")
    text = str(event_id) if isinstance(event_id, str | int) else ""
    return windows_source(channel if isinstance(channel, str) else "", text)


def with_header_names(fields: dict[str, Any]) -> dict[str, Any]:
    """The same fields with Sigma's header names added where a collector used its own; in place."""
    for name, others in HEADER_NAMES.items():
        if name not in fields:
            for other in others:
                if other in fields:
                    fields[name] = fields[other]
                    break
    return fields


def _text_and_attributes(value: Any) -> Any:
    """An XML element's value without its attributes."""
    if isinstance(value, dict) and ("#text" in value or "#attributes" in value):
        return value.get("#text")
    return value


def _xml_shape(event: dict[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, value in event["System"].items():
        if isinstance(value, dict) and isinstance(value.get("#attributes"), dict):
            for attribute, text in value["#attributes"].items():
                fields[f"{name}_{attribute}"] = text
            if "#text" in value:
                fields[name] = value["#text"]
        elif value is not None:
            fields[name] = value
    for part in ("EventData", "UserData", "RenderingInfo"):
        body = event.get(part)
        if isinstance(body, dict):
            _add_data(fields, body, inner=part == "UserData")
        elif isinstance(body, str):
            fields.setdefault("Data", [body])
    return fields


def _add_data(fields: dict[str, Any], body: dict[str, Any], *, inner: bool) -> None:
    for name, value in body.items():
        if name == "#attributes":
            continue
        if name in {"Data", "#text"}:
            text = _text_and_attributes(value)
            fields["Data"] = text if isinstance(text, list) else [text]
        elif isinstance(value, dict) and inner:
            _add_data(fields, value, inner=True)  # UserData wraps its fields in one element of the provider's own
        else:
            plain = _text_and_attributes(value)
            fields.update(flattened({name: plain}) if isinstance(plain, dict) else {name: plain})


def _winlogbeat(document: dict[str, Any]) -> dict[str, Any]:
    log = document["winlog"]
    fields: dict[str, Any] = {
        "Channel": log.get("channel"),
        "EventID": log.get("event_id"),
        "Provider_Name": log.get("provider_name"),
        "Computer": log.get("computer_name"),
        "EventRecordID": log.get("record_id"),
        "TimeCreated_SystemTime": document.get("@timestamp"),
    }
    fields = {name: value for name, value in fields.items() if value is not None}
    for part in ("event_data", "user_data"):
        body = log.get(part)
        if isinstance(body, dict):
            fields.update(flattened(body))
    positional = [fields.pop(name) for name in sorted(fields, key=_position) if _position(name)]
    if positional:
        fields["Data"] = positional  # Winlogbeat names unnamed data param1, param2, ...
    if isinstance(document.get("message"), str):
        fields["Message"] = document["message"]
    return fields


def _position(name: str) -> int:
    digits = name.removeprefix("param")
    return int(digits) if name != digits and digits.isdecimal() else 0
