"""A study opened from a JEMSS model: its settings, its deployment, and the drives of its network worked out."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from redstick.adapters.jemss import Network, UnreadableModel, demand_cells, only_file, read_network, rows_of
from redstick.adapters.jemss_settings import read_settings
from redstick.geo.routing import RoadGraph, open_engine
from redstick.simulation.ems.ground import F32, F64, I64, Ground, Site
from redstick.simulation.ems.setting import Priority, Setting

COARSE = 10  # pixels of the raster along one side of a cell


@dataclass(frozen=True)
class Study:
    """A city to plan for. `deployed` is how many units stand at each post as things are (p,)."""

    setting: Setting
    ground: Ground
    deployed: I64
    post_names: tuple[str, ...]
    hospital_names: tuple[str, ...]


def open_study(folder: Path, workload: str = "train") -> Study:
    """Read a city's folder (the one that holds `models` and `data`). Raises UnreadableModel or OSError."""
    models = sorted((folder / "models").glob("*"))
    if not models:
        raise UnreadableModel(f"{folder}: expected a folder models/1 of a JEMSS city")
    read = read_settings(models[0], workload)
    rasters = sorted(folder.rglob(f"{Path(read.raster).stem}.zip"))
    if not rasters:
        raise UnreadableModel(f"{folder}: expected the demand raster {read.raster}, zipped, below it")
    cells, share = demand_cells(only_file(rasters[0]), COARSE)
    stations = rows_of(models[0] / "stations" / "stations_1.csv", "index")
    hospitals = rows_of(models[0] / "hospitals" / "hospitals_1.csv", "index")
    ambulances = rows_of(models[0] / "ambulances" / "ambulances_1.csv", "index")
    network = read_network(models[0] / "travel" / "roads" / "roads.zip")
    room = np.array([int(row["capacity"]) for row in stations], np.int64)
    deployed = np.bincount([int(row["stationIndex"]) - 1 for row in ambulances], minlength=len(stations))
    setting = Setting(
        calls_an_hour=read.calls_an_hour,
        priorities=tuple(Priority(one.name, one.share, one.target_s, one.mode) for one in read.kinds),
        dispatch_s=read.dispatch_s,
        on_scene_s=read.on_scene_s,
        transported=read.transported,
        handover_shape=read.handover_shape,
        handover_scale_s=read.handover_scale_s,
        warm_up_days=read.warm_up_days,
        days=read.days,
    )
    names = [next((value for key, value in row.items() if key.startswith("name")), row["index"]) for row in stations]
    ground = drives(
        network,
        _site(network, cells),
        _site(network, _points(stations)),
        _site(network, _points(hospitals)),
        share,
        room,
        read.off_road_kmh,
    )
    return Study(
        setting, ground, deployed.astype(np.int64), tuple(names), tuple(row["Facility name"] for row in hospitals)
    )


def drives(
    network: Network, cells: Site, posts: Site, hospitals: Site, share: F64, room: I64, off_road_kmh: tuple[float, ...]
) -> Ground:
    """All drives that a study can need. Sites name corners of the network; the ground renames them to its places."""
    used = np.concatenate([site.place for site in (cells, posts, hospitals)])
    places = np.union1d(_junctions(network), used)
    anchors = np.unique(cells.place)
    slow = len(off_road_kmh) - 1
    to_post, next_place = _ways(network, slow, posts.place, places)
    return Ground(
        cells=_renamed(cells, places),
        posts=_renamed(posts, places),
        hospitals=_renamed(hospitals, places),
        share=share,
        room=room,
        anchors=np.searchsorted(places, anchors),
        to_anchor=np.stack([_into(network, mode, anchors, places) for mode in range(slow + 1)]),
        to_post=to_post,
        next_place=next_place,
        to_hospital=_into(network, slow, hospitals.place, places).astype(np.float64),
        off_road_kmh=off_road_kmh,
    )


def _renamed(site: Site, places: I64) -> Site:
    return Site(site.xy, np.searchsorted(places, site.place), site.off_km)


def _points(rows: list[dict[str, str]]) -> F64:
    return np.array([[float(row["x"]), float(row["y"])] for row in rows])


def _site(network: Network, points: F64) -> Site:
    off_km, corner = network.nearest(points)
    return Site(points, corner, off_km)


def _junctions(network: Network) -> I64:
    """Corners that do not have exactly two neighbours: where a drive can take another way."""
    pairs = np.unique(np.sort(np.stack([network.tail, network.head], axis=1), axis=1), axis=0)
    degree = np.bincount(pairs[pairs[:, 0] != pairs[:, 1]].ravel(), minlength=len(network.xy))
    return np.flatnonzero(degree != 2)


def _into(network: Network, mode: int, targets: I64, places: I64) -> F32:
    """Seconds from every place to each target (targets, places), infinite where no road leads."""
    arcs = len(network.tail)
    ids = np.arange(arcs, dtype=np.int32)
    graph = RoadGraph(
        nodes=len(network.xy),
        tail=network.tail.astype(np.uint32),
        head=network.head.astype(np.uint32),
        weight_ms=np.maximum(1, np.rint(network.lasting_s[mode] * 1000)).astype(np.uint32),
        segment=ids,
        forward=ids,
        backward=np.full(arcs, -1, np.int32),
        latitude=network.xy[:, 1].astype(np.float32),
        longitude=network.xy[:, 0].astype(np.float32),
    )
    found = open_engine(graph).times_into(targets.astype(np.uint32), places.astype(np.uint32))
    return np.where(found < np.iinfo(np.int32).max, found / 1000, np.inf).astype(np.float32)


def _ways(network: Network, mode: int, posts: I64, places: I64) -> tuple[F64, I64]:
    """Seconds to each post and the next place on the way there, both (posts, places)."""
    count = len(network.xy)
    back = csr_array((network.lasting_s[mode], (network.head, network.tail)), shape=(count, count))
    seconds, onward = dijkstra(back, indices=posts, return_predecessors=True)
    is_place = np.zeros(count, np.bool_)
    is_place[places] = True
    rows = []
    for post, row in zip(posts, onward, strict=True):
        onto = np.where(row < 0, post, row)  # the post itself, and what no road leads from
        while not is_place[onto[places]].all():
            onto = np.where(is_place[onto], onto, onto[onto])
        rows.append(np.searchsorted(places, onto[places]))
    return seconds[:, places], np.stack(rows)
