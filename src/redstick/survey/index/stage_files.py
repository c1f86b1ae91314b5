"""Every stage as a CSV that a person can open beside the others: same places, same order."""

import csv
import io
from collections.abc import Iterable, Sequence

import numpy as np

from redstick.survey.index.result import Result, published

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run


def stage_files(result: Result) -> dict[str, str]:
    """File name to text: five stages, what was imputed, the groups, the ranks."""
    plan, outcome, ids = result.plan, result.outcome, result.data.ids
    indicators = [one.id for one in plan.indicators]
    files = {f"{name}.csv": _csv(["id", *indicators], _rows(ids, table)) for name, table in outcome.tables.items()}
    flags = outcome.imputed.astype(np.float64)
    files["3-imputed-flags.csv"] = _csv(["id", *indicators], _rows(ids, flags))
    moved = [(ids[row], indicators[column], "winsorised") for row, column in outcome.treated.moved]
    moved += [("", indicators[column], how) for column, how in sorted(outcome.treated.transformed.items())]
    files["4-treated-points.csv"] = _csv(["id", "indicator", "how"], moved)
    files["6-aggregated.csv"] = _csv(["id", *[group.id for group in plan.groups]], _rows(ids, outcome.groups))
    ranks = [
        (
            ids[place],
            result.data.names[place],
            result.class_name(place),
            _number(outcome.shown[place]),
            int(outcome.ranks[place]) or "",
            int(outcome.ranks_overall[place]) or "",
        )
        for place in result.by_rank()
    ]
    files["7-ranked.csv"] = _csv(["id", "name", "class", "score", "rank", "rank_overall"], ranks)
    return files


def _rows(ids: Sequence[str], table: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Iterable[list[str]]:
    for place, row in zip(ids, table, strict=True):
        yield [place, *[_number(value) for value in row]]


def _number(value: float) -> str:
    """The shortest text that reads back as the same figure; whole numbers without a point; empty when missing."""
    if published(value) is None:
        return ""
    return str(int(value)) if float(value).is_integer() and abs(value) < 2**53 else repr(float(value))


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_safe(name) for name in head])
    for row in rows:
        first, *rest = row
        writer.writerow([_safe(str(first)), *[cell if _is_number(cell) else _safe(str(cell)) for cell in rest]])
    return out.getvalue()


def _is_number(cell: object) -> bool:
    try:
        float(str(cell))
    except ValueError:
        return False
    return True


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) and not _is_number(text) else text
