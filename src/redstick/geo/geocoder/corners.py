"""Where streets meet: every common node, in clusters; and streets that come close without one, marked as such."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, pairwise, product

import shapely

from redstick.geo.geocoder.hits import LEFT_OUT, SAME_STREET_M, Hit, known
from redstick.geo.geocoder.index import Index, Line, NodeAt
from redstick.geo.geocoder.mileposts import distance_m, foot_on
from redstick.geo.geocoder.result import Method, Quality, Reason
from redstick.geo.geocoder.streets import Match

CLOSE_M = 30.0  # streets this near without a common node are taken for a corner, with the doubt said
FAR_M = 300.0  # beyond this the nearest approach of two streets is no help
_PAIRS = 9


def find_corner(index: Index, sides: Sequence[Sequence[Match]]) -> list[Hit]:
    """The corners of the first two streets, else of any two of those given."""
    for a, b in combinations(sides, 2):
        if hits := _corner(index, a, b):
            return hits
    return []


def _corner(index: Index, a: Sequence[Match], b: Sequence[Match]) -> list[Hit]:
    pairs = sorted(product(a, b), key=lambda pair: (pair[0].cost + pair[1].cost, pair[0].street.id, pair[1].street.id))
    pairs = [pair for pair in pairs if pair[0].street.id != pair[1].street.id]
    nodes = {match.street.id: index.nodes_of(match.street.id) for match in (*a, *b)}
    hits = [hit for pair in pairs for hit in _shared(pair, nodes[pair[0].street.id], nodes[pair[1].street.id])]
    exact = {(pair[0].street.id, pair[1].street.id) for pair in pairs if pair[0].cost + pair[1].cost == 0}
    hits = _twins(hits)
    met = any(not hit.doubts - LEFT_OUT for hit in hits)
    if hits and (met or not exact):
        return hits
    near = [hit for pair in pairs[:_PAIRS] if (hit := _near(index, pair, nodes)) is not None]
    return [*hits, *near]


def _twins(hits: list[Hit]) -> list[Hit]:
    """The hits, where corners that differ in nothing but a directional are given as equals.

    `BUENA VISTA AVE EAST` and `WEST` run round one park and meet one street twice within a few hundred metres: which
    of them was meant is easily misheard, and the text alone cannot settle it. Where both meet it in the same place, as
    N MAIN and S MAIN do at the city's base line, there is nothing to mistake.
    """
    exact = [hit for hit in hits if not hit.doubts]
    other = [hit for hit in hits if hit.doubts == {Reason.DIRECTIONAL_DIFFERS}]
    twins = {hit for a, b in product(exact, other) if SAME_STREET_M < distance_m(a.at, b.at) <= FAR_M for hit in (a, b)}
    return [_as_twin(hit) if hit in twins else hit for hit in hits]


def _as_twin(hit: Hit) -> Hit:
    kept = tuple(reason for reason in hit.reasons if reason not in {Reason.EXACT, Reason.DIRECTIONAL_DIFFERS})
    return replace(hit, reasons=(*kept, Reason.DIRECTIONAL_TWIN))


def _reasons(pair: tuple[Match, Match]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys((*pair[0].reasons, *pair[1].reasons))) or (Reason.EXACT,)


def _label(pair: tuple[Match, Match]) -> str:
    return f"{pair[0].street.spelled} / {pair[1].street.spelled}"


def _shared(pair: tuple[Match, Match], a: list[NodeAt], b: list[NodeAt]) -> list[Hit]:
    """One hit for each cluster of common nodes; the node nearest to the cluster's middle stands for it."""
    common = {row.node for row in a} & {row.node for row in b}
    rows = [row for row in (*a, *b) if row.node in common]
    places = sorted({(row.node, row.x, row.y) for row in rows})
    hits = []
    for cluster in _clusters(places):
        middle = (sum(x for _, x, _ in cluster) // len(cluster), sum(y for _, _, y in cluster) // len(cluster))
        node, x, y = min(cluster, key=lambda place: (distance_m(middle, place[1:]), place[0]))
        members = {place[0] for place in cluster}
        own = [row for row in rows if row.node in members]
        hit = Hit(
                x=x,
                y=y,
                label=_label(pair),
                method=Method.SHARED_NODE,
                quality=Quality.CORNER,
                reasons=_reasons(pair),
                cost=pair[0].cost + pair[1].cost,
                street=pair[0].street.id,
                areas=known(*(r.area for r in own)),
                postcodes=known(*(r.postcode for r in own)),
                source=f"node {node}",
                extent_m=max(distance_m((x, y), place[1:]) for place in cluster),
            )  # fmt: skip
        hits.append(hit)
    return hits


def _clusters(places: list[tuple[int, int, int]]) -> list[list[tuple[int, int, int]]]:
    """Nodes chained by steps of at most SAME_STREET_M: the corners of a divided road are one intersection."""
    clusters: list[list[tuple[int, int, int]]] = []
    for place in places:
        near = [c for c in clusters if any(distance_m(place[1:], other[1:]) <= SAME_STREET_M for other in c)]
        clusters = [c for c in clusters if c not in near]
        clusters.append([*(other for c in near for other in c), place])
    return clusters


def _near(index: Index, pair: tuple[Match, Match], nodes: dict[int, list[NodeAt]]) -> Hit | None:
    """The nearest approach of two streets without a common node; None where it is far."""
    a, b = pair[0].street.id, pair[1].street.id
    if not _boxes_near(nodes[a], nodes[b]):
        return None
    segments_a, segments_b = index.segments_of(a), index.segments_of(b)
    gap_m, at = nearest_approach([index.line(s[0]) for s in segments_a], [index.line(s[0]) for s in segments_b])
    if gap_m > FAR_M:
        return None
    areas = known(*(s[1] for s in (*segments_a, *segments_b)))
    postcodes = known(*(s[2] for s in (*segments_a, *segments_b)))
    hit = Hit(
        x=at[0], y=at[1], label=_label(pair), method=Method.NEAR_CORNER, quality=Quality.CORNER, reasons=_reasons(pair),
        cost=pair[0].cost + pair[1].cost, street=a, extent_m=gap_m, areas=areas if len(areas) == 1 else (),
        postcodes=postcodes if len(postcodes) == 1 else (), source=f"{gap_m:.0f} m apart",
    )  # fmt: skip
    return hit.doubted(Reason.STREETS_SHARE_NO_NODE if gap_m <= CLOSE_M else Reason.STREETS_DO_NOT_MEET)


def _boxes_near(a: list[NodeAt], b: list[NodeAt]) -> bool:
    if not a or not b:
        return False
    margin = 60_000  # 1e-7 degrees: 670 m north, more than FAR_M east up to 60° of latitude
    return (
        min(n.x for n in a) - margin <= max(n.x for n in b)
        and min(n.x for n in b) - margin <= max(n.x for n in a)
        and min(n.y for n in a) - margin <= max(n.y for n in b)
        and min(n.y for n in b) - margin <= max(n.y for n in a)
    )


def nearest_approach(a: Sequence[Line], b: Sequence[Line]) -> tuple[float, tuple[int, int]]:
    """How near two sets of lines come, in metres, and the point between; crossing lines come to 0."""
    first, second = shapely.MultiLineString(list(a)), shapely.MultiLineString(list(b))
    if first.intersects(second):
        point = shapely.get_coordinates(first.intersection(second))[0]
        return 0.0, (round(point[0]), round(point[1]))
    p, _ = shapely.get_coordinates(shapely.shortest_line(first, second))
    # The plane of degrees is not square: the ends are found there, and mended on the true one.
    start = (round(p[0]), round(p[1]))
    end = min(
        (foot_on(start, u, v) for line in b for u, v in pairwise(line)),
        key=lambda f: distance_m(start, f),
    )
    return distance_m(start, end), ((start[0] + end[0]) // 2, (start[1] + end[1]) // 2)
