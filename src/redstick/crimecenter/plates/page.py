"""Matches as a page: by class, each with what it may lead to and what it may not; and how good each way is."""

from collections.abc import Sequence

from redstick import __version__
from redstick.crimecenter.plates.evaluation import Figures, NoiseModel
from redstick.crimecenter.plates.files import Matched, ReadList
from redstick.crimecenter.plates.matching import MatchClass
from redstick.pages.charts import bars
from redstick.pages.document import Document, Section
from redstick.pages.markup import bullets
from redstick.pages.tables import Cell, table

MOST_ROWS = 500

TITLES = {
    MatchClass.EXACT_STATE: "Every character and the state",
    MatchClass.EXACT_STATE_UNREAD: "Every character, state not read",
    MatchClass.POSSIBLE: "One confusable character, the state agrees",
    MatchClass.POSSIBLE_STATE_UNREAD: "One confusable character, state not read",
}
MEANING = {
    MatchClass.EXACT_STATE: "May lead to a stop, after two people have confirmed it: the picture beside the entry, "
    "make and colour, the age of the list, a live query.",
    MatchClass.EXACT_STATE_UNREAD: "Needs eyes on the picture for the state. Never a reason to stop by itself.",
    MatchClass.POSSIBLE: "Possible: needs eyes on the character that differs. Never a reason to stop by itself.",
    MatchClass.POSSIBLE_STATE_UNREAD: "Mostly wrong. A lead for a case, never an alert to a unit.",
}


def plates_page(matched: Matched, listed: ReadList, figures: Sequence[Figures], model: NoiseModel) -> Document:
    """The matches by class, the surest first; `figures` of the noise model where they were asked for."""
    sections = [Section("In short", [bullets(_in_short(matched, listed))])]
    for one in MatchClass:
        rows = _rows(matched, one)
        if rows:
            sections.append(Section(TITLES[one], [MEANING[one], _table(one, rows)]))
    if figures:
        sections.append(_how_good(figures, model))
    sections.append(_limits(matched, listed))
    return Document(
        title="Plates on the list",
        subtitle=f"{matched.source} against {listed.source}",
        facts=[
            ("Reads", f"{matched.reads:,}"),
            ("Entries on the list", f"{listed.hot_list.count:,}"),
            ("Reads that match", f"{sum(matched.matched_reads.values()):,}"),
        ],
        sections=sections,
        footer=f"Made by Redstick {__version__}. This page holds plates: keep it no longer than the reads themselves.",
    )


def _in_short(matched: Matched, listed: ReadList) -> list[str]:
    if not matched.seen:
        return [f"None of {matched.reads:,} reads matches an entry that is in force."]
    said = [
        f"{TITLES[one]}: {count:,} reads of {len({seen.wanted for seen in matched.seen if seen.match_class is one}):,} "
        "entries."
        for one, count in sorted(matched.matched_reads.items())
    ]
    if matched.expired:
        said.append(f"{matched.expired:,} further reads match only entries that had expired; they are not shown.")
    if listed.has_expiry and not any(seen.last for seen in matched.seen):
        said.append("Reads carry no time: whether an entry had expired could not be judged by the read.")
    return said


def _rows(matched: Matched, one: MatchClass) -> list[list[Cell]]:
    return [
        [
            seen.wanted.plate,
            seen.wanted.state or None,
            f"{seen.plate_read} {seen.state_read}".strip(),
            seen.wanted.category or None,
            seen.reads,
            len(seen.cameras) or None,
            seen.first or None,
            seen.last or None,
        ]
        for seen in matched.seen
        if seen.match_class is one
    ]


def _table(one: MatchClass, rows: list[list[Cell]]) -> str:
    head = ["Wanted", "State", "As read", "Category", "Reads", "Cameras", "First", "Last"]
    more = len(rows) - MOST_ROWS
    note = f"{more:,} further rows stand in --json." if more > 0 else ""
    return table(TITLES[one], head, rows[:MOST_ROWS], numeric=(4, 5), note=note)


def _how_good(figures: Sequence[Figures], model: NoiseModel) -> Section:
    rows: list[list[Cell]] = [
        [one.name, one.alerts, one.true_alerts, f"{one.recall:.3f}", f"{one.precision:.3f}"] for one in figures
    ]
    picture = bars(
        "Alerts that are right",
        [one.name for one in figures],
        [100 * one.precision for one in figures],
        "% of alerts",
        "Precision of each way of matching on the noise model. Without the state more than half of all are wrong.",
        horizontal=True,
    )
    head = ["Way of matching", "Alerts", "True", "Recall", "Precision"]
    note = (
        f"A made-up list of {model.wanted:,} plates and {model.reads:,} reads, {figures[0].wanted_reads:,} of them "
        f"truly wanted; {100 * model.confused:g} % of characters confused, {100 * model.replaced:g} % replaced, "
        f"{100 * model.dropped:g} % dropped, the state read on {100 * model.state_read:g} %. The order of the ways "
        "holds; the figures are the model's, not your cameras': measure those by confirmed and rejected alerts. The "
        "default is “fold, one confusable, + state”."
    )
    measured = table("On the noise model", head, rows, numeric=range(1, 5))
    return Section("How good each way is", [picture, measured], note)


def _limits(matched: Matched, listed: ReadList) -> Section:
    said = [
        "A read is not a plate and an entry is not a fact: both may be wrong or old.",
        "A dropped character is not matched: with it nearly every alert would be wrong.",
    ]
    for name, reasons in (("reads", matched.left_out), ("entries of the list", listed.left_out)):
        said += [f"Left out of the {name}: {count:,}, {reason}." for reason, count in sorted(reasons.items())]
    return Section("What this cannot tell", [bullets(said)])
