"""What can be driven to, and back from: islands, one-way traps, places that no road leads to."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from redstick.geo.city import City
from redstick.geo.linter.finding import Finding, Severity, counted, segment_place, segment_position
from redstick.geo.roads import BACKWARD_ONLY, FORWARD_ONLY, Roads

_ISLAND = "Join it to the network, or confirm that it is reached by other means than a road."
_TRAP = "Check the one-way directions, unless the street leaves the map: a unit would be routed in and never out."
_SEALED = "Check the one-way directions, unless the street enters the map: no unit can be routed to it."


def check_reach(city: City) -> Iterator[Finding]:
    """One finding per group of nodes that is not both reachable from and able to reach the main network."""
    roads = city.roads
    if not roads.segments:
        return
    forward = roads.direction != BACKWARD_ONLY
    backward = roads.direction != FORWARD_ONLY
    tail = np.concatenate([roads.tail[forward], roads.head[backward]])
    head = np.concatenate([roads.head[forward], roads.tail[backward]])
    graph = coo_matrix((np.ones(len(tail), np.int8), (tail, head)), shape=(roads.nodes, roads.nodes)).tocsr()
    _, weak = connected_components(graph, directed=False)
    _, strong = connected_components(graph, directed=True, connection="strong")
    main_weak = int(np.argmax(np.bincount(weak)))
    counts = np.bincount(strong[weak == main_weak])
    main_strong = int(np.argmax(counts))
    yield from _islands(roads, weak, main_weak)
    enters = np.zeros(int(strong.max()) + 1, bool)
    # A group can be entered from the main network when some arc of a chain leads into it: fold until nothing changes.
    arcs = np.unique(np.column_stack([strong[tail], strong[head]]), axis=0)
    arcs = arcs[arcs[:, 0] != arcs[:, 1]]
    enters[main_strong] = True
    while True:
        reached = np.unique(arcs[enters[arcs[:, 0]], 1])
        if enters[reached].all():
            break
        enters[reached] = True
    yield from _traps(roads, strong, (weak == main_weak) & (strong != main_strong), enters)


def _islands(roads: Roads, weak: NDArray[np.int32], main: int) -> Iterator[Finding]:
    label = weak[roads.tail]
    for _, first, count, numbered in _grouped(roads, label, label != main):
        severity = Severity.ERROR if numbered else Severity.WARNING
        found = f"{counted(count, 'segment')} that no road joins to the rest, {numbered:,} with house numbers"
        yield _finding(roads, first, "ISLAND", severity, found, _ISLAND)


def _traps(
    roads: Roads, strong: NDArray[np.int32], apart: NDArray[np.bool_], enters: NDArray[np.bool_]
) -> Iterator[Finding]:
    """Segments whose far end (for a trap) or near end (for a sealed group) lies in a group apart from the main one."""
    first_node = np.where(roads.direction == BACKWARD_ONLY, roads.head, roads.tail)
    last_node = np.where(roads.direction == BACKWARD_ONLY, roads.tail, roads.head)
    node = np.where(apart[last_node], last_node, first_node)
    label = strong[node]
    for group, first, count, numbered in _grouped(roads, label, apart[node]):
        inward = bool(enters[group])
        code, advice = ("ONEWAY_TRAP", _TRAP) if inward else ("ONEWAY_SEALED", _SEALED)
        found = (
            f"{counted(count, 'segment')} that can be {'entered but not left' if inward else 'left but not entered'}"
        )
        severity = Severity.ERROR if numbered and not inward else Severity.WARNING
        yield _finding(roads, first, code, severity, f"{found}, {numbered:,} with house numbers", advice)


def _grouped(roads: Roads, label: NDArray[np.int32], chosen: NDArray[np.bool_]) -> Iterator[tuple[int, int, int, int]]:
    """Per label of the chosen segments: the label, its first segment, how many, how many with house numbers."""
    numbered = (roads.left_from > 0) | (roads.right_from > 0)
    groups: dict[int, list[int]] = {}
    for segment in np.flatnonzero(chosen).tolist():
        groups.setdefault(int(label[segment]), []).append(segment)
    for group, segments in groups.items():
        yield group, segments[0], len(segments), int(numbered[segments].sum())


def _finding(roads: Roads, segment: int, code: str, severity: Severity, found: str, advice: str) -> Finding:
    return Finding(code, severity, segment_place(roads, segment), found, advice, segment_position(roads, segment))
