"""Weights from a table beside the model: one weight for each id, or the points that several people allotted."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import structs

from redstick.survey.index.errors import IndexFault
from redstick.survey.index.model import Allocation, Group, IndexModel, Indicator
from redstick.survey.index.tables import TextTable, number_of, read_table

_SUM_TOLERANCE = 1e-9

Element = Indicator | Group


def with_weights(model: IndexModel, path: Path) -> IndexModel:
    """The model with the weights of a table: columns id and weight, or id, judge and weight for a budget allocation.

    Raises IndexFault for an unknown, repeated or absent id, for what is no weight, and for a sum that is not the
    declared one.
    """
    table = read_table(path)
    if "judge" in table.header:
        return _with_allocations(model, table)
    given: dict[str, float] = {}
    lines: dict[str, int] = {}
    for row, name, weight in _weights(table, model):
        if name in lines:
            raise IndexFault(table.file, row, f"{name!r} has its weight in row {lines[name]} already; expected it once")
        given[name], lines[name] = weight, row
    lacking = [one.id for one in model.indicator if one.id not in given and not one.completion]
    if lacking:
        raise IndexFault(table.file, None, f"expected a weight for every indicator; lacking: {', '.join(lacking[:10])}")
    weighed = structs.replace(
        model,
        indicator=tuple(structs.replace(one, weight=given.get(one.id, one.weight)) for one in model.indicator),
        group=tuple(structs.replace(one, weight=given.get(one.id, one.weight)) for one in model.group),
    )
    check_sums(weighed, table.file, lines)
    return weighed


def _weights(table: TextTable, model: IndexModel) -> Iterable[tuple[int, str, float]]:
    """(row, id, weight) of every row."""
    known = {one.id for one in model.elements}
    for row, name, text in zip(table.rows, table.column("id"), table.column("weight"), strict=True):
        if name not in known:
            raise IndexFault(table.file, row, f"{name!r} is no indicator or group of the model {model.name!r}")
        weight = number_of(text)
        if weight is None or weight < 0:
            raise IndexFault(table.file, row, f"{name!r}: expected a weight, a number of 0 or more; found {text!r}")
        yield row, name, weight


def _with_allocations(model: IndexModel, table: TextTable) -> IndexModel:
    points: dict[str, dict[str, float]] = {}
    lines: dict[tuple[str, str], int] = {}
    for (row, name, weight), judge in zip(_weights(table, model), table.column("judge"), strict=True):
        if not judge:
            raise IndexFault(table.file, row, "expected the judge's id; it is empty")
        if (judge, name) in lines:
            earlier = f"row {lines[judge, name]} already holds judge {judge!r} on {name!r}"
            raise IndexFault(table.file, row, f"{earlier}; expected it once")
        points.setdefault(judge, {})[name], lines[judge, name] = weight, row
    allocations = tuple(Allocation(judge, points[judge]) for judge in sorted(points))
    for one in allocations:
        own = {name: row for (judge, name), row in lines.items() if judge == one.judge}
        check_allocation(model, one, table.file, own)
    return structs.replace(model, allocations=allocations)


def check_allocation(model: IndexModel, one: Allocation, file: str, lines: Mapping[str, int]) -> None:
    """Raises IndexFault unless the points cover every part of each group that they touch, to its declared sum."""
    for group in model.group:
        parts = _scored_parts(model, group)
        touched = [part for part in parts if part.id in one.points]
        if not touched:
            continue
        row = max((lines[part.id] for part in touched if part.id in lines), default=None)
        lacking = [part.id for part in parts if part.id not in one.points]
        if lacking:
            expected = f"judge {one.judge!r}: expected points for every part of {group.id!r}; lacking: "
            raise IndexFault(file, row, expected + ", ".join(lacking[:10]))
        _check_sum(group, parts, [one.points[part.id] for part in parts], file, row, f"judge {one.judge!r}: points")


def check_sums(model: IndexModel, file: str, lines: Mapping[str, int]) -> None:
    """Raises IndexFault where the weights below a group do not add up to its declared sum."""
    for group in model.group:
        parts = _scored_parts(model, group)
        if parts:
            row = max((lines[part.id] for part in parts if part.id in lines), default=lines.get(group.id))
            _check_sum(group, parts, [part.weight for part in parts], file, row, "weights")


def _scored_parts(model: IndexModel, group: Group) -> list[Element]:
    parts = [one for one in model.elements if one.parent == group.id]
    return [one for one in parts if not (isinstance(one, Indicator) and one.completion)]


def _check_sum(
    group: Group, parts: Sequence[Element], weights: Sequence[float], file: str, row: int | None, what: str
) -> None:
    found = sum(weights)
    if group.weights_sum is not None and abs(found - group.weights_sum) > _SUM_TOLERANCE * max(1, abs(found)):
        each = " + ".join(f"{weight:g}" for weight in weights[:12]) + (" + …" if len(parts) > 12 else "")
        expected = f"{what} below {group.id!r} add up to {found:g} ({each}); expected {group.weights_sum:g}"
        raise IndexFault(file, row, expected)
    if found <= 0:
        raise IndexFault(file, row, f"{what} below {group.id!r}: expected at least one above 0")
