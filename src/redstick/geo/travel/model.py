"""A predicted distribution of travel times, saved as plain JSON in whole numbers: the same fit, the same bytes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from redstick.geo.travel.features import Drives
from redstick.geo.travel.terms import LINE_TERMS, table_of
from redstick.geo.travel.trips import Trips

F64 = NDArray[np.float64]

FORMAT, VERSION = "redstick-travel", 1
TRAVEL_FILE = "travel.json"  # in a city folder
MILLIONTHS = 1_000_000
LEVELS = (0.01, 0.025, *(round(0.05 * k, 2) for k in range(1, 20)), 0.975, 0.99)  # 0.05, 0.1 … 0.95 between
P10, P50, P90 = LEVELS.index(0.1), LEVELS.index(0.5), LEVELS.index(0.9)
SHORTEST_MEDIAN_S, SMALLEST_SPREAD_S, SHORTEST_S = 30.0, 10.0, 5.0

# How a model came about, best first.
FITTED, LINE, FREE_FLOW = "fitted", "line", "free_flow"


class DamagedModel(Exception):  # noqa: N818  (named for what is the matter)
    """A saved model cannot be read; the message names the file, what is wrong and what was expected."""


class Prediction(NamedTuple):
    """Seconds for `n` drives. Quantiles of an uncalibrated model are NaN but for the median: its error is not known."""

    quantile_s: F64  # (n, len(LEVELS)), rising along LEVELS
    mean_s: F64  # (n,)

    @property
    def p10_s(self) -> F64:
        """One drive in ten is quicker."""
        return self.quantile_s[:, P10]

    @property
    def p50_s(self) -> F64:
        """The middle."""
        return self.quantile_s[:, P50]

    @property
    def p90_s(self) -> F64:
        """One drive in ten is slower."""
        return self.quantile_s[:, P90]


@dataclass(frozen=True)
class TravelModel:
    """Median = `terms` x `median`; spread = `spread_terms` x `spread`; a quantile is median + spread x its deviation.

    All numbers are millionths. `line` is the two-parameter robust line of the same trips, the yardstick. `groups` is
    the published error: what cross-fitting by day showed for each group of trips (see `fitting`).
    """

    form: str  # FITTED, LINE or FREE_FLOW
    trips: int
    terms: tuple[str, ...]
    median: tuple[int, ...]
    spread_terms: tuple[str, ...]
    spread: tuple[int, ...]
    deviations: tuple[int, ...]  # one for each of LEVELS
    mean_deviation: int
    line: tuple[int, int]  # seconds at no distance, seconds for each second of network time
    groups: Mapping[str, Mapping[str, int]]

    @property
    def calibrated(self) -> bool:
        """Whether the times were fitted to real drives; others are free-flow guesses and must be shown as such."""
        return self.form != FREE_FLOW

    def median_s(self, trips: Trips, drives: Drives) -> F64:
        """(n,) medians."""
        return median_of(trips, drives, self.terms, np.array(self.median) / MILLIONTHS)

    def line_s(self, drives: Drives) -> F64:
        """(n,) what the two-parameter line predicts."""
        predicted: F64 = (self.line[0] + self.line[1] * drives.network_s) / MILLIONTHS
        return predicted

    def predict(self, trips: Trips, drives: Drives) -> Prediction:
        """The distribution of each drive."""
        median_s = self.median_s(trips, drives)
        if not self.calibrated:
            unknown = np.full((len(trips), len(LEVELS)), np.nan)
            unknown[:, P50] = median_s
            return Prediction(unknown, median_s)
        spread_s = spread_of(trips, drives, median_s, self.spread_terms, np.array(self.spread) / MILLIONTHS)
        deviations = np.array(self.deviations) / MILLIONTHS
        quantile_s = np.maximum(median_s[:, None] + spread_s[:, None] * deviations, SHORTEST_S)
        return Prediction(quantile_s, median_s + spread_s * (self.mean_deviation / MILLIONTHS))

    def level_of(self, prediction: Prediction, seconds: F64) -> F64:
        """Where real times (n,) stand in their predicted distributions: within LEVELS, NaN where uncalibrated."""
        levels = [
            np.interp(real, row, LEVELS) if np.isfinite(row).all() else np.nan
            for real, row in zip(seconds, prediction.quantile_s, strict=True)
        ]
        return np.array(levels, np.float64)

    def at_level_s(self, prediction: Prediction, levels: F64) -> F64:
        """Times (n,) at levels (n,); beyond the outermost levels, the time of the outermost."""
        rows = zip(levels, prediction.quantile_s, strict=True)
        return np.array([np.interp(level, LEVELS, row) for level, row in rows], np.float64)

    def to_json(self) -> bytes:
        """Plain JSON with sorted keys, integers and text only."""
        value = {name: getattr(self, name) for name in self.__dataclass_fields__}
        value |= {"format": FORMAT, "version": VERSION}
        return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"

    def save(self, path: Path) -> None:
        """Write the model, whole or not at all."""
        path = Path(path)
        draft = path.with_name(f".{path.name}.part")
        draft.write_bytes(self.to_json())
        draft.replace(path)


def load(path: Path) -> TravelModel:
    """Read a saved model. Raises DamagedModel."""
    path = Path(path)
    try:
        value = json.loads(path.read_bytes())
        if value["format"] != FORMAT or value["version"] != VERSION:
            raise DamagedModel(f"{path}: {value['format']} {value['version']}; expected {FORMAT} {VERSION}")
        return _model(value)
    except FileNotFoundError as error:
        raise DamagedModel(f"{path}: there is no such file; expected a model of `redstick city calibrate`") from error
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedModel(f"{path}: {error!r}; expected a model of `redstick city calibrate`") from error


def free_flow() -> TravelModel:
    """The model of a city without a record: network time as it is, marked uncalibrated, its error unknown."""
    none = tuple(0 for _ in LEVELS)
    return TravelModel(FREE_FLOW, 0, LINE_TERMS, (0, MILLIONTHS), (), (), none, 0, (0, MILLIONTHS), {})


def median_of(trips: Trips, drives: Drives, terms: tuple[str, ...], coefficients: F64) -> F64:
    """(n,) medians by coefficients, never under SHORTEST_MEDIAN_S but for the free-flow line."""
    predicted: F64 = table_of(trips, drives, terms) @ coefficients
    return predicted if terms == LINE_TERMS else np.maximum(predicted, SHORTEST_MEDIAN_S)


def spread_of(trips: Trips, drives: Drives, median_s: F64, terms: tuple[str, ...], coefficients: F64) -> F64:
    """(n,) spreads: the first coefficient is for the median itself, the others for the terms."""
    table = np.column_stack([median_s, table_of(trips, drives, terms)])
    return np.maximum(table @ coefficients, SMALLEST_SPREAD_S)


def _model(value: dict[str, Any]) -> TravelModel:
    whole = {name: tuple(int(number) for number in value[name]) for name in ("median", "spread", "deviations", "line")}
    terms = {name: tuple(str(term) for term in value[name]) for name in ("terms", "spread_terms")}
    if len(whole["median"]) != len(terms["terms"]) or len(whole["deviations"]) != len(LEVELS):
        raise ValueError("the numbers do not fit the terms")
    if value["form"] not in {FITTED, LINE, FREE_FLOW} or len(whole["line"]) != 2:
        raise ValueError(f"form {value['form']!r}, line of {len(whole['line'])}")
    return TravelModel(
        form=str(value["form"]),
        trips=int(value["trips"]),
        terms=terms["terms"],
        median=whole["median"],
        spread_terms=terms["spread_terms"],
        spread=whole["spread"],
        deviations=whole["deviations"],
        mean_deviation=int(value["mean_deviation"]),
        line=(whole["line"][0], whole["line"][1]),
        groups={str(k): {str(a): int(b) for a, b in v.items()} for k, v in value["groups"].items()},
    )
