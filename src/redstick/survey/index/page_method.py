"""The parts of the page that say what was done to the figures: filled in, changed, weighed, computed."""

import numpy as np

from redstick.pages.document import Section
from redstick.pages.markup import Html, bullets, paragraph
from redstick.pages.tables import Cell, table
from redstick.pages.wording import count_words
from redstick.survey.index.page_words import method_lines
from redstick.survey.index.plan import Plan
from redstick.survey.index.result import Result, model_digest
from redstick.survey.index.stages import Floats

MOST_ROWS = 200
MOST_NAMES = 40


def gaps_section(result: Result) -> Section:
    """What was filled, drawn in, transformed, left open or not ranked."""
    outcome, plan, data = result.outcome, result.plan, result.data
    filled = outcome.imputed.sum(axis=0)
    drawn: dict[int, list[str]] = {}
    for place, column in outcome.treated.moved:
        drawn.setdefault(column, []).append(data.names[place])
    rows: list[list[Cell]] = []
    for column, one in enumerate(plan.indicators):
        places, how = drawn.get(column, []), outcome.treated.transformed.get(column)
        if filled[column] or places or how:
            rows.append([one.name or one.id, int(filled[column]), ", ".join(places[:12]) or None, how])
    head = ["Indicator", "Answers filled in", "Outliers drawn in", "Transformed"]
    body: list[str] = []
    if rows:
        body.append(table("Figures that were filled in or changed", head, rows[:MOST_ROWS], numeric={1}))
    else:
        body.append("No figure was filled in or changed.")
    unranked = [data.names[place] for place in range(len(data.ids)) if not outcome.ranks[place]]
    if unranked:
        body.append(f"Not ranked: {_some(unranked)}.")
    return Section(title="What was filled in and changed", body=[*body, *_unfinished(result)])


def _unfinished(result: Result) -> list[str]:
    """Completion questions left open, each with its places."""
    names = {one.id: one.name or one.id for one in result.plan.model.indicator}
    known = dict(zip(result.data.ids, result.data.names, strict=True))
    by_question: dict[str, list[str]] = {}
    for place, question in result.data.unfinished:
        by_question.setdefault(question, []).append(known[place])
    return [
        f"“{names[question]}” is required and never ranked; still unanswered by "
        f"{count_words(len(places), 'place', 'places')}: {_some(places)}."
        for question, places in by_question.items()
    ]


def _some(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMES:,} more" if len(names) > MOST_NAMES else ""
    return f"{', '.join(names[:MOST_NAMES])}{more}"


def method_section(result: Result) -> Section:
    """Each stage in words, each weight with what it comes to in the index."""
    plan = result.plan
    body: list[str] = [bullets(method_lines(plan.model)), _weights(plan, result.outcome.weights)]
    if len(plan.allotted):
        body.append(_allotted(plan))
    if plan.model.source:
        body.append(paragraph(plan.model.source))
    note = f"SHA-256 of the edition: {model_digest(plan.model)}"
    return Section(title="How it is computed", body=body, note=note)


def _weights(plan: Plan, weights: Floats) -> Html:
    names = {group.id: group.name or group.id for group in plan.groups}
    shares = _shares(plan, weights)
    rows: list[list[Cell]] = [
        [
            one.name or one.id,
            names[one.parent],
            f"{weights[at]:.4g}",
            f"{100 * shares[at]:.1f} %",
            "more" if one.direction > 0 else "less",
        ]
        for at, one in enumerate(plan.indicators[:MOST_ROWS])
    ]
    rows += [
        [names[group.id], names[group.parent], f"{weights[at]:.4g}", f"{100 * shares[at]:.1f} %", None]
        for at, group in enumerate(plan.groups, start=len(plan.indicators))
        if group.parent
    ]
    head = ["Indicator or group", "Part of", "Weight", "Share of the index", "Better is"]
    more = len(plan.indicators) - MOST_ROWS
    note = f"{more:,} further indicators stand in the edition's file." if more > 0 else ""
    return table("Weights", head, rows, numeric={2, 3}, note=note)


def _shares(plan: Plan, weights: Floats) -> Floats:
    """(elements,): each one's part of the whole weight, down the tree from the index."""
    shares = np.zeros(len(weights))
    shares[-1] = 1.0
    first = len(plan.indicators)
    for at in range(len(plan.tree.nodes) - 1, -1, -1):
        children = plan.tree.nodes[at].children
        total = weights[children].sum()
        shares[children] = shares[first + at] * weights[children] / (total if total > 0 else 1.0)
    return shares


def _allotted(plan: Plan) -> Html:
    """Mean and spread of the points that people allotted."""
    names = [*[one.name or one.id for one in plan.indicators], *[group.name or group.id for group in plan.groups]]
    rows: list[list[Cell]] = []
    for at, name in enumerate(names):
        given = plan.allotted[:, at][~np.isnan(plan.allotted[:, at])]
        if len(given):
            spread = f"{100 * given.std(ddof=1):.1f}" if len(given) > 1 else None
            figures = [f"{100 * value:.1f}" for value in (given.mean(), given.min(), given.max())]
            rows.append([name, len(given), figures[0], spread, figures[1], figures[2]])
    head = ["Indicator or group", "People", "Mean share, %", "Deviation", "Least", "Most"]
    return table("Points allotted, as shares of each group", head, rows[:MOST_ROWS], numeric=range(1, 6))
