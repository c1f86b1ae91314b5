"""The result as one page that a city's staff and a judge can read: ranks, how sure they are, and what decides them."""

from collections.abc import Sequence
from math import ceil, floor

import numpy as np

from redstick.pages.document import Document, Section
from redstick.pages.markup import bullets
from redstick.pages.tables import Cell, table
from redstick.pages.wording import count_words
from redstick.survey.index.page_method import gaps_section, method_section
from redstick.survey.index.page_sure import agreement_section, bands_section, moves_section
from redstick.survey.index.page_words import change_words, model_facts
from redstick.survey.index.result import Result, Robustness

MOST_ROWS = 200  # places set in a table
MOST_GROUPS = 14  # groups set side by side


def page(result: Result, version: str) -> Document:
    """The document; render it to have its file."""
    model, outcome = result.plan.model, result.outcome
    facts = [("Places ranked", f"{int((outcome.ranks > 0).sum()):,}"), *model_facts(result.plan)]
    if result.data.ratings is not None:
        facts.append(("Judges", f"{len(result.data.ratings.judges):,}"))
    robust = result.robustness
    if robust is not None:
        facts.append(("Recounts", f"{robust.bands.draws:,}"))
    classes = _by_class(result)
    sections = [_summary(result), *[_ranks(result, name, members) for name, members in classes]]
    if robust is not None:
        if robust.bands.factors:
            sections += [bands_section(result, robust, name, members) for name, members in classes]
        sections.append(moves_section(result, robust))
    if result.agreements:
        sections.append(agreement_section(result))
    sections += [*_groups(result), gaps_section(result), method_section(result)]
    return Document(
        title=model.name,
        subtitle=f"Edition {model.edition}" if model.edition else "Scores and ranks",
        facts=facts,
        sections=sections,
        footer=f"Made by Redstick {version}. The same files and the same seed give the same page.",
    )


def _by_class(result: Result) -> list[tuple[str, list[int]]]:
    """Ranked places of each class, by rank."""
    parts: dict[str, list[int]] = {}
    for place in result.by_rank():
        if result.outcome.ranks[place]:
            parts.setdefault(result.class_name(place), []).append(place)
    return list(parts.items())


def _summary(result: Result) -> Section:
    """The outcome in three or four sentences, for whoever reads no further."""
    names = result.data.names
    said = []
    for group, members in _by_class(result):
        first = [place for place in members if result.outcome.ranks[place] == 1]
        who = (
            names[first[0]] if len(first) == 1 else f"{', '.join(names[p] for p in first[:-1])} and {names[first[-1]]}"
        )
        if len(first) > 6:
            who = count_words(len(first), "place", "places")
        together = "comes" if len(first) == 1 else "together come"
        where = f" in the class “{group}”" if group else ""
        said.append(f"{who} {together} first{where} with {_score(result, first[0])}.")
    if result.robustness is not None:
        said += _sureness(result, result.robustness)
    not_ranked = int((result.outcome.ranks == 0).sum())
    if not_ranked:
        are = count_words(not_ranked, "place is", "places are")
        said.append(f"{are} not ranked, because answers are incomplete or fit no class.")
    return Section(title="In short", body=[bullets(said)])


def _sureness(result: Result, robust: Robustness) -> list[str]:
    found, top = robust.bands, result.plan.model.ranking.top
    if not found.factors:
        return ["The edition declares no choice that a recount could make otherwise, so no rank has a band."]
    ranked = result.outcome.ranks > 0
    width = found.high[ranked] - found.low[ranked]
    said = []
    if len(width):
        said.append(
            f"In {found.draws:,} recounts with other defensible choices, half of the places stay within a band of "
            f"{np.median(width):.0f} ranks or fewer; the widest band spans {width.max():.0f}."
        )
    sure = int((found.top[ranked] > 0.95).sum())
    possible = int(((found.top[ranked] > 0.05) & (found.top[ranked] <= 0.95)).sum())
    reach = count_words(sure, "place reaches", "places reach")
    said.append(f"{reach} the top {top} in more than 95 of 100 recounts.")
    if possible:
        others = count_words(possible, "other", "others")
        said.append(f"For {others} it depends on choices that reasonable people make differently.")
    return said


def _score(result: Result, place: int) -> str:
    ranking = result.plan.model.ranking
    return f"{result.outcome.shown[place]:,.{ranking.digits if ranking.rounding != 'none' else 2}f}"


def _ranks(result: Result, name: str, members: Sequence[int]) -> Section:
    """One class, with the band and what decides beside each rank."""
    head = ["Place", "Rank", "Score"]
    robust = result.robustness
    numeric = {1, 2}
    if robust is not None:
        head += ["90 % band", f"Chance of top {result.plan.model.ranking.top}", "What moves it most", "Then"]
        numeric |= {3, 4, 6}
    head.append("Filled in")
    numeric.add(len(head) - 1)
    more = len(members) - MOST_ROWS
    body = table(
        f"Places by rank{f', {name}' if name else ''}",
        head,
        [_rank_row(result, robust, place) for place in members[:MOST_ROWS]],
        numeric=numeric,
        note=f"{more:,} further places stand in the file of all results (--json, --stages)." if more > 0 else "",
    )
    ranking = result.plan.model.ranking
    style = "the next number is left out" if ranking.ties == "competition" else "the next number follows on"
    note = f"Places that tie share the lower number and {style}. The order among them is by id and means nothing."
    return Section(title=f"Ranks: {name}" if name else "Ranks", body=[body], note=note)


def _rank_row(result: Result, robust: Robustness | None, place: int) -> list[Cell]:
    outcome = result.outcome
    row: list[Cell] = [result.data.names[place], int(outcome.ranks[place]), _score(result, place)]
    if robust is not None:
        found, decided = robust.bands, result.decided_by(place)
        low, high = floor(found.low[place]), ceil(found.high[place])
        row += [f"{low} to {high}" if high > low else f"{low}", _percent(found.top[place])]
        if decided is None:
            row += ["nothing that was tried", None]
        else:
            row += [change_words(decided), int(robust.deciding.rank_then[place])]
    row.append(_percent(outcome.imputed[place].mean()))
    return row


def _percent(share: float) -> str:
    """A share as a percentage that is 0 or 100 only where it is none or all."""
    if 0 < share < 0.005:
        return "< 1 %"
    return "> 99 %" if 0.995 <= share < 1 else f"{100 * share:.0f} %"


def _groups(result: Result) -> list[Section]:
    """What each place's score is made of, where the index has groups."""
    plan, outcome = result.plan, result.outcome
    shown = [at for at, group in enumerate(plan.groups) if group.parent == plan.groups[-1].id]
    if not 1 < len(shown) <= MOST_GROUPS:
        return []
    head = ["Place", "Rank", *[plan.groups[at].name or plan.groups[at].id for at in shown]]
    rows: list[list[Cell]] = [
        [
            result.data.names[place],
            int(outcome.ranks[place]),
            *[None if np.isnan(value) else f"{value:,.1f}" for value in outcome.groups[place, shown]],
        ]
        for place in result.by_rank()[:MOST_ROWS]
        if outcome.ranks[place]
    ]
    body = table("Scores of the groups", head, rows, numeric=range(1, len(head)))
    return [Section(title="What the scores are made of", body=[body])]
