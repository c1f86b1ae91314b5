"""The official NERIS client's models, as the judge of what we would send. Nothing here talks to a network."""

from collections.abc import Sequence
from typing import Any

from neris_api_client.models import DispatchPayload, DispatchUnitResponsePayload
from pydantic import ValidationError


def faults(payload: dict[str, Any]) -> list[str]:
    """What the official model refuses in a dispatch payload, as `field: reason`; empty when it would pass."""
    try:
        DispatchPayload.model_validate(payload)
    except ValidationError as error:
        return [f"{'.'.join(str(part) for part in found['loc'])}: {found['msg']}" for found in error.errors()]
    return []


def never_filled(payloads: Sequence[dict[str, Any]]) -> list[str]:
    """Fields that the official models know and none of the payloads fills: what a record as a whole does not hold."""
    units = [unit for payload in payloads for unit in payload.get("unit_responses", ())]
    known = {("", name) for name in DispatchPayload.model_fields}
    known |= {("unit_responses.", name) for name in DispatchUnitResponsePayload.model_fields}
    filled = {("", name) for payload in payloads for name in payload}
    filled |= {("unit_responses.", name) for unit in units for name in unit}
    return sorted(where + name for where, name in known - filled)
