"""Customisable contraction hierarchies from RoutingKit, by way of pyroutingkit.

The engine pins its targets and loops over its sources, so the drives of many units to one incident are asked on a
second topology with every arc reversed. That topology is made from the first by swapping two files of an undocumented
layout, so both are compared on random pairs at each opening, and a mismatch refuses.
"""

import fcntl
import hashlib
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from threading import Lock

import numpy as np
import pyroutingkit

from redstick.geo.routing.engine import I64, INF_MS, U32, NodePath
from redstick.geo.routing.graph import RoadGraph

FOLDER = "routing"  # below the city's folder; can be made again at any time
STAMP = "stamp"
CHECKED_PAIRS = 30
CUSTOMISE_ABOVE = 500  # arcs changed at once: from here a full customisation is quicker than updates


class EngineMismatch(Exception):  # noqa: N818  (named for what is the matter)
    """The two topologies disagree: the engine's files are damaged or of another layout than the pinned version's."""


class RoutingKitEngine:
    """Exact; ranks 100 units in milliseconds on a large city. Both directions always carry the same weights."""

    name = "pyroutingkit"

    def __init__(self, graph: RoadGraph, cache: Path | None = None) -> None:
        """Prepare or, from `cache` (a city's folder), load the topologies. Raises EngineMismatch."""
        if int(pyroutingkit.INF_WEIGHT) != INF_MS:
            raise EngineMismatch(f"the engine's infinity is {pyroutingkit.INF_WEIGHT}; expected {INF_MS}")
        self._lock = Lock()
        self._weights_ms = graph.weight_ms.copy()
        ahead, back = _topologies(graph, cache)
        self._ahead, self._back = pyroutingkit.CCHMetric(ahead), pyroutingkit.CCHMetric(back)
        self._customise()
        self._compare_directions(graph.nodes)

    def times(self, sources: U32, targets: U32) -> I64:
        """See NodeEngine."""
        return self._matrix(self._ahead, sources, targets)

    def times_into(self, targets: U32, sources: U32) -> I64:
        """See NodeEngine."""
        return self._matrix(self._back, targets, sources)

    def path(self, source: int, target: int) -> NodePath:
        """See NodeEngine."""
        with self._lock:
            ms, _, arcs = self._ahead.query(source, target)
        return NodePath(int(ms), [int(arc) for arc in arcs])

    def set_weights(self, arcs: U32, weights_ms: U32) -> None:
        """See NodeEngine."""
        with self._lock:
            self._weights_ms[arcs] = weights_ms
            if len(arcs) > CUSTOMISE_ABOVE:
                self._customise()
            elif len(arcs):
                for metric in (self._ahead, self._back):
                    metric.update_weights(arcs, weights_ms)

    def _customise(self) -> None:
        for metric in (self._ahead, self._back):
            metric.customize(self._weights_ms)

    def _matrix(self, metric: "pyroutingkit.CCHMetric", starts: U32, ends: U32) -> I64:
        if len(starts) == 0 or len(ends) == 0:
            return np.empty((len(starts), len(ends)), np.int64)
        # Two threads inside one metric end the process: the engine lets go of the interpreter while it writes.
        with self._lock:
            found = metric.distances_many_to_many(starts, ends)
        return np.asarray(found, np.int64).reshape(len(starts), len(ends))

    def _compare_directions(self, nodes: int) -> None:
        if nodes == 0:
            return
        draw = np.random.default_rng(1)
        sources = draw.integers(0, nodes, CHECKED_PAIRS).astype(np.uint32)
        targets = draw.integers(0, nodes, CHECKED_PAIRS).astype(np.uint32)
        for source, target in zip(sources, targets, strict=True):
            forth = int(self._ahead.query(source, target)[0])
            back = int(self._back.query(target, source)[0])
            if forth != back:
                raise EngineMismatch(
                    f"from node {source} to {target} takes {forth} ms forward and {back} ms reversed; expected the same"
                )


def _topologies(graph: RoadGraph, cache: Path | None) -> tuple["pyroutingkit.CCHTopology", "pyroutingkit.CCHTopology"]:
    """Both topologies, from the cache where its stamp fits the graph."""
    if cache is None:
        with tempfile.TemporaryDirectory(prefix="redstick-routing-") as scratch:
            _prepare(graph, Path(scratch))
            return _load(Path(scratch))
    folder = Path(cache) / FOLDER
    with _claimed(cache, fcntl.LOCK_SH):
        if _fits(folder, graph):
            return _load(folder)
    with _claimed(cache, fcntl.LOCK_EX):
        if not _fits(folder, graph):  # nobody made it while we waited
            _make(folder, graph)
        return _load(folder)


@contextmanager
def _claimed(cache: Path, how: int) -> Iterator[None]:
    """Hold the city's folder: several processes open one city, and who makes it anew takes it from nobody."""
    cache.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(cache, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)


def _make(folder: Path, graph: RoadGraph) -> None:
    draft = folder.with_name(f".{FOLDER}.{uuid.uuid4().hex}.part")
    try:
        draft.mkdir(parents=True)
        _prepare(graph, draft)
        (draft / STAMP).write_text(_stamp(draft, graph), encoding="ascii")
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _stamp(folder: Path, graph: RoadGraph) -> str:
    """What the files were made from and what is in them, so that a damaged file is made again, not loaded."""
    lines = [f"{version('pyroutingkit')} {graph.topology_stamp()}"]
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != STAMP)
    lines += [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()} {path.relative_to(folder).as_posix()}" for path in files
    ]
    return "\n".join(lines) + "\n"


def _fits(folder: Path, graph: RoadGraph) -> bool:
    path = folder / STAMP
    return path.is_file() and path.read_text(encoding="ascii", errors="replace") == _stamp(folder, graph)


def _prepare(graph: RoadGraph, folder: Path) -> None:
    """Order the nodes once, for both directions."""
    topology = pyroutingkit.CCHTopology()
    topology.build(graph.tail, graph.head, graph.latitude, graph.longitude, graph.nodes)
    ahead, back = folder / "ahead", folder / "back"
    ahead.mkdir()
    topology.save(str(ahead))
    shutil.copytree(ahead, back)
    if (ahead / "tail").stat().st_size != 4 * graph.arcs or (ahead / "head").stat().st_size != 4 * graph.arcs:
        raise EngineMismatch("the engine's files are not laid out as those of the pinned version")
    shutil.copyfile(ahead / "head", back / "tail")
    shutil.copyfile(ahead / "tail", back / "head")


def _load(folder: Path) -> tuple["pyroutingkit.CCHTopology", "pyroutingkit.CCHTopology"]:
    ahead, back = pyroutingkit.CCHTopology(), pyroutingkit.CCHTopology()
    ahead.load(str(folder / "ahead"))
    back.load(str(folder / "back"))
    return ahead, back
