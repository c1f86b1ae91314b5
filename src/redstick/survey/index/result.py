"""What a scoring found, as plain values: for machines as one object, for people as rows."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from redstick.survey.index.agreement import Agreement, agreement
from redstick.survey.index.model import IndexModel
from redstick.survey.index.plan import Data, Outcome, Plan
from redstick.survey.index.sensitivity import Deciding, Influence, Sobol
from redstick.survey.index.stages import Floats
from redstick.survey.index.uncertainty import Bands

DECIMALS = 9  # published digits: beyond them a machine's own order of summing shows
AGREEMENT_DRAWS = 1_000


@dataclass(frozen=True)
class Robustness:
    """A run over the declared choices, what decides each place, and the shares of variance."""

    bands: Bands
    deciding: Deciding
    sobol: Sobol | None


@dataclass(frozen=True)
class Result:
    """One edition scored; `agreements` holds (question, level, agreement) of each judged question."""

    plan: Plan
    data: Data
    outcome: Outcome
    agreements: tuple[tuple[str, str, Agreement], ...] = ()
    robustness: Robustness | None = None

    def by_rank(self) -> list[int]:
        """Positions of places: by class as declared, by rank, by id; places without a rank last."""
        ranks, classes = self.outcome.ranks, self.data.classes
        codes = np.zeros(len(ranks), dtype=np.int64) if classes is None else classes
        last = 1 << 40
        keys = [
            (int(code) if code >= 0 else last, int(rank) if rank else last, place)
            for code, rank, place in zip(codes, ranks, self.data.ids, strict=True)
        ]
        return sorted(range(len(keys)), key=keys.__getitem__)

    def class_name(self, place: int) -> str:
        """The class of a place; empty where there are none or it is in none."""
        bands, codes = self.plan.model.classes, self.data.classes
        if bands is None or codes is None or codes[place] < 0:
            return ""
        return bands.bands[int(codes[place])].name

    def decided_by(self, place: int) -> Influence | None:
        """The change that moves a place most; None when none does or nothing was tried."""
        if self.robustness is None or self.robustness.deciding.decides[place] < 0:
            return None
        return self.robustness.deciding.influences[int(self.robustness.deciding.decides[place])]


def agreements(plan: Plan, data: Data, seed: int) -> tuple[tuple[str, str, Agreement], ...]:
    """Krippendorff's alpha of each judged question at its level of measurement, bootstrap seeded."""
    if data.ratings is None:
        return ()
    found = []
    for question, column in enumerate(data.ratings.columns):
        one = plan.indicators[int(column)]
        rng = np.random.default_rng([seed, question])
        level = one.judged or "interval"
        found.append((one.id, level, agreement(data.ratings.matrix(question), level, rng, AGREEMENT_DRAWS)))
    return tuple(found)


def model_digest(model: IndexModel) -> str:
    """SHA-256 of the model as canonical JSON (keys sorted): what is published before judging starts."""
    return hashlib.sha256(msgspec.json.encode(msgspec.to_builtins(model), order="sorted")).hexdigest()


def table_digest(table: Floats) -> str:
    """SHA-256 of a stage's figures at the published digits, missing ones as `null`."""
    lines = ("[" + ",".join(_text(value) for value in row) + "]\n" for row in table)
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line.encode())
    return digest.hexdigest()


def _text(value: float) -> str:
    return "null" if np.isnan(value) else f"{published(value):.{DECIMALS}g}"


def published(value: float) -> float | None:
    """A figure at the published digits; None when missing; never minus zero."""
    return None if np.isnan(value) else round(float(value), DECIMALS) + 0.0


