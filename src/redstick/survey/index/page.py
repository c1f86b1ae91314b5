"""The result as one page that a city's staff and a judge can read: ranks, how sure they are, and what decides them."""

from collections.abc import Sequence

import numpy as np

from redstick.pages.charts import bars, intervals
from redstick.pages.document import Document, Section
from redstick.pages.markup import bullets, paragraph
from redstick.pages.tables import Cell, table
from redstick.survey.index.page_words import change_words, method_lines, model_facts
from redstick.survey.index.result import Result, Robustness, model_digest, published

MOST_ROWS = 200  # places set in a table
MOST_MARKS = 30  # places drawn in a chart
MOST_CHANGES = 20


def page(result: Result, version: str) -> Document:
    """The document; render it to have its file."""
    model, outcome = result.plan.model, result.outcome
    n_ranked = int((outcome.ranks > 0).sum())
    facts = [("Places ranked", f"{n_ranked:,}"), *model_facts(result.plan)]
    if result.data.ratings is not None:
        facts.append(("Judges", f"{len(result.data.ratings.judges):,}"))
    if result.robustness is not None:
        facts.append(("Recounts", f"{result.robustness.bands.draws:,}"))
    sections = [_summary(result), *_ranks(result)]
    if result.robustness is not None:
        sections += _robust(result, result.robustness)
    if result.agreements:
        sections.append(_agreement(result))
    sections += [_gaps(result), _method(result)]
    return Document(
        title=model.name,
        subtitle=f"Edition {model.edition}" if model.edition else "Scores and ranks",
        facts=facts,
        sections=sections,
        footer=f"Made by Redstick {version}. The same files and the same seed give the same page.",
    )


def _leaders(result: Result) -> list[int]:
    return [place for place in result.by_rank() if result.outcome.ranks[place]]


def _summary(result: Result) -> Section:
    """The outcome in three or four sentences, for whoever reads no further."""
    ranking, names = result.plan.model.ranking, result.data.names
    first = [place for place in _leaders(result) if result.outcome.ranks[place] == 1]
    said = []
    for place in first[:6]:
        group = result.class_name(place)
        scored = f"{result.outcome.shown[place]:,.{_decimals(result)}f}"
        said.append(f"{names[place]} comes first{f' in {group}' if group else ''} with {scored}.")
    if result.robustness is not None:
        found = result.robustness.bands
        ranked = result.outcome.ranks > 0
        width = found.high[ranked] - found.low[ranked]
        sure = int((found.top[ranked] > 0.95).sum())
        possible = int(((found.top[ranked] > 0.05) & (found.top[ranked] <= 0.95)).sum())
        if len(width):
            said.append(
                f"In {found.draws:,} recounts with other defensible choices, half of the places stay within a band of "
                f"{np.median(width):.0f} ranks or fewer; the widest band spans {width.max():.0f}."
            )
        said.append(
            f"{sure:,} places reach the top {ranking.top} in more than 95 of 100 recounts; "
            f"for {possible:,} others it depends on choices that reasonable people make differently."
        )
    not_ranked = int((result.outcome.ranks == 0).sum())
    if not_ranked:
        said.append(f"{not_ranked:,} places are not ranked, because their answers are incomplete or fit no class.")
    return Section(title="In short", body=[bullets(said)])


def _decimals(result: Result) -> int:
    ranking = result.plan.model.ranking
    return ranking.digits if ranking.rounding != "none" else 2


def _by_class(result: Result) -> list[tuple[str, list[int]]]:
    parts: dict[str, list[int]] = {}
    for place in _leaders(result):
        parts.setdefault(result.class_name(place), []).append(place)
    return list(parts.items())


def _ranks(result: Result) -> list[Section]:
    """One table for each class, with the band and what decides beside each rank."""
    return [
        Section(
            title=f"Ranks: {name}" if name else "Ranks",
            body=[_rank_table(result, name, members)],
            note=_tie_note(result),
        )
        for name, members in _by_class(result)
    ]


