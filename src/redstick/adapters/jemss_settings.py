"""What a JEMSS model says of calls, priorities and modes of travel: its `gen_config.xml` and tables, as plain values.

Times in its files are days, written as sums to be worked out ("34.3/60/24"); here they are seconds. Distributions are
named as in Distributions.jl; those that its models use are known, any other is refused by name.
"""

import ast
import operator
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

from redstick.adapters.jemss import DAY_S, UnreadableModel, rows_of
from redstick.protocols.xml_tree import read_xml

MOST_BYTES = 1_000_000
_SIGNS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


@dataclass(frozen=True)
class CallKind:
    """A priority as its tables know it: its share of calls, its target in seconds, its mode of travel from 0."""

    name: str
    share: float
    target_s: float
    mode: int


@dataclass(frozen=True)
class CallSettings:
    """Calls an hour, kinds, and the parameters of the distributions, in seconds; days of warm-up and of study."""

    calls_an_hour: float
    kinds: tuple[CallKind, ...]
    dispatch_s: float
    on_scene_s: float
    transported: float
    handover_shape: float
    handover_scale_s: float
    warm_up_days: float
    days: float
    raster: str
    off_road_kmh: tuple[float, ...]


def read_settings(folder: Path, workload: str = "train") -> CallSettings:
    """The settings of a folder `models/<n>`; `workload` is one of `calls/reps`."""
    reps = folder / "calls" / "reps" / workload
    root = read_xml((reps / "gen_config.xml").read_bytes(), MOST_BYTES)
    (gap_days,) = _law(root, "interarrivalTime", "Exponential", 1)
    dispatch_days, spread = _law(root, "dispatchDelay", "Normal", 2)
    if spread:
        raise UnreadableModel(f"gen_config.xml: dispatchDelay: expected no spread, not {spread}")
    shape, scale_days = _law(root, "handoverDuration", "Weibull", 2)
    shares = _law(root, "priority", "Categorical", None)
    control = rows_of(reps / "stats_control.csv", "warmUpDuration")[0]
    modes = rows_of(folder / "travel" / "travel" / "travel_1.csv", "travelModeIndex")
    return CallSettings(
        calls_an_hour=1 / (gap_days * 24),
        kinds=_kinds(folder, shares),
        dispatch_s=dispatch_days * DAY_S,
        on_scene_s=_law(root, "onSceneDuration", "Exponential", 1)[0] * DAY_S,
        transported=_law(root, "transport", "Bernoulli", 1)[0],
        handover_shape=shape,
        handover_scale_s=scale_days * DAY_S,
        warm_up_days=float(control["warmUpDuration"]),
        days=float(control["periodDurations"].strip("[]")),
        raster=_text(root, "filename").rpartition("/")[2],
        off_road_kmh=tuple(float(row["offRoadSpeed"]) / 24 for row in modes if row["travelModeIndex"].isdecimal()),
    )


def _kinds(folder: Path, shares: tuple[float, ...]) -> tuple[CallKind, ...]:
    """Priorities that have calls at all, the most urgent first."""
    sets = rows_of(folder / "travel" / "travel" / "travel_1.csv", "travelSetIndex")
    mode = {row["priority"]: int(row["travelModeIndex"]) - 1 for row in sets if row["travelModeIndex"]}
    kinds = []
    for row in rows_of(folder / "misc" / "call priorities" / "priorities_1.csv", "priority"):
        share = shares[int(row["priority"]) - 1]
        if share:
            kinds.append(CallKind(row["name"], share, float(row["targetResponseTime"]) * DAY_S, mode[row["name"]]))
    return tuple(kinds)


def _law(root: Element, name: str, law: str, count: int | None) -> tuple[float, ...]:
    """The parameters of a distribution, which must be of the law that is known."""
    text = _text(root, name)
    found, _, inner = text.partition("(")
    if found.strip() != law or not inner.endswith(")"):
        raise UnreadableModel(f"gen_config.xml: {name}: expected {law}(…), not {text!r}")
    numbers = tuple(worked_out(part) for part in inner[:-1].strip().strip("[]").split(","))
    if count is not None and len(numbers) != count:
        raise UnreadableModel(f"gen_config.xml: {name}: expected {count} parameters, not {len(numbers)}")
    return numbers


def _text(root: Element, name: str) -> str:
    found = root.find(f".//{name}")
    if found is None or not found.text:
        raise UnreadableModel(f"gen_config.xml: expected an element {name}")
    return found.text.strip()


def worked_out(text: str) -> float:
    """A number written as a sum: digits, + - * / and brackets, nothing else. Raises UnreadableModel."""
    try:
        return float(_value(ast.parse(text.strip(), mode="eval").body))
    except (SyntaxError, ValueError, ZeroDivisionError, RecursionError) as error:
        raise UnreadableModel(f"{text!r}: expected a number, or a sum of numbers") from error


def _value(node: ast.expr) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return node.value
    if isinstance(node, ast.BinOp) and type(node.op) in _SIGNS:
        found: float = _SIGNS[type(node.op)](_value(node.left), _value(node.right))
        return found
    raise ValueError("neither a number nor a sum")
