"""House-number ranges: overlaps, parity, contradictions, the same number in two communities."""

from collections.abc import Iterator

import numpy as np

from redstick.geo.city import City
from redstick.geo.linter.finding import Finding, Severity, segment_place, segment_position
from redstick.geo.linter.sides import Side, lacks_an_end, sides_of
from redstick.geo.linter.street_order import check_street_order
from redstick.geo.roads import E7, Roads

FAR_M = 150.0  # the same number twice within a block is untidy; farther apart it sends a unit astray


def check_ranges(city: City) -> Iterator[Finding]:
    """Every finding about ranges."""
    roads = city.roads
    sides = sides_of(roads)
    yield from _incomplete(roads)
    yield from _parity(roads, sides)
    yield from _overlaps(roads, sides)
    yield from check_street_order(roads, sides)
    yield from _two_communities(roads, sides)


def _incomplete(roads: Roads) -> Iterator[Finding]:
    for side, first, last in (("left", roads.left_from, roads.left_to), ("right", roads.right_from, roads.right_to)):
        for segment in np.flatnonzero(lacks_an_end(first, last)).tolist():
            found = f"the {side} range is {first[segment]} to {last[segment]}: one end is missing"
            yield _at(roads, segment, "RANGE_INCOMPLETE", Severity.WARNING, found, "Complete the range or clear it.")


def _parity(roads: Roads, sides: list[Side]) -> Iterator[Finding]:
    by_segment: dict[int, list[Side]] = {}
    for side in sides:
        by_segment.setdefault(side.segment, []).append(side)
        if len(side.parities) == 2:
            found = f"the {side.side} range {side.first} to {side.last} runs from odd to even"
            advice = "Give each side its own parity; until then a number may be placed on the wrong side."
            yield _at(roads, side.segment, "PARITY_MIXED", Severity.WARNING, found, advice)
    for segment, both in by_segment.items():
        if len(both) != 2:
            continue
        left, right = both
        if left.parities == right.parities and len(left.parities) == 1:
            kind = "even" if left.parities == (0,) else "odd"
            found = f"both sides are {kind}: {left.first} to {left.last} and {right.first} to {right.last}"
            yield _at(roads, segment, "PARITY_SAME", Severity.WARNING, found, "Correct the side that is wrong.")
        if (left.last - left.first) * (right.last - right.first) < 0:
            found = f"left runs {left.first} to {left.last}, right runs {right.first} to {right.last}"
            advice = "Turn the range of the side that runs against the street."
            yield _at(roads, segment, "RANGE_CONTRADICTORY", Severity.WARNING, found, advice)


def _overlaps(roads: Roads, sides: list[Side]) -> Iterator[Finding]:
    """Two segments of one street in one community that claim the same number."""
    groups: dict[tuple[str, str, int], list[Side]] = {}
    for side in sides:
        for parity in side.parities:
            groups.setdefault((side.street, side.community, parity), []).append(side)
    for (_, _, parity), group in sorted(groups.items()):
        group.sort(key=lambda side: (side.low, side.high, side.segment, side.side))
        widest = group[0]
        for side in group[1:]:
            low, high = side.low + (side.low % 2 != parity), min(side.high, widest.high)
            if low <= high and side.segment != widest.segment:
                yield _overlap(roads, widest, side, low, high)
            if side.high > widest.high:
                widest = side


def _overlap(roads: Roads, one: Side, other: Side, low: int, high: int) -> Finding:
    apart_m = _apart_m(roads, one.segment, other.segment)
    numbers = f"{low}" if low >= high - 1 else f"{low} to {high}"
    found = f"{numbers} also on {segment_place(roads, one.segment)}, {apart_m:,.0f} m away"
    severity = Severity.ERROR if apart_m > FAR_M else Severity.WARNING
    return _at(roads, other.segment, "RANGE_OVERLAP", severity, found, "Let each number lie on one segment only.")


def _two_communities(roads: Roads, sides: list[Side]) -> Iterator[Finding]:
    """One street name whose numbers stand in two communities: a caller must be asked which."""
    by_street: dict[str, dict[str, list[Side]]] = {}
    for side in sides:
        if side.community:
            by_street.setdefault(side.street, {}).setdefault(side.community, []).append(side)
    for street in sorted(by_street):
        communities = by_street[street]
        spans = [(name, sorted(communities[name], key=lambda side: side.low)) for name in sorted(communities)]
        for i, (one, ours) in enumerate(spans):
            for other, theirs in spans[i + 1 :]:
                shared = _shared(ours, theirs)
                if shared is not None:
                    found = f"{shared[0]} {street} stands in {one} and in {other}"
                    advice = "Ask callers for the community; never resolve it from the number alone."
                    yield _at(roads, shared[1], "ADDRESS_IN_TWO_COMMUNITIES", Severity.WARNING, found, advice)


def _shared(ours: list[Side], theirs: list[Side]) -> tuple[int, int] | None:
    """The lowest number on both lists, with the segment of ours; both lists are sorted by their low ends."""
    for one in ours:
        for other in theirs:
            if other.low > one.high:
                break
            low = max(one.low, other.low)
            parity = next((parity for parity in one.parities if parity in other.parities), None)
            if parity is not None and low + (low % 2 != parity) <= min(one.high, other.high):
                return low + (low % 2 != parity), one.segment
    return None


def _apart_m(roads: Roads, one: int, other: int) -> float:
    """The least distance between the end nodes of two segments."""
    ends = [
        (roads.node_x[node] / E7, roads.node_y[node] / E7)
        for s in (one, other)
        for node in (roads.tail[s], roads.head[s])
    ]
    east = np.cos(np.deg2rad(ends[0][1]))
    pairs = [(a, b) for a in ends[:2] for b in ends[2:]]
    return min(float(np.hypot((a[0] - b[0]) * east, a[1] - b[1])) for a, b in pairs) * 111_320.0


def _at(roads: Roads, segment: int, code: str, severity: Severity, found: str, advice: str) -> Finding:
    return Finding(code, severity, segment_place(roads, segment), found, advice, segment_position(roads, segment))
