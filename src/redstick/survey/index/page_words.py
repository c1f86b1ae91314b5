"""The methods of a model and the changes to it, in words that a reader needs no handbook for."""

from redstick.pages.wording import count_words
from redstick.survey.index.model import IndexModel, Ranking
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
    "regression": "A missing answer is predicted from the place's other answers.",
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
_WEIGH = {
    "given": "Weights are those of the edition.",
    "equal": "All parts of a group weigh the same.",
    "pca": "Weights are the squared loadings on each group's first principal component.",
    "critic": "Weights grow with an indicator's spread and with how little it repeats the others (CRITIC).",
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
    "allocation": "without the points of {}",
    "judge": "without judge {}",
    "rule": "by {}",
}
_METHODS = {
    "imputation": {
        "none": "with missing answers left open",
        "mean": "with means for missing answers",
        "median": "with medians for missing answers",
        "group-mean": "with group means for missing answers",
        "group-median": "with group medians for missing answers",
        "row-mean": "with a place's own mean for its missing answers",
        "constant": "with a fixed figure for missing answers",
        "regression": "with predictions for missing answers",
    },
    "normalisation": {
        "none": "with figures as they are",
        "min-max": "on scales from worst to best",
        "z-score": "on standard deviations",
        "rank": "on ranks of each indicator",
        "percentile": "on percentiles of each indicator",
        "share-of-best": "on shares of the best",
        "goalposts": "between goalposts",
    },
    "weighing": {
        "given": "with the given weights",
        "equal": "with equal weights",
        "pca": "with weights by principal component",
        "critic": "with weights by CRITIC",
    },
    "aggregation": {
        "arithmetic": "with arithmetic means",
        "geometric": "with geometric means",
        "harmonic": "with harmonic means",
        "copeland": "by comparing places in pairs (Copeland)",
        "sum": "with sums",
    },
}
_ROUNDINGS = {
    "half-up": "halves up",
    "half-even": "halves to the even digit",
    "half-down": "halves down",
    "floor": "always down",
    "ceiling": "always up",
}


def change_words(one: Influence) -> str:
    """One change, to be read within a sentence."""
    if one.kind != "method":
        return _CHANGES[one.kind].format(one.name)
    stage, _, method = one.name.partition(": ")
    if stage == "treatment":
        return f"with outliers drawn in to a {method}"
    return _METHODS[stage][method]


def model_facts(plan: Plan) -> list[tuple[str, str]]:
    """Indicators and groups, counted."""
    return [("Indicators", f"{len(plan.indicators):,}"), ("Groups", f"{len(plan.groups) - 1:,}")]


def method_lines(model: IndexModel) -> list[str]:
    """Each stage in one sentence."""
    scale, treat, ranking = model.normalise, model.treat, model.ranking
    lines = [_IMPUTE[model.impute.method]]
    if treat.method == "winsorise":
        then = {"none": "it stays as it is", "log": "its logarithm is taken", "box-cox": "it is transformed (Box-Cox)"}
        lines.append(
            f"In a strongly skewed indicator up to {count_words(treat.limit, 'extreme figure', 'extreme figures')} "
            f"may be drawn in to the next one; if that is not enough, {then[treat.otherwise]}."
        )
    elif treat.method != "none":
        lines.append(f"A strongly skewed indicator is transformed ({treat.method}).")
    lines.append(_NORMALISE[scale.method].format(low=scale.low, high=scale.high, mean=scale.mean, sd=scale.sd))
    if model.allocations:
        people = count_words(len(model.allocations), "person", "people")
        lines.append(f"Weights are the mean of the points that {people} allotted.")
    else:
        lines.append(_WEIGH[model.weigh.method])
    lines.append(_AGGREGATE[model.aggregate.method])
    if model.aggregate.data_share:
        lines.append(f"A group with less than {100 * model.aggregate.data_share:g} % of its parts has no score.")
    lines += _ranking_lines(ranking)
    if model.classes is not None:
        lines.append(f"Places are ranked within their class by {model.classes.column}. {model.classes.source}".strip())
    return lines


def _ranking_lines(ranking: Ranking) -> list[str]:
    if ranking.rounding == "none":
        lines = ["Scores are not rounded before they are ranked."]
    else:
        decimals = "whole numbers" if not ranking.digits else count_words(ranking.digits, "decimal", "decimals")
        which = "rounded" if ranking.on == "rounded" else "unrounded"
        lines = [f"Scores are rounded to {decimals}, {_ROUNDINGS[ranking.rounding]}; the {which} score is ranked."]
    if ranking.tie_breakers:
        lines.append(f"Ties are broken by {', then '.join(ranking.tie_breakers)}.")
    return lines


def varied_lines(model: IndexModel) -> list[str]:
    """What recounts do otherwise, one sentence for each choice that the edition declares."""
    unsure, lines = model.uncertainty, []
    for stage, names in (
        ("imputation", [rule.method for rule in unsure.impute]),
        ("normalisation", [rule.method for rule in unsure.normalise]),
        ("weighing", list(unsure.weigh)),
        ("aggregation", list(unsure.aggregate)),
    ):
        if names:
            lines.append(f"Some are made {' or '.join(_METHODS[stage][name] for name in names)}.")
    if unsure.treat_limits:
        limits = ", ".join(map(str, unsure.treat_limits))
        lines.append(f"Some draw in other numbers of outliers: at most {limits}.")
    if unsure.weights:
        lines.append(f"Each weight changes by up to {100 * unsure.weights:g} % either way.")
    if unsure.allocations:
        lines.append("Weights are those of other panels of the people who allotted points.")
    if unsure.judge_panels:
        lines.append(f"Judges are drawn anew from the same ones, in {unsure.judge_panels:,} panels.")
    if unsure.answers_lost:
        lines.append(f"In some, {100 * unsure.answers_lost:g} % of the answers are taken away at random.")
    return lines
