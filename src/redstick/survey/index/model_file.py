"""A model from its TOML file, its weights from a table beside it; what cannot be is refused with its line."""

import re
import tomllib
from pathlib import Path

import msgspec

from redstick.survey.index.errors import IndexFault
from redstick.survey.index.model import IndexModel
from redstick.survey.index.plan import compile_plan
from redstick.survey.index.weight_tables import check_allocation, check_sums, with_weights

MOST_PANELS = 10_000
_PLACE = re.compile(r"\$\.(indicator|group)\[(\d+)\]")


def read_model(path: Path, weights: Path | None = None) -> IndexModel:
    """The model of a TOML file, checked whole; `weights` is a table that replaces its weights (see `with_weights`).

    Raises IndexFault naming the file and the line of what is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        model = msgspec.convert(tomllib.loads(text), IndexModel)
    except OSError as error:
        raise IndexFault(str(path), None, f"cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise IndexFault(str(path), None, "expected UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        raise IndexFault(str(path), int(found[1]) if found else None, f"expected TOML: {error}") from error
    except msgspec.ValidationError as error:
        raise IndexFault(str(path), _line_of_place(text, str(error)), f"expected an index model: {error}") from error
    lines = _lines_of_ids(text)
    check_model(model, str(path), lines)
    if weights is None:
        check_sums(model, str(path), lines)
        for one in model.allocations:
            check_allocation(model, one, str(path), {})
        return model
    return with_weights(model, weights)


def check_model(model: IndexModel, file: str = "", lines: dict[str, int] | None = None) -> None:
    """Raises IndexFault unless ids are unique, weights possible and the tree is one tree."""
    seen: set[str] = set()
    lines = lines or {}
    for one in model.elements:
        if one.id in seen:
            raise IndexFault(file, lines.get(one.id), f"id {one.id!r} stands twice; expected one of each")
        seen.add(one.id)
        if not (0 <= one.weight < float("inf")):
            raise IndexFault(file, lines.get(one.id), f"{one.id!r}: expected a weight of 0 or more, found {one.weight}")
    people = [one.judge for one in model.allocations]
    if len(set(people)) < len(people):
        raise IndexFault(file, None, "allocations: expected each judge once")
    _check_choices(model, file)
    repeats = model.table.repeats or ("repeat",)
    try:
        compile_plan(model, repeats)
    except IndexFault as fault:
        named = next((line for name, line in lines.items() if f"{name!r}" in fault.expected), None)
        raise IndexFault(file, named, fault.expected) from fault


def _check_choices(model: IndexModel, file: str) -> None:
    """Choices that need each other."""
    repeated = [group.id for group in model.group if group.repeated]
    if bool(model.table.repeated_by) != (len(repeated) == 1):
        raise IndexFault(file, None, "expected `repeated_by` in [table] together with one group `repeated = true`")
    for rule in (model.impute, *model.uncertainty.impute):
        if rule.method.startswith("group") and not rule.group:
            raise IndexFault(file, None, f"imputing by {rule.method}: expected `group`, the column of its groups")
    for scale in (model.normalise, *model.uncertainty.normalise):
        if scale.low >= scale.high or scale.sd <= 0:
            raise IndexFault(file, None, "normalise: expected low below high and sd above 0")
    if model.ranking.rounding != "none" and not 0 <= model.ranking.digits <= 12:
        raise IndexFault(file, None, "ranking: expected digits from 0 to 12")
    if not 0 <= model.aggregate.data_share <= 1 or model.treat.limit < 0 or model.ranking.top < 1:
        raise IndexFault(file, None, "expected data_share from 0 to 1, a limit of 0 or more, top of 1 or more")
    unsure = model.uncertainty
    if (
        max(unsure.judge_panels, unsure.answer_panels) > MOST_PANELS
        or min(unsure.judge_panels, unsure.answer_panels) < 0
    ):
        raise IndexFault(file, None, f"uncertainty: expected from 0 to {MOST_PANELS:,} panels")
    if not (0 <= unsure.weights < 1 and 0 <= unsure.answers_lost < 1):
        raise IndexFault(file, None, "uncertainty: expected weights and answers_lost from 0 to below 1")
    if model.classes is not None:
        least = [band.least for band in model.classes.bands]
        if not least or len(set(least)) != len(least):
            raise IndexFault(file, None, "classes: expected bands that begin at different numbers")


def _lines_of_ids(text: str) -> dict[str, int]:
    """The line on which each id is declared, for messages."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        for name in re.findall(r"""\bid\s*=\s*["']([^"']+)["']""", line):
            found.setdefault(name, number)
    return found


def _line_of_place(text: str, message: str) -> int | None:
    """The line of the table that a validation error speaks of, such as `$.indicator[3].weight`."""
    place = _PLACE.search(message)
    if place is None:
        return None
    heads = [n for n, line in enumerate(text.split("\n"), start=1) if line.strip() == f"[[{place[1]}]]"]
    return heads[int(place[2])] if int(place[2]) < len(heads) else None
