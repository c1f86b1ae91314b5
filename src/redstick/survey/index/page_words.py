"""The methods of a model and the changes to it, in words that a reader needs no handbook for."""

from redstick.survey.index.model import IndexModel
from redstick.survey.index.plan import Plan
from redstick.survey.index.sensitivity import Influence

_IMPUTE = {
    "none": "Missing answers stay missing.",
    "mean": "A missing answer is filled with the mean of the answers given.",
    "median": "A missing answer is filled with the median of the answers given.",
    "group-mean": "A missing answer is filled with the mean of the place's group.",
    "group-median": "A missing answer is filled with the median of the place's group.",
    "row-mean": "A missing answer is filled with the mean of the place's other answers.",
    "constant": "A missing answer is filled with a declared figure.",
}
_NORMALISE = {
    "none": "Figures are used as they are.",
    "min-max": "Each indicator is stretched so that its worst figure is {low:g} and its best {high:g}.",
    "z-score": "Each indicator is expressed in standard deviations from its mean (mean {mean:g}, deviation {sd:g}).",
    "rank": "Each indicator is replaced by its rank.",
    "percentile": "Each indicator is replaced by its percentile, from {low:g} to {high:g}.",
    "share-of-best": "Each indicator is a share of the best figure, from {low:g} to {high:g}.",
    "goalposts": "Each indicator runs from {low:g} at its declared worst to {high:g} at its declared best.",
}
_AGGREGATE = {
    "arithmetic": "Weighted means join indicators into groups and groups into the index.",
    "geometric": "Weighted geometric means join them, so that a weak part is hard to make up for.",
    "harmonic": "Weighted harmonic means join them, so that a weak part is very hard to make up for.",
    "copeland": "Places are compared in pairs; wins less losses make the score.",
    "sum": "Weighted sums join them.",
}
_CHANGES = {
    "group": "without the group “{}”",
    "question": "without the question “{}”",
    "judge": "without judge {}",
    "rule": "by {}",
    "method": "{}",
}


def change_words(one: Influence) -> str:
    """One change, to be read within a sentence."""
    return _CHANGES[one.kind].format(one.name)


def model_facts(plan: Plan) -> list[tuple[str, str]]:
    """Indicators and groups, counted."""
    return [("Indicators", f"{len(plan.indicators):,}"), ("Groups", f"{len(plan.groups) - 1:,}")]


def method_lines(model: IndexModel) -> list[str]:
    """Each stage in one sentence."""
    scale, treat, ranking = model.normalise, model.treat, model.ranking
    lines = [_IMPUTE[model.impute.method]]
    if treat.method == "winsorise":
        lines.append(
            f"In a strongly skewed indicator up to {treat.limit} extreme figures are drawn in to the next one; "
            f"if that is not enough: {treat.otherwise}."
        )
    elif treat.method != "none":
        lines.append(f"A strongly skewed indicator is transformed ({treat.method}).")
    lines.append(_NORMALISE[scale.method].format(low=scale.low, high=scale.high, mean=scale.mean, sd=scale.sd))
    lines.append(_AGGREGATE[model.aggregate.method])
    if model.aggregate.data_share:
        lines.append(f"A group with less than {100 * model.aggregate.data_share:g} % of its parts has no score.")
    if ranking.rounding == "none":
        lines.append("Scores are not rounded before they are ranked.")
    else:
        which = "rounded" if ranking.on == "rounded" else "unrounded"
        lines.append(f"Scores are rounded ({ranking.rounding}, {ranking.digits} digits); the {which} score is ranked.")
    if model.classes is not None:
        lines.append(f"Places are ranked within their class by {model.classes.column}. {model.classes.source}".strip())
    unsure = model.uncertainty
    if unsure.weights:
        lines.append(f"Recounts change each weight by up to {100 * unsure.weights:g} % either way.")
    if unsure.judge_panels:
        lines.append(f"Recounts draw {unsure.judge_panels} other panels from the same judges.")
    if unsure.answers_lost:
        lines.append(f"Recounts take {100 * unsure.answers_lost:g} % of the answers away at random.")
    return lines