def _tie_note(result: Result) -> str:
    ranking = result.plan.model.ranking
    style = "the next number is left out" if ranking.ties == "competition" else "the next number follows on"
    return (
        f"Places with equal scores share the lower number and {style}. The order among them is by id and means nothing."
    )


def _rank_table(result: Result, name: str, members: Sequence[int]) -> str:
    head = ["Place", "Rank", "Score"]
    robust = result.robustness
    if robust is not None:
        head += ["90 % band", f"Chance of top {result.plan.model.ranking.top}", "What moves it most"]
    head.append("Filled in")
    rows = [_rank_row(result, robust, place) for place in members[:MOST_ROWS]]
    more = len(members) - len(rows)
    return table(
        f"Places by rank{f', {name}' if name else ''}",
        head,
        rows,
        numeric={1, 2, 4, len(head) - 1} if robust is not None else {1, 2, 3},
        note=f"{more:,} further places stand in the file of all results." if more > 0 else "",
    )


def _rank_row(result: Result, robust: Robustness | None, place: int) -> list[Cell]:
    outcome = result.outcome
    row: list[Cell] = [
        result.data.names[place],
        int(outcome.ranks[place]),
        f"{outcome.shown[place]:,.{_decimals(result)}f}",
    ]
    if robust is not None:
        found = robust.bands
        band = f"{found.low[place]:.0f} to {found.high[place]:.0f}"
        decided = result.decided_by(place)
        moved = "nothing tried moves it"
        if decided is not None:
            moved = f"{change_words(decided)}: would be {int(robust.deciding.rank_then[place])}"
        row += [band, f"{100 * found.top[place]:.0f} %", moved]
    row.append(f"{100 * outcome.imputed[place].mean():.0f} %")
    return row


def _robust(result: Result, robust: Robustness) -> list[Section]:
    sections = [_bands(result, robust, name, members) for name, members in _by_class(result)]
    return [*sections, _what_moves(result, robust)]


def _bands(result: Result, robust: Robustness, name: str, members: Sequence[int]) -> Section:
    """Rank bands and the chance of a top place, for the places in question."""
    found, top = robust.bands, result.plan.model.ranking.top
    shown = list(members[:MOST_MARKS])
    names = [result.data.names[place] for place in shown]
    where = f", {name}" if name else ""
    band = intervals(
        f"Where each place could rank{where}",
        names,
        [published(found.low[place]) for place in shown],
        [float(result.outcome.ranks[place]) for place in shown],
        [published(found.high[place]) for place in shown],
        "rank",
        f"The dot is the published rank; the bar holds it in 90 of 100 recounts. First {len(shown)} of {len(members)}.",
        (float(top), f"top {top}") if len(members) > top else None,
    )
    chance = bars(
        f"Chance of a place in the top {top}{where}",
        names,
        [100 * float(found.top[place]) for place in shown],
        "% of recounts",
        f"Share of recounts in which a place ranks {top} or better; shared ranks count.",
        horizontal=True,
    )
    body = [band] if len(members) <= top else [band, chance]
    return Section(title=f"How sure: {name}" if name else "How sure the ranks are", body=body)


