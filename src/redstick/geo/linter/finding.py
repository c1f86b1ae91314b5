"""What the linter says: one finding, its weight, its place, and what to do about it."""

from dataclasses import dataclass
from enum import IntEnum

from redstick.geo.roads import E7, Roads


class Severity(IntEnum):
    """How much a finding weighs."""

    ERROR = 0  # a unit may be sent to a wrong place, or not arrive
    WARNING = 1  # an address may not be found, or a person must choose
    NOTICE = 2  # worth a look when the data are next kept


@dataclass(frozen=True)
class Finding:
    """One finding. `place` is in the words of the source (segment and street, zone, unit); `position` 1e-7 degrees."""

    code: str
    severity: Severity
    place: str
    found: str
    advice: str
    position: tuple[int, int] | None = None

    def as_json(self) -> dict[str, object]:
        """The same as plain values, the position in degrees."""
        at = None if self.position is None else {"x": self.position[0] / E7, "y": self.position[1] / E7}
        return {
            "code": self.code,
            "severity": self.severity.name.lower(),
            "place": self.place,
            "position": at,
            "found": self.found,
            "advice": self.advice,
        }


def counted(count: int, thing: str) -> str:
    """A count with its noun: 1 segment, 1,204 segments."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


def segment_place(roads: Roads, segment: int) -> str:
    """How a person finds a segment again: its source id and its street."""
    name = roads.names[roads.name[segment]] if roads.name[segment] >= 0 else "unnamed"
    return f"segment {roads.segment_id[segment]} ({name})"


def segment_position(roads: Roads, segment: int) -> tuple[int, int]:
    """A point on a segment: halfway along the middle piece of its geometry."""
    at = (int(roads.start[segment]) + int(roads.start[segment + 1])) // 2 - 1
    (x, y), (next_x, next_y) = roads.xy[at : at + 2].tolist()
    return (x + next_x) // 2, (y + next_y) // 2
