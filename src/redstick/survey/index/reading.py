"""From tables of text to the arrays that a plan scores: answers, denominators, groups, classes, ratings."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from redstick.survey.index.errors import IndexFault
from redstick.survey.index.model import Classes, IndexModel, Indicator
from redstick.survey.index.plan import Data, Plan, compile_plan
from redstick.survey.index.ratings import Ratings
from redstick.survey.index.ratings_file import read_ratings
from redstick.survey.index.stages import Floats
from redstick.survey.index.tables import TextTable, identity, number_of, read_table


def read_inputs(
    model: IndexModel, table: Path, places: Path | None = None, ratings: Path | None = None
) -> tuple[Plan, Data]:
    """The plan and its data from files.

    `places` is a roster: its places are scored, in its order, answered or not, and its columns may hold names,
    population and groups. Raises IndexFault naming file, row and what was expected.
    """
    answers = _where(read_table(table), model)
    roster = read_table(places) if places is not None else None
    plan = compile_plan(model, _repeats(answers, model))
    lines = _lines_by_cell(answers, model)
    ids = _place_ids(answers, roster, model)
    values = _values(plan, answers, lines, ids)
    rated = read_ratings(plan, ratings, ids) if ratings is not None else None
    return plan, _data(plan, answers, roster, lines, ids, values, rated)


def _where(table: TextTable, model: IndexModel) -> TextTable:
    kept = list(range(len(table.rows)))
    for name, wanted in model.table.where.items():
        texts = table.column(name)
        kept = [at for at in kept if texts[at] == wanted]
    if not kept:
        wanted = " and ".join(f"{name} {value!r}" for name, value in model.table.where.items())
        raise IndexFault(table.file, None, f"expected at least one row of answers{' with ' + wanted if wanted else ''}")
    return TextTable(
        table.file, table.header, tuple(table.rows[at] for at in kept), tuple(table.cells[at] for at in kept)
    )


def _repeats(answers: TextTable, model: IndexModel) -> tuple[str, ...]:
    if not model.table.repeated_by:
        return ()
    found = answers.column(model.table.repeated_by)
    if not model.table.repeats:
        return tuple(sorted(set(found)))
    for row, name in zip(answers.rows, found, strict=True):
        if name not in model.table.repeats:
            raise IndexFault(answers.file, row, f"{name!r} is none of the repeats: {', '.join(model.table.repeats)}")
    return model.table.repeats


def _lines_by_cell(answers: TextTable, model: IndexModel) -> dict[tuple[str, str], int]:
    """Where each (place, repeat) stands. Raises IndexFault for one that stands twice or has no id."""
    names = _ids(answers, model.table.id)
    repeats = answers.column(model.table.repeated_by) if model.table.repeated_by else [""] * len(names)
    lines: dict[tuple[str, str], int] = {}
    for at, cell in enumerate(zip(names, repeats, strict=True)):
        row = answers.rows[at]
        if not cell[0]:
            raise IndexFault(answers.file, row, f"expected the place's id in column {model.table.id!r}; it is empty")
        if cell in lines:
            which = f"place {cell[0]!r}" + (f" with {cell[1]!r}" if cell[1] else "")
            raise IndexFault(
                answers.file, row, f"{which} stands in row {answers.rows[lines[cell]]} already; expected it once"
            )
        lines[cell] = at
    return lines


def _ids(table: TextTable, column: str) -> list[str]:
    return [identity(text) for text in table.column(column)]


def _place_ids(answers: TextTable, roster: TextTable | None, model: IndexModel) -> tuple[str, ...]:
    answered = dict.fromkeys(_ids(answers, model.table.id))
    if roster is None:
        return tuple(answered)
    seen: dict[str, int] = {}
    for row, name in zip(roster.rows, _ids(roster, model.table.places_id or model.table.id), strict=True):
        if not name or name in seen:
            where = f"stands in row {seen[name]} already; expected it once" if name else "is empty; expected an id"
            raise IndexFault(roster.file, row, f"place {name!r} {where}")
        seen[name] = row
    for row, name in zip(answers.rows, _ids(answers, model.table.id), strict=True):
        if name not in seen:
            raise IndexFault(answers.file, row, f"place {name!r}: expected one of the places in {roster.file}")
    return tuple(seen)


def _values(plan: Plan, answers: TextTable, lines: dict[tuple[str, str], int], ids: Sequence[str]) -> Floats:
    out = np.full((len(ids), len(plan.indicators)), np.nan)
    parsed: dict[str, Floats] = {}
    number = {name: place for place, name in enumerate(ids)}
    by_repeat: dict[str, tuple[list[int], list[int]]] = {}
    for (name, repeat), at in lines.items():
        rows, sources = by_repeat.setdefault(repeat, ([], []))
        rows.append(number[name])
        sources.append(at)
    for column, one in enumerate(plan.indicators):
        if one.judged is not None:
            continue
        name = one.column or one.repeated or one.id
        if name not in parsed:
            parsed[name] = _numbers(answers, name, one, plan.model.table.missing)
        rows, sources = by_repeat.get(one.parent if one.repeated else "", ([], []))
        out[rows, column] = parsed[name][sources]
    return out


def _numbers(table: TextTable, name: str, one: Indicator | None, missing: Sequence[str]) -> Floats:
    """A column as floats. Raises IndexFault at the first cell that is neither a figure, a level nor missing."""
    texts = table.column(name)
    levels = one.levels if one is not None else {}
    out = np.full(len(texts), np.nan)
    empty = {"", *missing}
    for at, text in enumerate(texts):
        if text in empty and text not in levels:
            continue
        if levels:
            if text not in levels:
                known = ", ".join(repr(level) for level in levels)
                raise IndexFault(table.file, table.rows[at], f"column {name!r}: {text!r} is none of: {known}")
            out[at] = levels[text]
            continue
        value = number_of(text)
        if value is None:
            raise IndexFault(table.file, table.rows[at], f"column {name!r}: expected a number, found {text[:60]!r}")
        out[at] = value
    return out


def _data(
    plan: Plan,
    answers: TextTable,
    roster: TextTable | None,
    lines: dict[tuple[str, str], int],
    ids: tuple[str, ...],
    values: Floats,
    ratings: Ratings | None,
) -> Data:
    model = plan.model
    needed = sorted({one.denominator for one in plan.indicators if one.denominator})
    groups = sorted({rule.group for rule in (model.impute, *model.uncertainty.impute) if rule.group})
    if ratings is None and any(one.judged for one in plan.indicators):
        judged = next(one.id for one in plan.indicators if one.judged)
        raise IndexFault(answers.file, None, f"indicator {judged!r} is judged: expected a table of ratings beside it")
    first: dict[str, int] = {}
    for (name, _), at in lines.items():
        first.setdefault(name, at)

    def facts(column: str) -> tuple[TextTable, list[int | None]]:
        """The table that knows a column, and the line of each place in it."""
        if roster is not None and column in roster.header:
            return roster, list(range(len(ids)))
        return answers, [first.get(name) for name in ids]

    def texts(column: str) -> list[str]:
        table, at = facts(column)
        found = table.column(column)
        return ["" if line is None else found[line] for line in at]

    def figures(column: str) -> Floats:
        table, at = facts(column)
        found = _numbers(table, column, None, model.table.missing)
        return np.array([np.nan if line is None else found[line] for line in at], dtype=np.float64)

    names = texts(model.table.name) if model.table.name else list(ids)
    classes = None if model.classes is None else class_codes(figures(model.classes.column), model.classes)
    open_questions = _unfinished(model, answers, ids, first)
    codes = {column: _codes(texts(column)) for column in groups}
    columns = {column: figures(column) for column in needed}
    shown = tuple(name or place for name, place in zip(names, ids, strict=True))
    return Data(ids, shown, values, columns, codes, classes, open_questions, ratings)


def class_codes(figures: Floats, classes: Classes) -> NDArray[np.int64]:
    """The position of each place's class in `classes.bands`; -1 where the figure is missing or below every class."""
    least = np.array([band.least for band in classes.bands])
    order = np.argsort(least)
    found = np.searchsorted(least[order], figures, side="right") - 1
    codes = np.where((found < 0) | np.isnan(figures), -1, order[np.maximum(found, 0)])
    return codes.astype(np.int64)


def _codes(texts: Sequence[str]) -> NDArray[np.int64]:
    known = {text: code for code, text in enumerate(sorted({text for text in texts if text}))}
    return np.array([known.get(text, -1) for text in texts], dtype=np.int64)


def _unfinished(
    model: IndexModel, answers: TextTable, ids: Sequence[str], first: dict[str, int]
) -> tuple[tuple[str, str], ...]:
    """(place, question) of completion questions without an answer."""
    empty = {"", *model.table.missing}
    found: list[tuple[str, str]] = []
    for one in model.indicator:
        if one.completion:
            texts = answers.column(one.column or one.id)
            found += [(place, one.id) for place in ids if place not in first or texts[first[place]] in empty]
    return tuple(found)
