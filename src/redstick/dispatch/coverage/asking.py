"""From a snapshot of dispatch to what is worth suggesting, as commands: made outside, decided again by the rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from redstick.dispatch.avl.quality import Quality
from redstick.dispatch.coverage.area import Area
from redstick.dispatch.coverage.moveups import Idle, Margins, suggest
from redstick.dispatch.recommendation.standing import RoadTimes
from redstick.dispatch.rules.crews import crew_committed
from redstick.dispatch.rules.moveups import MoveUp, SuggestMoveUp
from redstick.dispatch.rules.units import Unit
from redstick.dispatch.state import Dispatch
from redstick.dispatch.status_table import Status
from redstick.geo.routing import Point

F64 = NDArray[np.float64]
BELIEVED = ("", Quality.FRESH, Quality.AGEING)


@dataclass(frozen=True)
class Ground:
    """What is covered: cells with their calls an hour (n,), and the posts that units may stand at, by name.

    `standard_s` is the drive within which a call is reached in time; `kinds` are the units that count.
    """

    cells: Sequence[Point]
    calls_an_hour: F64
    posts: Mapping[str, Point]
    standard_s: float
    kinds: frozenset[str]


def survey(ground: Ground, roads: RoadTimes, busy: float) -> Area:
    """The area as the posts reach it: a drive from each post to each cell. Done once for a state of the roads."""
    return Area.within(
        ground.calls_an_hour, _drives(roads, list(ground.posts.values()), ground.cells), ground.standard_s, busy
    )


def moveups(
    state: Dispatch, ground: Ground, area: Area, roads: RoadTimes, snapshot: str, margins: Margins | None = None
) -> list[SuggestMoveUp]:
    """What is worth suggesting now; `snapshot` names the position of the journal that `state` is of.

    Units whose position is doubted, or not known, are left where they are: nobody knows what moving them would open.
    """
    names, found = list(ground.posts), _idle(state, ground)
    if not found:
        return []
    places = [place for _, place in found]
    reaches = _drives(roads, places, ground.cells) <= ground.standard_s
    drives_s = _drives(roads, places, list(ground.posts.values()))
    idle = [
        Idle(unit.id, reaches[i], drives_s[i], names.index(post) if (post := _post(unit, ground)) else None)
        for i, (unit, _) in enumerate(found)
    ]
    standing = {one.unit: names.index(one.post) for one in state.moveups.values() if _stands(one, ground)}
    return [
        SuggestMoveUp(
            move.unit,
            names[move.post],
            late_milli=round(move.before.late * 1000),
            late_if_moved_milli=round(move.after.late * 1000),
            travel_s=round(move.travel_s),
            snapshot=snapshot,
        )
        for move in suggest(area, idle, margins, standing)
    ]


def _idle(state: Dispatch, ground: Ground) -> list[tuple[Unit, Point]]:
    """Units that could be moved and where they are, by id; of the apparatus of one crew the first, since it is one."""
    found: dict[str, tuple[Unit, Point]] = {}
    for name in sorted(state.units):
        unit = state.units[name]
        place = _place(unit, ground)
        counts = unit.available and unit.kind in ground.kinds and not crew_committed(state, unit)
        if counts and place is not None:
            found.setdefault(f"crew {unit.crew}" if unit.crew else f"unit {name}", (unit, place))
    return list(found.values())


def _place(unit: Unit, ground: Ground) -> Point | None:
    """The post that it stands at, else where it was seen; None when that is doubted or not known."""
    post = _post(unit, ground)
    if post:
        return ground.posts[post]
    if unit.x is None or unit.y is None or unit.quality not in BELIEVED:
        return None
    return unit.x, unit.y


def _post(unit: Unit, ground: Ground) -> str:
    """Its station, while it says that it is in quarters; "" for none."""
    return unit.station if unit.status is Status.AQ and unit.station in ground.posts else ""


def _stands(one: MoveUp, ground: Ground) -> bool:
    return one.declined_at is None and one.post in ground.posts


def _drives(roads: RoadTimes, sources: Sequence[Point], targets: Sequence[Point]) -> F64:
    """Seconds from each source to each target (s, t), infinite where no road leads."""
    columns = [
        [np.inf if seconds is None else seconds for seconds, _ in roads.seconds_to(target, sources)]
        for target in targets
    ]
    return np.array(columns, np.float64).reshape(len(targets), len(sources)).T
