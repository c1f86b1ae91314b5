"""A number on a street, and a hundred block: address points first, then ranges with parity and side."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from typing import NamedTuple

from redstick.geo.geocoder.grammar import AddressReading, BlockReading
from redstick.geo.geocoder.hits import LEFT_OUT, SAME_STREET_M, Hit, known
from redstick.geo.geocoder.index import Index, Line, Point, Span
from redstick.geo.geocoder.mileposts import along, distance_m, foot_on
from redstick.geo.geocoder.result import Method, Quality, Reason
from redstick.geo.geocoder.streets import Match

Node = tuple[int, int]  # longitude, latitude

SIDES = ("left", "right")
_POINT_OF_RANGE_M = 150.0  # an address point this near to a range's line is what the range speaks of
BLOCK_REACH_M = 90.0  # a block stands at one point while the middle of each of its segments lies this near
_ANY_NUMBER = 10_000_000  # above every house number


def find_number(index: Index, matches: Sequence[Match], reading: AddressReading) -> list[Hit]:
    """Places of a house number; where no street has it, the nearest number, marked so."""
    hits = [hit for match in matches for hit in _at_number(index, match, reading)]
    if any(not hit.doubts - LEFT_OUT for hit in hits):
        return hits
    reached = {hit.street for hit in hits}
    nearest = [hit for match in matches[:6] if match.street.id not in reached for hit in _beside(index, match, reading)]
    return [*hits, *nearest]


def _at_number(index: Index, match: Match, reading: AddressReading) -> list[Hit]:
    value, street = reading.number.value, match.street.id
    points = _points_for(index.points_of(street, value), reading)
    hits = [_point_hit(match, reading, group) for group in points]
    spans = index.spans_of(street, value)
    fitting = [span for span in spans if span.takes(value)]
    for span in fitting:
        line = index.line(span.segment)
        if not any(_beside_line(hit.at, line) for hit in hits if hit.method is Method.ADDRESS_POINT):
            hits.append(_span_hit(index, match, reading, span, value))
    if not hits and spans:
        hits = [_span_hit(index, match, reading, span, value).doubted(Reason.NUMBER_PARITY) for span in spans]
    return hits


def _points_for(points: list[Point], reading: AddressReading) -> list[list[Point]]:
    """Points of the number as typed (`B`, `1/2`) if there are any, else of the bare number; one group per building."""
    suffix = reading.number.suffix
    exact = [point for point in points if point.suffix == suffix]
    unit = reading.unit
    in_unit = [p for p in exact or points if unit and p.unit and unit.split()[-1] == p.unit.split()[-1]]
    groups: list[list[Point]] = []
    for point in in_unit or exact or points:
        for group in groups:
            if group[0].area == point.area and distance_m((group[0].x, group[0].y), (point.x, point.y)) <= 50.0:
                group.append(point)
                break
        else:
            groups.append([point])
    return groups


def _kept(match: Match, reading: AddressReading, found_suffix: str, found_unit: str) -> tuple[Reason, ...]:
    reasons = list(match.reasons or (Reason.EXACT,))
    if reading.number.suffix and found_suffix != reading.number.suffix:
        reasons.append(Reason.NUMBER_SUFFIX_KEPT)
    if reading.unit and not found_unit:
        reasons.append(Reason.UNIT_KEPT)
    return tuple(reasons)


def _point_hit(match: Match, reading: AddressReading, group: list[Point]) -> Hit:
    first = group[0]
    unit_found = (
        reading.unit
        if any(reading.unit and p.unit and reading.unit.split()[-1] == p.unit.split()[-1] for p in group)
        else ""
    )
    return Hit(
        x=first.x, y=first.y, label=f"{reading.number} {match.street.spelled}", method=Method.ADDRESS_POINT,
        quality=Quality.ROOFTOP, reasons=_kept(match, reading, first.suffix, unit_found), cost=match.cost,
        street=match.street.id, number=str(reading.number), unit=reading.unit, areas=known(first.area),
        postcodes=known(first.postcode), source=f"address {first.id}",
        extent_m=max(distance_m((first.x, first.y), (p.x, p.y)) for p in group),
    )  # fmt: skip


def _span_hit(index: Index, match: Match, reading: AddressReading, span: Span, value: int) -> Hit:
    line = index.line(span.segment)
    x, y = along(line, share_of(span, value))
    return Hit(
        x=x, y=y, label=f"{reading.number} {match.street.spelled}", method=Method.RANGE, quality=Quality.INTERPOLATED,
        reasons=_kept(match, reading, "", ""), cost=match.cost, street=match.street.id, number=str(reading.number),
        unit=reading.unit, areas=known(span.area), postcodes=known(span.postcode), side=SIDES[span.side],
        extent_m=_length_m(line) / 2, source=f"segment {index.source_of(span.segment)}",
    )  # fmt: skip


def share_of(span: Span, value: int) -> float:
    """How far along its segment a number of a range lies, 0 to 1; a range of a single number lies in the middle."""
    if span.first == span.last:
        return 0.5
    return min(1.0, max(0.0, (value - span.first) / (span.last - span.first)))


def _beside(index: Index, match: Match, reading: AddressReading) -> list[Hit]:
    """The ends of the ranges, or the address points, nearest to a number that the street does not have."""
    value = reading.number.value
    hits = []
    for span in index.nearest_spans(match.street.id, value):
        end = span.low if abs(span.low - value) <= abs(span.high - value) else span.high
        hit = _span_hit(index, match, reading, span, end).doubted(Reason.NUMBER_OUTSIDE)
        hits.append((abs(end - value), hit))
    for point in index.nearest_points(match.street.id, value):
        hit = _point_hit(match, reading, [point]).doubted(Reason.NUMBER_OUTSIDE)
        hits.append((abs(point.number - value), hit))
    hits.sort(key=lambda found: (found[0], found[1].source))
    return [hit for _, hit in hits[:2]] or _without_ranges(index, match, str(reading.number))


def _length_m(line: Line) -> float:
    return sum(distance_m(a, b) for a, b in pairwise(line))


def _beside_line(point: tuple[int, int], line: Line) -> bool:
    return any(distance_m(point, foot_on(point, a, b)) <= _POINT_OF_RANGE_M for a, b in pairwise(line))


def find_block(index: Index, matches: Sequence[Match], reading: BlockReading) -> list[Hit]:
    """Places of a hundred block: one where it is short, else its stretches, of which a person chooses."""
    low, high = reading.low, reading.low + 99
    hits = []
    for match in matches:
        spans = index.spans_within(match.street.id, max(low, 1), high)
        hits += _block_hits(index, match, reading, spans)
        hits += _block_of_points(match, reading, index.points_within(match.street.id, low, high)) if not spans else []
    if any(not hit.doubts - LEFT_OUT for hit in hits):
        return hits
    reached = {hit.street for hit in hits}
    for match in [match for match in matches[:6] if match.street.id not in reached]:
        spans = index.nearest_spans(match.street.id, low)[:1]
        nearest = [hit.doubted(Reason.NUMBER_OUTSIDE) for hit in _block_hits(index, match, reading, spans)]
        hits += nearest or _without_ranges(index, match, str(low))
    return hits


class _Stretch(NamedTuple):
    """One segment of a block: its middle, how many of the block's numbers it holds, and its ranges.

    A segment without ranges that continues the block has the ranges of the one that it continues, and one number.
    """

    segment: int
    middle: tuple[int, int]
    numbers: int
    spans: tuple[Span, ...]


def _block_hits(index: Index, match: Match, reading: BlockReading, spans: Sequence[Span]) -> list[Hit]:
    """Points on the street from which the middle of every segment of the block lies within BLOCK_REACH_M.

    Where one point does for all, the block is one place; where more are needed it is given in pieces, the one with the
    most house numbers first. Pieces in different municipalities are different blocks.
    """
    low, high = max(reading.low, 1), reading.low + 99
    stretches = []
    for segment in sorted({span.segment for span in spans}):
        own = tuple(span for span in spans if span.segment == segment)
        numbers = sum(max(1, min(s.high, high) - max(s.low, low) + 1) for s in own)
        stretches.append(_Stretch(segment, along(index.line(segment), 0.5), numbers, own))
    cut_short = _cut_short(index, match.street.id, stretches, low, high)
    stretches += _continued(index, match.street.id, stretches, low, high)
    hits = []
    for municipality in sorted({known(*(s.area for s in stretch.spans)) for stretch in stretches}):
        left = [stretch for stretch in stretches if known(*(s.area for s in stretch.spans)) == municipality]
        while left:
            at, reached = _best_point(index, left)
            hits.append(_block_hit(index, match, reading, at, reached))
            left = [stretch for stretch in left if stretch not in reached]
    if len(hits) == 1:
        return [hits[0].doubted(Reason.BLOCK_CUT_SHORT)] if cut_short else hits
    # The pieces are in the order of their weight: that order is kept by the smallest of costs.
    return [replace(hit, cost=hit.cost + 0.001 * i).doubted(Reason.BLOCK_IN_PIECES) for i, hit in enumerate(hits)]


def _open_ends(index: Index, stretches: Sequence[_Stretch], low: int, high: int) -> list[tuple[Span, Node, int]]:
    """Where the ranges of a block end before its numbers do: the last range, its end, and 1 upward or -1 downward."""
    spans = [span for stretch in stretches for span in stretch.spans]
    if not spans:
        return []
    top = max(spans, key=lambda s: (s.high, s.segment, s.side))
    bottom = min(spans, key=lambda s: (s.low, s.segment, s.side))
    ends = []
    if top.high < high - 1:
        ends.append((top, index.line(top.segment)[-1 if top.last >= top.first else 0], 1))
    if bottom.low > low + 1:
        ends.append((bottom, index.line(bottom.segment)[0 if bottom.last >= bottom.first else -1], -1))
    return ends


def _continued(index: Index, street: int, stretches: Sequence[_Stretch], low: int, high: int) -> list[_Stretch]:
    """Segments without ranges that go on where the ranges of a block end before its numbers do.

    A block of 600 to 652 whose street goes on without ranges until 700 reaches to there: the numbers from 653 can lie
    nowhere else.
    """
    ends = _open_ends(index, stretches, low, high)
    if not ends:
        return []
    ranged = {span.segment for span in index.spans_within(street, 0, _ANY_NUMBER)}
    found = {}
    for segment, _, _ in index.segments_of(street):
        line = index.line(segment)
        for span, end, _ in ends:
            if segment not in ranged and end in {line[0], line[-1]}:
                found[segment] = _Stretch(segment, along(line, 0.5), 1, (span,))
    return [found[segment] for segment in sorted(found)]


def _cut_short(index: Index, street: int, stretches: Sequence[_Stretch], low: int, high: int) -> bool:
    """Whether the map breaks off within the block: the numbers after it begin at some distance from its last one."""
    for span, end, way in _open_ends(index, stretches, low, high):
        first, last = (high + 1, high + 100) if way > 0 else (max(low - 100, 1), low - 1)
        following = [s for s in index.spans_within(street, first, last) if s.segment != span.segment]
        if following and min(_gap_m(index.line(s.segment), end) for s in following) > SAME_STREET_M:
            return True
    return False


def _gap_m(line: Line, point: Node) -> float:
    return min(distance_m(point, line[0]), distance_m(point, line[-1]))


def _best_point(index: Index, stretches: list[_Stretch]) -> tuple[tuple[int, int], list[_Stretch]]:
    """Of the middles and ends of the segments, the point that reaches the most house numbers, and what it reaches."""
    best: tuple[tuple[float, ...], tuple[int, int], list[_Stretch]] | None = None
    for stretch in stretches:
        line = index.line(stretch.segment)
        for order, point in enumerate((stretch.middle, line[0], line[-1])):
            away = [distance_m(point, other.middle) for other in stretches]
            reached = [s for s, d in zip(stretches, away, strict=True) if d <= BLOCK_REACH_M]
            farthest = max((d for d in away if d <= BLOCK_REACH_M), default=0.0)
            rank = (-sum(s.numbers for s in reached), min(order, 1), farthest, stretch.segment, order)
            if best is None or rank < best[0]:
                best = (rank, point, reached)
    assert best is not None  # noqa: S101  (stretches is never empty, and each reaches itself from its middle)
    return best[1], best[2]


def _block_hit(
    index: Index, match: Match, reading: BlockReading, at: tuple[int, int], stretches: Sequence[_Stretch]
) -> Hit:
    spans = [span for stretch in stretches for span in stretch.spans]
    ends = [point for stretch in stretches for point in index.line(stretch.segment)]
    return Hit(
        x=at[0], y=at[1], label=f"{reading.low} block of {match.street.spelled}", method=Method.BLOCK,
        quality=Quality.BLOCK, cost=match.cost, street=match.street.id, number=str(reading.low), unit=reading.unit,
        reasons=(*(match.reasons or (Reason.EXACT,)), *((Reason.UNIT_KEPT,) if reading.unit else ()),
                 *((Reason.BLOCK_TWICE,) if reading.twice else ())),
        areas=known(*(s.area for s in spans)), postcodes=known(*(s.postcode for s in spans)),
        extent_m=max(distance_m(at, end) for end in ends), source=f"segment {index.source_of(stretches[0].segment)}",
    )  # fmt: skip


def _without_ranges(index: Index, match: Match, number: str) -> list[Hit]:
    """The middle of a street whose ranges and points are not known at all: better than a similar name."""
    segments = index.segments_of(match.street.id)
    if not segments:
        return []
    segment, area, postcode = segments[len(segments) // 2]
    x, y = along(index.line(segment), 0.5)
    hit = Hit(
        x=x, y=y, label=f"{number} {match.street.spelled}", method=Method.STREET, quality=Quality.CENTROID,
        reasons=match.reasons, cost=match.cost, street=match.street.id, number=number, areas=known(area),
        postcodes=known(postcode), source=f"segment {index.source_of(segment)}",
    )  # fmt: skip
    return [hit.doubted(Reason.NO_RANGES)]


def _block_of_points(match: Match, reading: BlockReading, points: Iterable[Point]) -> list[Hit]:
    """A block of a street that has address points alone: the middle one stands for it, in each municipality."""
    hits = []
    for area, group in groupby(sorted(points, key=lambda p: (p.area, p.number, p.id)), key=lambda p: p.area):
        own = list(group)
        middle = own[len(own) // 2]
        extent_m = max(distance_m((middle.x, middle.y), (p.x, p.y)) for p in own)
        hit = Hit(
            x=middle.x, y=middle.y, label=f"{reading.low} block of {match.street.spelled}", method=Method.BLOCK,
            quality=Quality.BLOCK, reasons=match.reasons or (Reason.EXACT,), cost=match.cost, street=match.street.id,
            number=str(reading.low), unit=reading.unit, areas=known(area), extent_m=extent_m,
            postcodes=known(*(p.postcode for p in own)), source=f"address {middle.id}",
        )  # fmt: skip
        hits.append(hit if extent_m <= 400.0 else hit.doubted(Reason.BLOCK_IN_PIECES))
    return hits
