"""From OpenStreetMap ways to segments: cut where roads meet, where a barrier stands, where the extract ends."""

from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise

from redstick.geo.importers import osm_tags
from redstick.geo.importers.assemble import SegmentDraft, clean_line
from redstick.geo.importers.osm_tags import Tags
from redstick.geo.roads import I32


@dataclass(frozen=True)
class RoadWay:
    """A driven way: its tags, and per node its id and position (k, 2) in 1e-7 degrees."""

    id: int
    tags: Tags
    road_class: int
    nodes: list[int]
    points: I32


def segments_of(ways: list[RoadWay], barriers: set[int]) -> list[SegmentDraft]:
    """Cut every way at the nodes that it shares (with another way or itself) and at barriers.

    The pieces on both sides of a barrier end there without meeting.
    """
    uses = Counter(node for way in ways for node in way.nodes)
    pieces = [_pieces(way, uses, barriers) for way in ways]
    of_way: Counter[int] = Counter()
    for way, cuts in zip(ways, pieces, strict=True):
        of_way[way.id] += len(cuts)
    drafts: list[SegmentDraft] = []
    number: Counter[int] = Counter()
    for way, cuts in zip(ways, pieces, strict=True):
        common = _common(way)
        for a, b in cuts:
            name = f"{way.id}" if of_way[way.id] == 1 else f"{way.id}.{number[way.id]}"
            number[way.id] += 1
            drafts.append(_piece(common, way, name, a, b, barriers))
    return drafts


def _pieces(way: RoadWay, uses: Counter[int], barriers: set[int]) -> list[tuple[int, int]]:
    last = len(way.nodes) - 1
    cuts = [i for i, node in enumerate(way.nodes) if i in {0, last} or uses[node] > 1 or node in barriers]
    return list(pairwise(cuts))


def _common(way: RoadWay) -> SegmentDraft:
    """What all pieces of a way share."""
    return SegmentDraft(
        id="",
        points=way.points,
        name=way.tags.get("name", ""),
        aliases=osm_tags.aliases(way.tags),
        road_class=way.road_class,
        direction=osm_tags.direction(way.tags),
        speed_kmh=osm_tags.speed_kmh(way.tags),
        level=osm_tags.level(way.tags),
        postcodes=osm_tags.postcodes(way.tags),
    )


def _piece(common: SegmentDraft, way: RoadWay, name: str, a: int, b: int, barriers: set[int]) -> SegmentDraft:
    tail, head = way.nodes[a], way.nodes[b]
    return replace(
        common,
        id=name,
        points=clean_line(way.points[a : b + 1]),
        tail_key=f"{tail}>{name}" if tail in barriers else str(tail),
        head_key=f"{head}<{name}" if head in barriers else str(head),
    )