def as_json(result: Result, *, stages: bool = True) -> dict[str, Any]:
    """The whole result for machines: places by rank, what was filled and changed, digests of the stages."""
    model, outcome = result.plan.model, result.outcome
    body: dict[str, Any] = {
        "name": model.name,
        "edition": model.edition,
        "model_sha256": model_digest(model),
        "ranking": msgspec.to_builtins(model.ranking),
        "weights": dict(zip(result.plan.element_ids, map(published, outcome.weights), strict=True)),
        "places": [_place(result, place) for place in result.by_rank()],
        "unfinished": [{"place": place, "question": question} for place, question in result.data.unfinished],
        "winsorised": [
            {"place": result.data.ids[row], "indicator": result.plan.indicators[column].id}
            for row, column in outcome.treated.moved
        ],
        "transformed": {
            result.plan.indicators[column].id: how for column, how in sorted(outcome.treated.transformed.items())
        },
        "agreement": [
            {"question": question, "level": level, **_agreement(found)} for question, level, found in result.agreements
        ],
    }
    if stages:
        body["stages"] = {name: table_digest(table) for name, table in outcome.tables.items()}
    if result.robustness is not None:
        body["robustness"] = _robustness(result.robustness, result.data.ids)
    return body


def ranks_json(result: Result) -> dict[str, Any]:
    """Ranks alone, by class: what `redstick survey rank` promises."""
    keys = ("id", "name", "class", "rank", "rank_overall", "score")
    places = [_place(result, place) for place in result.by_rank()]
    return {
        "name": result.plan.model.name,
        "edition": result.plan.model.edition,
        "ties": result.plan.model.ranking.ties,
        "places": [{key: place[key] for key in keys} for place in places],
    }


def _place(result: Result, place: int) -> dict[str, Any]:
    outcome = result.outcome
    body: dict[str, Any] = {
        "id": result.data.ids[place],
        "name": result.data.names[place],
        "class": result.class_name(place) or None,
        "rank": int(outcome.ranks[place]) or None,
        "rank_overall": int(outcome.ranks_overall[place]) or None,
        "score": published(outcome.shown[place]),
        "score_unrounded": published(outcome.score[place]),
        "imputed_share": published(float(outcome.imputed[place].mean())),
        "groups": {
            group.id: published(value)
            for group, value in zip(result.plan.groups[:-1], outcome.groups[place], strict=False)
        },
    }
    if result.robustness is not None:
        body["robustness"] = _place_robustness(result, result.robustness, place)
    return body


def _place_robustness(result: Result, robust: Robustness, place: int) -> dict[str, Any]:
    found, decided = robust.bands, result.decided_by(place)
    return {
        "mean": published(found.mean[place]),
        "median": published(found.median[place]),
        "low": published(found.low[place]),
        "high": published(found.high[place]),
        "p_top": published(found.top[place]),
        "p_stays": published(found.stays[place]),
        "decided_by": None
        if decided is None
        else {"kind": decided.kind, "name": decided.name, "rank_then": int(robust.deciding.rank_then[place])},
    }


def _agreement(found: Agreement) -> dict[str, Any]:
    return {
        "alpha": None if found.alpha is None else published(found.alpha),
        "low": None if found.low is None else published(found.low),
        "high": None if found.high is None else published(found.high),
        "units": found.units,
        "ratings": found.ratings,
    }


def _robustness(robust: Robustness, ids: Sequence[str]) -> dict[str, Any]:
    body: dict[str, Any] = {
        "draws": robust.bands.draws,
        "seed": robust.bands.seed,
        "factors": robust.bands.factors,
        "influences": [
            {
                "kind": one.kind,
                "name": one.name,
                "mean_shift": published(one.mean_shift),
                "largest_shift": one.largest_shift,
                "place": ids[one.place] if one.largest_shift else None,
                "rank": one.before if one.largest_shift else None,
                "rank_then": one.after if one.largest_shift else None,
            }
            for one in robust.deciding.influences
        ],
        "sobol": None,
    }
    found = robust.sobol
    if found is not None:
        rows = zip(found.factors, found.first, found.first_margin, found.total, found.total_margin, strict=True)
        body["sobol"] = {
            "runs": found.runs,
            "variance": published(found.variance),
            "factors": {
                name: dict(
                    zip(("first", "first_margin", "total", "total_margin"), map(published, figures), strict=True)
                )
                for name, *figures in rows
            },
        }
    return body