def _what_moves(result: Result, robust: Robustness) -> Section:
    """Sensitivity: shares of variance by choice, and every single change by the mean shift it causes."""
    body: list[str] = []
    sobol = robust.sobol
    if sobol is not None and sobol.variance > 0:
        body.append(
            bars(
                "Which choice moves the ranks most",
                [name.capitalize() for name in sobol.factors],
                [100 * max(0.0, float(value)) for value in sobol.total],
                "% of the variance of the mean rank shift",
                "Total Sobol index of each choice: its own effect and its effect together with others; "
                "they may add up to more than 100 %.",
                horizontal=True,
            )
        )
    ordered = sorted(robust.deciding.influences, key=lambda one: (-one.mean_shift, one.kind, one.name))
    rows: list[list[Cell]] = [
        [
            change_words(one).capitalize(),
            one.mean_shift,
            one.largest_shift,
            result.data.names[one.place] if one.largest_shift else None,
            f"{one.before} to {one.after}" if one.largest_shift else None,
        ]
        for one in ordered[:MOST_CHANGES]
    ]
    head = ["Change", "Mean shift (ranks)", "Largest shift", "Place moved most", "Its rank"]
    body.append(table("Single changes, by how far they move places", head, rows, numeric={1, 2}))
    judges = [one for one in ordered if one.kind == "judge"]
    if judges:
        judged: list[list[Cell]] = [
            [
                one.name,
                one.mean_shift,
                one.largest_shift,
                result.data.names[one.place] if one.largest_shift else None,
                f"{one.before} to {one.after}" if one.largest_shift else None,
            ]
            for one in judges
        ]
        head = ["Without judge", "Mean shift (ranks)", "Largest shift", "Place moved most", "Its rank"]
        body.append(table("Each judge left out", head, judged, numeric={1, 2}))
    return Section(
        title="What moves the ranks",
        body=body,
        note="Each change is tried by itself, all else as published. A large shift is a reason to look, not a fault.",
    )


def _agreement(result: Result) -> Section:
    """Krippendorff's alpha of each judged question with its interval."""
    alert = result.plan.model.judges.alert
    names = {one.id: one.name or one.id for one in result.plan.indicators}
    rows: list[list[Cell]] = []
    for question, level, found in result.agreements:
        flag = "no variation" if found.alpha is None else ("look again" if found.alpha < alert else "fair")
        rows.append([names[question], level, found.alpha, found.low, found.high, found.units, flag])
    head = ["Question", "Level", "Alpha", "Low", "High", "Places", "Reading"]
    body: list[str] = [
        paragraph(
            "Alpha is 1 when judges agree wholly and 0 when they agree no more than chance would have it. "
            "Low and high enclose it in 95 of 100 resamples of the places."
        ),
        table("Agreement of judges by question", head, rows, numeric={2, 3, 4, 5}),
    ]
    note = f"Under {alert:g} a question is marked for a second look; that line is a convention, not a test."
    return Section(title="How far the judges agree", body=body, note=note)


def _gaps(result: Result) -> Section:
    """What was filled, drawn in, transformed, left open or not ranked."""
    outcome, plan, data = result.outcome, result.plan, result.data
    filled = outcome.imputed.sum(axis=0)
    rows: list[list[Cell]] = []
    for column, one in enumerate(plan.indicators):
        points = sum(moved == column for _, moved in outcome.treated.moved)
        how = outcome.treated.transformed.get(column, "")
        if filled[column] or points or how:
            rows.append([one.name or one.id, int(filled[column]), points, how or None])
    head = ["Indicator", "Answers filled in", "Outliers drawn in", "Transformed"]
    body = [table("Indicators in which figures were filled in or changed", head, rows[:MOST_ROWS], numeric={1, 2})]
    unranked = [data.names[place] for place in range(len(data.ids)) if not outcome.ranks[place]]
    if unranked:
        more = f" and {len(unranked) - 40:,} more" if len(unranked) > 40 else ""
        body.append(paragraph(f"Not ranked: {', '.join(unranked[:40])}{more}."))
    if data.unfinished:
        some = ", ".join(f"{place} ({question})" for place, question in data.unfinished[:20])
        more = f" and {len(data.unfinished) - 20:,} more" if len(data.unfinished) > 20 else ""
        body.append(paragraph(f"Required and never ranked, still unanswered: {some}{more}."))
    return Section(title="What was filled in and changed", body=body)


def _method(result: Result) -> Section:
    plan = result.plan
    rows: list[list[Cell]] = [
        [one.name or one.id, one.parent, one.weight, "more" if one.direction > 0 else "less"]
        for one in plan.indicators[:MOST_ROWS]
    ]
    return Section(
        title="How it is computed",
        body=[
            bullets(method_lines(plan.model)),
            table("Indicators", ["Indicator", "Group", "Weight", "Better is"], rows, numeric={2}),
        ],
        note=f"SHA-256 of the edition: {model_digest(plan.model)}",
    )
