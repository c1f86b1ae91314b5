"""A number on a street, and a hundred block: address points first, then ranges with parity and side."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from redstick.geo.geocoder.grammar import AddressReading, BlockReading
from redstick.geo.geocoder.hits import Hit, known
from redstick.geo.geocoder.index import Index, Line, Point, Span
from redstick.geo.geocoder.mileposts import along, distance_m, foot_on
from redstick.geo.geocoder.result import Method, Quality, Reason
from redstick.geo.geocoder.streets import Match

SIDES = ("left", "right")
_POINT_OF_RANGE_M = 150.0  # an address point this near to a range's line is what the range speaks of
_PIECES_TOGETHER_M = 80.0  # pieces of one block; a crossing or a square may lie between
_LEFT_OUT = frozenset({Reason.SUFFIX_MISSING, Reason.DIRECTIONAL_MISSING})


def find_number(index: Index, matches: Sequence[Match], reading: AddressReading) -> list[Hit]:
    """Places of a house number; where no street has it, the nearest number, marked so."""
    hits = [hit for match in matches for hit in _at_number(index, match, reading)]
    if any(not hit.doubts - _LEFT_OUT for hit in hits):
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
    return [hit for _, hit in hits[:2]]


def _length_m(line: Line) -> float:
    return sum(distance_m(a, b) for a, b in zip(line, line[1:], strict=False))


def _beside_line(point: tuple[int, int], line: Line) -> bool:
    return any(
        distance_m(point, foot_on(point, a, b)) <= _POINT_OF_RANGE_M for a, b in zip(line, line[1:], strict=False)
    )


def find_block(index: Index, matches: Sequence[Match], reading: BlockReading) -> list[Hit]:
    """Places of a hundred block: the stretches of street whose ranges hold its numbers, joined where they touch."""
    low, high = reading.low, reading.low + 99
    hits = []
    for match in matches:
        spans = index.spans_within(match.street.id, max(low, 1), high)
        hits += [_block_hit(index, match, reading, piece) for piece in _pieces(index, spans)]
        hits += _block_of_points(match, reading, index.points_within(match.street.id, low, high)) if not spans else []
    if any(not hit.doubts - _LEFT_OUT for hit in hits):
        return hits
    reached = {hit.street for hit in hits}
    for match in [match for match in matches[:6] if match.street.id not in reached]:
        spans = index.nearest_spans(match.street.id, low)[:1]
        hits += [_block_hit(index, match, reading, [span]).doubted(Reason.NUMBER_OUTSIDE) for span in spans]
    return hits


def _pieces(index: Index, spans: list[Span]) -> list[list[Span]]:
    """Ranges whose segments touch, or nearly, and that do not lie in different municipalities."""
    groups: list[list[Span]] = []
    for span in spans:
        touching = [group for group in groups if any(_together(index, span, other) for other in group)]
        groups = [group for group in groups if group not in touching]
        groups.append([*(other for group in touching for other in group), span])
    return groups


def _together(index: Index, a: Span, b: Span) -> bool:
    if a.segment == b.segment:
        return True
    if a.area >= 0 and b.area >= 0 and a.area != b.area:
        return False
    ends_a, ends_b = index.line(a.segment), index.line(b.segment)
    return any(distance_m(p, q) <= _PIECES_TOGETHER_M for p in (ends_a[0], ends_a[-1]) for q in (ends_b[0], ends_b[-1]))


def _block_hit(index: Index, match: Match, reading: BlockReading, spans: list[Span]) -> Hit:
    """A block stands at the middle of its segment with the most of its numbers; its extent reaches its far end."""
    low, high = max(reading.low, 1), reading.low + 99
    best = max(spans, key=lambda s: (min(s.high, high) - max(s.low, low), -s.segment))
    x, y = along(index.line(best.segment), 0.5)
    ends = [point for span in spans for point in index.line(span.segment)]
    return Hit(
        x=x, y=y, label=f"{reading.low} block of {match.street.spelled}", method=Method.BLOCK, quality=Quality.BLOCK,
        reasons=(*(match.reasons or (Reason.EXACT,)), *((Reason.UNIT_KEPT,) if reading.unit else ())), cost=match.cost,
        street=match.street.id, number=str(reading.low), unit=reading.unit,
        areas=known(*(s.area for s in spans)), postcodes=known(*(s.postcode for s in spans)),
        extent_m=max(distance_m((x, y), end) for end in ends), source=f"segment {index.source_of(best.segment)}",
    )  # fmt: skip


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
