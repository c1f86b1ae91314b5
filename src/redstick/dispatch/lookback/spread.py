"""How fast, as pictures need it: one interval with its percentiles, standards, histogram and distribution."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from redstick.dispatch.history.model import MISSING_MS
from redstick.dispatch.kpi import Spans, Standard, interval, nearest_rank, standards_for
from redstick.dispatch.lookback.answers import AgainstStandard, Bar, Spread
from redstick.dispatch.reads.report_samples import curve, interval_ranks
from redstick.dispatch.reads.reports import BY_DEFAULT
from redstick.dispatch.rules.calls import Call
from redstick.dispatch.rules.incidents import Incident
from redstick.kernel.values import Instant

STEPS_S = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 360, 480, 600, 900, 1_200, 1_800, 3_600)
Pair = tuple[Instant | None, Instant | None]


def spread(name: str, pairs: Iterable[Pair]) -> Spread:
    """The interval `name` of `kpi.INTERVALS` over pairs of its two moments; KeyError for another name."""
    of, rows = interval(name), list(pairs)
    begun, ended = (_column([row[i] for row in rows]) for i in (0, 1))
    taken = Spans(np.arange(len(rows), dtype=np.int64), begun, ended)
    values = np.sort((ended - begun)[taken.used])
    n = len(values)
    standards = [_against(values, standard) for standard in standards_for(name)] if name in BY_DEFAULT else []
    reach_s = max((one.within_s for one in standards), default=0)
    drawn = curve(taken, reach_s)
    low, high = (int(ranks[0]) for ranks in interval_ranks(np.array([n], np.int64), 0.9))
    p50, p90, p95 = ((nearest_rank(values, percent) / 1000 if n else None) for percent in (50, 90, 95))
    return Spread(
        interval=name,
        title=of.title,
        n_eligible=int(taken.eligible.sum()),
        n_used=n,
        n_backwards=int((values < 0).sum()),
        p50_s=p50,
        p90_s=p90,
        p95_s=p95,
        p90_low_s=float(values[low - 1]) / 1000 if low else None,
        p90_high_s=float(values[high - 1]) / 1000 if high else None,
        standards=standards,
        bars=_bars(values),
        seconds=list(drawn.seconds),
        shares=list(drawn.shares),
    )


def answer_pairs(calls: Iterable[Call]) -> list[Pair]:
    """Received and answered, of each call."""
    return [(call.received_at, call.answered_at) for call in calls]


def processing_pairs(incidents: Iterable[tuple[Incident, list[Call]]]) -> list[Pair]:
    """First answered and first unit dispatched, of each incident with a call."""
    return [(first(call.answered_at for call in calls), stamp(one, "dispatched")) for one, calls in incidents if calls]


def response_pairs(incidents: Iterable[tuple[Incident, list[Call]]]) -> list[Pair]:
    """First received and first unit on scene, of each incident with a call."""
    return [(first(call.received_at for call in calls), stamp(one, "on_scene")) for one, calls in incidents if calls]


def part_pairs(incidents: Iterable[Incident], begun: str, ended: str) -> list[Pair]:
    """Two stamps of each unit's part."""
    return [
        (part.stamps.get(begun), part.stamps.get(ended))
        for one in incidents
        for part in (*one.earlier, *one.assignments.values())
    ]


def stamp(incident: Incident, name: str) -> Instant | None:
    """The earliest stamp of this name among its units' parts."""
    return first(part.stamps.get(name) for part in (*incident.earlier, *incident.assignments.values()))


def first(moments: Iterable[Instant | None]) -> Instant | None:
    """The earliest that is known."""
    return min((at for at in moments if at is not None), default=None)


def _column(moments: list[Instant | None]) -> NDArray[np.int64]:
    return np.array([MISSING_MS if at is None else at for at in moments], np.int64)


def _against(values: NDArray[np.int64], standard: Standard) -> AgainstStandard:
    n, within = len(values), int(((values >= 0) & (values <= standard.within_s * 1000)).sum())
    return AgainstStandard(
        standard.id, standard.name, standard.edition, standard.scope, standard.percent, standard.within_s, within,
        within / n if n else None, within * 100 >= standard.percent * n if n else None,
    )  # fmt: skip


def _bars(values: NDArray[np.int64]) -> list[Bar]:
    ends = np.searchsorted(values, np.array(STEPS_S) * 1000, side="right")
    counts = np.diff(ends, prepend=0, append=len(values)).tolist()
    return [Bar(upto_s, n) for upto_s, n in zip((*STEPS_S, None), counts, strict=True)]
