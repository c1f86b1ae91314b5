"""The parts of the page that say how sure: bands, chances, what moves the ranks, how far judges agree."""

from collections.abc import Sequence

import numpy as np

from redstick.pages.charts import bars, intervals
from redstick.pages.document import Section
from redstick.pages.markup import Html, bullets, paragraph
from redstick.pages.tables import Cell, table
from redstick.pages.wording import sentence
from redstick.survey.index.page_words import change_words, varied_lines
from redstick.survey.index.result import Result, Robustness, published
from redstick.survey.index.sensitivity import Influence, Sobol

MOST_MARKS = 30  # places drawn in a chart
MOST_CHANGES = 25
_SURE = 0.995  # a chance nearer to 0 or 1 than this is not drawn: there is nothing to see


def bands_section(result: Result, robust: Robustness, name: str, members: Sequence[int]) -> Section:
    """Rank bands of the first places of a class, and the chance of the top for those in question."""
    found, top = robust.bands, result.plan.model.ranking.top
    where = f", {name}" if name else ""
    shown = list(members[:MOST_MARKS])
    which = f"The first {len(shown)} of {len(members):,}. " if len(shown) < len(members) else ""
    body = [
        intervals(
            f"Where each place could rank{where}",
            [result.data.names[place] for place in shown],
            [published(found.low[place]) for place in shown],
            [float(result.outcome.ranks[place]) for place in shown],
            [published(found.high[place]) for place in shown],
            "rank",
            f"{which}The dot is the published rank, the bar the ranks of the middle 90 of 100 recounts.",
            (float(top), f"top {top}") if len(members) > top else None,
        )
    ]
    open_places = [place for place in members if 1 - _SURE < found.top[place] < _SURE][:MOST_MARKS]
    if len(members) > top and open_places:
        body.append(
            bars(
                f"Chance of the top {top}{where}",
                [result.data.names[place] for place in open_places],
                [100 * float(found.top[place]) for place in open_places],
                "% of recounts",
                f"Share of recounts with rank {top} or better, shared ranks included, "
                "for places that are neither always nor never there.",
                horizontal=True,
            )
        )
    return Section(title=f"How sure: {name}" if name else "How sure the ranks are", body=body)


def moves_section(result: Result, robust: Robustness) -> Section:
    """Sensitivity: shares of variance by choice, and every single change by the mean shift it causes."""
    body: list[str] = []
    lines = varied_lines(result.plan.model)
    if lines:
        body += [paragraph("Recounts make choices otherwise, each independently of the others:"), bullets(lines)]
    if robust.sobol is not None and robust.sobol.variance > 0:
        body += _variance(robust.sobol)
    ordered = sorted(robust.deciding.influences, key=lambda one: (-one.mean_shift, one.kind, one.name))
    head = ["Mean shift (ranks)", "Largest shift", "Place moved most", "From", "To"]
    rows = [[sentence(change_words(one)), *_shift(result, one)] for one in ordered[:MOST_CHANGES]]
    body.append(table("Single changes, by how far they move places", ["Change", *head], rows, numeric={1, 2, 4, 5}))
    judges = [[one.name, *_shift(result, one)] for one in ordered if one.kind == "judge"]
    if judges:
        body.append(table("Each judge left out", ["Without judge", *head], judges, numeric={1, 2, 4, 5}))
    return Section(
        title="What moves the ranks",
        body=body,
        note="Each change is tried by itself, all else as published. A large shift is a reason to look, not a fault.",
    )


def _variance(found: Sobol) -> list[Html]:
    order = np.argsort(-found.total, kind="stable")
    names = [sentence(found.factors[at]) for at in order]
    total, margin = found.total[order], found.total_margin[order]
    picture = intervals(
        "Which choice moves the ranks most",
        names,
        [100 * max(0.0, float(value)) for value in total - margin],
        [100 * max(0.0, float(value)) for value in total],
        [100 * max(0.0, float(value)) for value in total + margin],
        "% of the variance of the mean rank shift",
        "Total Sobol index of each choice with its 95 % interval: its own effect and its part in joint effects, "
        "so that they may add up to more than 100 %.",
    )
    rows: list[list[Cell]] = [
        [name, *[round(100 * float(value), 1) for value in (first, first_margin, whole, whole_margin)]]
        for name, first, first_margin, whole, whole_margin in zip(
            names, found.first[order], found.first_margin[order], total, margin, strict=True
        )
    ]
    head = ["Choice", "By itself, %", "±", "With others, %", "±"]
    note = f"Estimated from {found.runs:,} recounts; an estimate of what is nothing may fall below 0."
    return [picture, table("Shares of variance by choice", head, rows, numeric=range(1, 5), note=note)]


def _shift(result: Result, one: Influence) -> list[Cell]:
    moved = one.largest_shift > 0
    return [
        f"{one.mean_shift:.2f}",
        one.largest_shift,
        result.data.names[one.place] if moved else None,
        one.before if moved else None,
        one.after if moved else None,
    ]


def agreement_section(result: Result) -> Section:
    """Krippendorff's alpha of each judged question with its interval."""
    alert = result.plan.model.judges.alert
    names = {one.id: one.name or one.id for one in result.plan.indicators}
    rows: list[list[Cell]] = []
    for question, level, found in result.agreements:
        flag = "no variation" if found.alpha is None else ("look again" if found.alpha < alert else "fair")
        figures = [None if value is None else f"{value:.3f}" for value in (found.alpha, found.low, found.high)]
        rows.append([names[question], level, *figures, found.units, flag])
    head = ["Question", "Level", "Alpha", "Low", "High", "Places", "Reading"]
    said = (
        "Krippendorff's alpha is 1 when judges agree wholly and 0 when they agree no more than chance would have it. "
        "Low and high enclose it in 95 of 100 resamples of the places."
    )
    body: list[str] = [paragraph(said), table("Agreement of judges by question", head, rows, numeric={2, 3, 4, 5})]
    note = f"Under {alert:g} a question is marked for a second look; that line is a convention, not a test."
    return Section(title="How far the judges agree", body=body, note=note)
