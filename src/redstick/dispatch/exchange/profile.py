"""Who we are to others, and how the city's own words map onto the common codes.

Kinds and dispositions are mapped by the city's code table (`dispatch.codes`), units by the tables here. Every kind has
a common code, if need be the one that says that it is unknown; `unmapped` names the words for which somebody should
choose one. The local word always travels beside the code.
"""

import msgspec

from redstick.dispatch.codes.default import DEFAULT
from redstick.dispatch.state import Dispatch
from redstick.protocols.eido import codes

UNKNOWN_TYPE = "TROUBLE"  # "Unknown Type Trouble"
UNKNOWN_RESOURCE = "MobileSupportVehicle"  # the list holds no "other"; its internal text tells more

GROUP_TYPES = {"fire": "FUNK", "traffic": "MVAUNK", "ems": "SICK", "police": "TROUBLE"}
RESOURCES = {
    "engine": "StructureFireEngineType1",
    "ladder": "FireTruckLadder",
    "truck": "FireTruckLadder",
    "medic": "GroundALSAmbulance",
    "ambulance": "GroundBLSAmbulance",
    "battalion chief": "CommandLevel3",
    "patrol": "PatrolUnit",
    "rescue": "HeavyRescue",
    "hazmat": "HazMatTeam",
}
ATTRIBUTES = {"ALS": "Paramedic", "BLS": "EMT", "hazmat": "HazMatOfficer", "extrication": "ExtricationEquipmentBasic"}


class Agency(msgspec.Struct, frozen=True):
    """An agency as others know it: its domain name, types (urn:emergency:service:responder) and roles."""

    id: str
    types: tuple[str, ...]
    roles: tuple[str, ...]


class Profile(msgspec.Struct, frozen=True):
    """A city to the outside.

    `element` is the domain name of this system, which makes ids unique the world over. `responders` are agencies by the
    name that units carry. `groups` gives the type of a kind that is not in the code table, `resources` maps unit kinds,
    `attributes` capabilities.
    """

    element: str
    agency: Agency
    responders: dict[str, Agency] = {}
    groups: dict[str, str] = msgspec.field(default_factory=lambda: dict(GROUP_TYPES))
    resources: dict[str, str] = msgspec.field(default_factory=lambda: dict(RESOURCES))
    attributes: dict[str, str] = msgspec.field(default_factory=lambda: dict(ATTRIBUTES))

    def resource_type(self, kind: str) -> str:
        """The common type of a unit's kind."""
        return self.resources.get(kind) or (kind if kind in codes.RESOURCE_TYPES else UNKNOWN_RESOURCE)

    def attribute(self, capability: str) -> str | None:
        """The common attribute of a capability; None where there is none, and only the local word travels."""
        found = self.attributes.get(capability, capability)
        return found if found in codes.RESOURCE_ATTRIBUTES else None


def incident_type(state: Dispatch, profile: Profile, kind: str, group: str) -> str:
    """The common type of a local kind, else of its group, else unknown trouble."""
    return known_type(state, kind) or profile.groups.get(group, UNKNOWN_TYPE)


def known_type(state: Dispatch, kind: str) -> str | None:
    """The common type of a local kind; None where nobody has mapped it."""
    table = state.codes if state.codes.types else DEFAULT
    found = table.type_of(kind)
    common = kind if found is None else found.common
    return common if common in codes.INCIDENT_TYPES else None


def known_disposition(state: Dispatch, said: str) -> str | None:
    """The common disposition; None where nobody has mapped it: how an incident ended is not guessed."""
    table = state.codes if state.codes.dispositions else DEFAULT
    found = table.disposition_of(said)
    common = said if found is None else found.common
    return common if common in codes.DISPOSITIONS else None


def wrong_codes(profile: Profile) -> list[str]:
    """Each mapping to a code that its registry does not hold, as a sentence."""
    tables = (
        ("groups", profile.groups, codes.INCIDENT_TYPES),
        ("resources", profile.resources, codes.RESOURCE_TYPES),
        ("attributes", profile.attributes, codes.RESOURCE_ATTRIBUTES),
    )
    return [
        f"{name}: {local!r} is mapped to {code!r}, which its registry does not hold"
        for name, table, registry in tables
        for local, code in table.items()
        if code not in registry
    ]


def unmapped(state: Dispatch, profile: Profile) -> list[str]:
    """Local words in use that have no common code of their own, each as `table: word`; sorted."""
    words = {f"kinds: {one.kind}" for one in state.incidents.values() if known_type(state, one.kind) is None}
    endings = {one.disposition for one in state.incidents.values() if one.disposition}
    words |= {f"dispositions: {said}" for said in endings if known_disposition(state, said) is None}
    units = state.units.values()
    words |= {f"resources: {u.kind}" for u in units if profile.resource_type(u.kind) == UNKNOWN_RESOURCE}
    words |= {f"attributes: {one}" for u in units for one in u.capabilities if profile.attribute(one) is None}
    return sorted(words)
