"""Who we are to others, and how the city's own words map onto the common codes.

Every local word has a common code, if need be the one that says that it is unknown; `unmapped` names the words for
which somebody should choose one. The local word always travels beside the code.
"""

import msgspec

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
    name that units carry. `kinds` and `groups` map local incident types, `resources` unit kinds, `attributes`
    capabilities, `dispositions` local dispositions to "01" … "45".
    """

    element: str
    agency: Agency
    responders: dict[str, Agency] = {}
    kinds: dict[str, str] = {}
    groups: dict[str, str] = msgspec.field(default_factory=lambda: dict(GROUP_TYPES))
    resources: dict[str, str] = msgspec.field(default_factory=lambda: dict(RESOURCES))
    attributes: dict[str, str] = msgspec.field(default_factory=lambda: dict(ATTRIBUTES))
    dispositions: dict[str, str] = {}

    def incident_type(self, kind: str, group: str) -> str:
        """The common type of a local kind, else of its group, else unknown trouble."""
        return self.known_type(kind) or self.groups.get(group, UNKNOWN_TYPE)

    def known_type(self, kind: str) -> str | None:
        """The common type of a local kind; None where nobody has mapped it."""
        return self.kinds.get(kind) or (kind if kind in codes.INCIDENT_TYPES else None)

    def resource_type(self, kind: str) -> str:
        """The common type of a unit's kind."""
        return self.resources.get(kind) or (kind if kind in codes.RESOURCE_TYPES else UNKNOWN_RESOURCE)

    def attribute(self, capability: str) -> str | None:
        """The common attribute of a capability; None where there is none, and only the local word travels."""
        found = self.attributes.get(capability, capability)
        return found if found in codes.RESOURCE_ATTRIBUTES else None

    def disposition(self, said: str) -> str | None:
        """The common disposition; None where nobody has mapped it: how an incident ended is not guessed."""
        found = self.dispositions.get(said, said.partition(" ")[0])
        return found if found in codes.DISPOSITIONS else None


def wrong_codes(profile: Profile) -> list[str]:
    """Each mapping to a code that its registry does not hold, as a sentence."""
    tables = (
        ("kinds", profile.kinds, codes.INCIDENT_TYPES),
        ("groups", profile.groups, codes.INCIDENT_TYPES),
        ("resources", profile.resources, codes.RESOURCE_TYPES),
        ("attributes", profile.attributes, codes.RESOURCE_ATTRIBUTES),
        ("dispositions", profile.dispositions, codes.DISPOSITIONS),
    )
    return [
        f"{name}: {local!r} is mapped to {code!r}, which its registry does not hold"
        for name, table, registry in tables
        for local, code in table.items()
        if code not in registry
    ]


def unmapped(state: Dispatch, profile: Profile) -> list[str]:
    """Local words in use that have no common code of their own, each as `table: word`; sorted."""
    words = {f"kinds: {one.kind}" for one in state.incidents.values() if profile.known_type(one.kind) is None}
    words |= {
        f"dispositions: {one.disposition}"
        for one in state.incidents.values()
        if one.disposition and profile.disposition(one.disposition) is None
    }
    units = state.units.values()
    words |= {f"resources: {u.kind}" for u in units if profile.resource_type(u.kind) == UNKNOWN_RESOURCE}
    words |= {f"attributes: {one}" for u in units for one in u.capabilities if profile.attribute(one) is None}
    return sorted(words)
