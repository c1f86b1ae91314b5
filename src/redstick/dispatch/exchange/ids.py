"""Ids that are unique the world over and stay the same from one EIDO to the next."""

import hashlib
from urllib.parse import quote

LEAST, MOST = 10, 36  # characters of the local part of an i3 id, letters and digits only (NENA-STA-010.3, R*)


def incident_urn(incident: str, element: str) -> str:
    """The incident tracking id."""
    return f"urn:emergency:uid:incidentid:{_local(incident)}:{element}"


def call_urn(call: str, element: str) -> str:
    """The emergency call id."""
    return f"urn:emergency:uid:callid:{_local(call)}:{element}"


def component_id(element: str, *parts: str) -> str:
    """The id of a component: what it is a part of, then what it is; the same parts give the same id."""
    return ".".join(quote(part, safe="") for part in parts) + f"@{element}"


def foreign_id(prefix: str, urn: str) -> str:
    """Our own id of something that others named; the same name gives the same id."""
    return f"{prefix}_{hashlib.sha256(urn.encode()).hexdigest()[:26]}"


def _local(name: str) -> str:
    """Our ids without their underscore; others, such as an imported number, by their digest, so that none collide."""
    prefix, separator, digits = name.partition("_")
    if separator and prefix.isalpha() and digits.isalnum() and name.isascii() and LEAST < len(name) <= MOST:
        return prefix + digits
    return hashlib.sha256(name.encode()).hexdigest()[:32]
