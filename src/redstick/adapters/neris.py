"""The official NERIS client's models, as the judge of what we would send. Nothing here talks to a network."""

from typing import Any

from neris_api_client.models import DispatchPayload
from pydantic import ValidationError


def faults(payload: dict[str, Any]) -> list[str]:
    """What the official model refuses in a dispatch payload, as `field: reason`; empty when it would pass."""
    try:
        DispatchPayload.model_validate(payload)
    except ValidationError as error:
        return [f"{'.'.join(str(part) for part in found['loc'])}: {found['msg']}" for found in error.errors()]
    return []
