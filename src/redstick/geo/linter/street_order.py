"""House numbers from block to block: gaps where blocks adjoin, blocks numbered against their neighbours."""

from collections.abc import Iterator
from dataclasses import dataclass

from redstick.geo.linter.finding import Finding, Severity, segment_place, segment_position
from redstick.geo.linter.sides import GAP_NUMBERS, Side
from redstick.geo.roads import Roads


@dataclass(frozen=True)
class _Meeting:
    """Two sides of one street and parity that alone meet at a node, with their numbers at the node and away from it."""

    node: int
    one: Side
    other: Side
    one_near: int
    one_far: int
    other_near: int
    other_far: int

    @property
    def pair(self) -> tuple[int, int]:
        """The two segments."""
        return self.one.segment, self.other.segment

    @property
    def overlap(self) -> bool:
        """Whether they claim the same numbers, which is a finding of its own."""
        return max(self.one.low, self.other.low) <= min(self.one.high, self.other.high)

    @property
    def turned(self) -> bool:
        """Whether the numbers would go on better if one of the two ran the other way."""
        as_it_is = abs(self.one_near - self.other_near)
        one_turned, other_turned = abs(self.one_far - self.other_near), abs(self.one_near - self.other_far)
        best = min(one_turned, other_turned, abs(self.one_far - self.other_far))
        return best < as_it_is and best <= GAP_NUMBERS  # where neither way goes on, numbering starts anew


def check_street_order(roads: Roads, sides: list[Side]) -> Iterator[Finding]:
    """Follow each street from node to node; the left and the right of a pair of blocks are told once."""
    gaps: dict[tuple[int, int], _Meeting] = {}
    turned: dict[tuple[int, int], _Meeting] = {}
    for meeting in _meetings(roads, sides):
        if meeting.overlap:
            continue
        if max(meeting.one.low, meeting.other.low) - min(meeting.one.high, meeting.other.high) > GAP_NUMBERS:
            gaps.setdefault(meeting.pair, meeting)
        if meeting.turned and _shared_nodes(roads, *meeting.pair) == 1:
            turned.setdefault(meeting.pair, meeting)
    for meeting in gaps.values():
        yield _gap(roads, meeting)
    yield from _turned(roads, list(turned.values()))


def _meetings(roads: Roads, sides: list[Side]) -> Iterator[_Meeting]:
    at_node: dict[tuple[str, int, int], list[tuple[Side, int, int]]] = {}
    for side in sides:
        if len(side.parities) == 2:
            continue
        tail, head = int(roads.tail[side.segment]), int(roads.head[side.segment])
        for node, near, far in ((tail, side.first, side.last), (head, side.last, side.first)):
            at_node.setdefault((side.street, node, side.parities[0]), []).append((side, near, far))
    for (_, node, _), meeting in sorted(at_node.items(), key=lambda item: item[0]):
        if len(meeting) == 2 and meeting[0][0].segment != meeting[1][0].segment:
            (one, one_near, one_far), (other, other_near, other_far) = meeting
            yield _Meeting(node, one, other, one_near, one_far, other_near, other_far)


def _shared_nodes(roads: Roads, one: int, other: int) -> int:
    ends = [{int(roads.tail[segment]), int(roads.head[segment])} for segment in (one, other)]
    return len(ends[0] & ends[1])


def _gap(roads: Roads, meeting: _Meeting) -> Finding:
    low, high = sorted((meeting.one, meeting.other), key=lambda side: side.low)
    found = f"numbers go from {low.high} to {high.low} where it meets {segment_place(roads, low.segment)}"
    advice = "Check whether numbers between them are in use."
    place, position = segment_place(roads, high.segment), _position(roads, meeting.node)
    return Finding("RANGE_GAP", Severity.NOTICE, place, found, advice, position)


def _turned(roads: Roads, meetings: list[_Meeting]) -> Iterator[Finding]:
    """A block that runs against both its neighbours is the wrong one; of two that disagree, either may be."""
    nodes_of: dict[int, set[int]] = {}
    for meeting in meetings:
        for segment in meeting.pair:
            nodes_of.setdefault(segment, set()).add(meeting.node)
    wrong = {segment for segment, nodes in nodes_of.items() if len(nodes) == 2}
    advice = "Turn the range, or the direction of the line, so that the numbers go on."
    for segment in sorted(wrong):
        found = "its numbers run against those of the blocks on both ends"
        place, position = segment_place(roads, segment), segment_position(roads, segment)
        yield Finding("RANGE_REVERSED", Severity.WARNING, place, found, advice, position)
    for meeting in meetings:
        if not wrong & set(meeting.pair):
            other = segment_place(roads, meeting.other.segment)
            found = f"its {meeting.one_near} meets {meeting.other_near} of {other}: one of them is turned"
            place, position = segment_place(roads, meeting.one.segment), _position(roads, meeting.node)
            yield Finding("RANGE_REVERSED", Severity.WARNING, place, found, advice, position)


def _position(roads: Roads, node: int) -> tuple[int, int]:
    return int(roads.node_x[node]), int(roads.node_y[node])
