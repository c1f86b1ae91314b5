"""The strict check of an EIDO that has the right shape: codes, references, times, places.

Beside the published schema, not instead of it: a schema cannot see a reference to nothing or a time without an offset.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

import msgspec

from redstick.protocols.eido import codes
from redstick.protocols.eido.components import Component, Eido, Reference
from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.pidf_lo import read_pidf_lo
from redstick.protocols.times import read_time

REGISTRIES = {
    "primaryUnitStatusRegistryText": codes.PRIMARY_STATUSES,
    "secondaryUnitStatusRegistryText": codes.SECONDARY_STATUSES,
    "incidentStatusCommonRegistryText": codes.INCIDENT_STATUSES,
    "incidentTypeCommonRegistryText": codes.INCIDENT_TYPES,
    "locationTypeDescriptionRegistryText": codes.LOCATION_TYPES,
    "personIncidentRoleRegistryText": codes.PERSON_ROLES,
    "dispositionCommonRegistryCode": codes.DISPOSITIONS,
    "emergencyResourceTypeCommonRegistryText": codes.RESOURCE_TYPES,
    "resourceAttributeRegistryText": codes.RESOURCE_ATTRIBUTES,
}
TIMES = frozenset({
    "lastUpdateTimeStamp", "callStartTimestamp", "answerDate", "eta", "vehicleRelationshipTimeStamp", "startDate",
})  # fmt: skip
PIDF_LO = frozenset({"locationByValue", "crossStreetByValue", "intersectingStreetByValue"})
NOT_EMPTY = frozenset({
    "$id", "agencyComponent", "agencyRoleDescriptionRegistryText", "agencyType", "agentRoleRegistryText",
    "issuingElementIdentification",
})  # fmt: skip


def faults_of(eido: Eido) -> list[Fault]:
    """Every fault, in the order of the document."""
    found = list(_walk(eido, "$"))
    known = [component.id for _, component in found if isinstance(component, Component)]
    return [*_repeated(known), *(fault for place, one in found for fault in _faults_at(place, one, frozenset(known)))]


def _walk(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    """Every struct and every field of it by its path, parents first."""
    yield place, value
    if isinstance(value, msgspec.Struct):
        for field in _fields(type(value)):
            inner = getattr(value, field.name)
            if inner is not None and inner != field.default:
                yield from _walk(inner, f"{place}.{field.encode_name}")
            elif field.encode_name in NOT_EMPTY and field.required:
                yield f"{place}.{field.encode_name}", inner
    elif isinstance(value, tuple):
        for index, one in enumerate(value):
            yield from _walk(one, f"{place}[{index}]")


@lru_cache(maxsize=64)
def _fields(kind: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(kind)


def _repeated(known: Iterable[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for name in known:
        if name in seen:
            yield Fault("$", f"each $id once; {name!r} stands twice")
        seen.add(name)


def _faults_at(place: str, value: Any, known: frozenset[str]) -> Iterator[Fault]:
    if isinstance(value, Reference):
        if value.ref not in known:
            yield Fault(f"{place}.$ref", f"the $id of a component of this document, not {value.ref[:80]!r}")
        return
    name = place.rpartition(".")[2]
    field = name.partition("[")[0]
    if field in NOT_EMPTY and value in ("", ()):
        yield Fault(place, "something; it is empty")
    for judges, judge in _JUDGES:
        if isinstance(value, str) and field in judges:
            yield from judge(place, field, value)


def _code(place: str, field: str, value: str) -> Iterator[Fault]:
    if value not in REGISTRIES[field]:
        yield Fault(place, f"a code of its registry, spelled as there; {value[:80]!r} is none")


def _time(place: str, field: str, value: str) -> Iterator[Fault]:
    del field
    if read_time(value) is None:
        yield Fault(place, "a time of RFC 3339 with its offset")


def _location(place: str, field: str, value: str) -> Iterator[Fault]:
    del field
    try:
        read_pidf_lo(value)
    except Malformed as malformed:
        yield from (Fault(f"{place} {fault.place}", fault.expected) for fault in malformed.faults)


_JUDGES: tuple[tuple[Iterable[str], Callable[[str, str, str], Iterator[Fault]]], ...] = (
    (REGISTRIES, _code),
    (TIMES, _time),
    (PIDF_LO, _location),
)
