"""A model from its TOML file, its weights from a table beside it; what cannot be is refused with its line."""

import re
import tomllib
from pathlib import Path

import msgspec
from msgspec import structs

from redstick.survey.index.errors import IndexFault
from redstick.survey.index.model import IndexModel
from redstick.survey.index.plan import compile_plan
from redstick.survey.index.tables import read_table

_SUM_TOLERANCE = 1e-9
_PLACE = re.compile(r"\$\.(indicator|group)\[(\d+)\]")


def read_model(path: Path, weights: Path | None = None) -> IndexModel:
    """The model of a TOML file, checked whole; `weights` is a table with columns id and weight that replaces weights.

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
    unsure = model.uncertainty
    if not (0 <= unsure.weights < 1 and 0 <= unsure.answers_lost < 1):
        raise IndexFault(file, None, "uncertainty: expected weights and answers_lost from 0 to below 1")
    if model.classes is not None:
        least = [band.least for band in model.classes.bands]
        if not least or len(set(least)) != len(least):
            raise IndexFault(file, None, "classes: expected bands that begin at different numbers")


def check_sums(model: IndexModel, file: str, lines: dict[str, int]) -> None:
    """Raises IndexFault where the weights below a group do not add up to its declared sum."""
    for group in model.group:
        children = [one for one in model.elements if one.parent == group.id]
        scored = [one for one in children if not getattr(one, "completion", False)]
        found = sum(one.weight for one in scored)
        if not scored:
            continue
        if group.weights_sum is not None and abs(found - group.weights_sum) > _SUM_TOLERANCE * max(1, abs(found)):
            row = max((lines[one.id] for one in scored if one.id in lines), default=None)
            each = " + ".join(f"{one.weight:g}" for one in scored[:12]) + (" + …" if len(scored) > 12 else "")
            raise IndexFault(
                file, row, f"weights below {group.id!r} add up to {found:g} ({each}); expected {group.weights_sum:g}"
            )
        if found <= 0:
            raise IndexFault(file, lines.get(group.id), f"weights below {group.id!r}: expected at least one above 0")


def with_weights(model: IndexModel, path: Path) -> IndexModel:
    """The model with the weights of a table. Raises IndexFault for an unknown, repeated or absent id or a bad sum."""
    table = read_table(path)
    known = {one.id for one in model.elements}
    given: dict[str, float] = {}
    lines: dict[str, int] = {}
    for row, name, text in zip(table.rows, table.column("id"), table.column("weight"), strict=True):
        if name not in known:
            raise IndexFault(str(path), row, f"{name!r} is no indicator or group of the model {model.name!r}")
        if name in lines:
            raise IndexFault(str(path), row, f"{name!r} has its weight in row {lines[name]} already; expected it once")
        try:
            given[name], lines[name] = float(text), row
        except ValueError:
            raise IndexFault(str(path), row, f"{name!r}: expected a weight, a number; found {text!r}") from None
        if not (0 <= given[name] < float("inf")):
            raise IndexFault(str(path), row, f"{name!r}: expected a weight of 0 or more, found {text!r}")
    lacking = [one.id for one in model.indicator if one.id not in given and not one.completion]
    if lacking:
        raise IndexFault(str(path), None, f"expected a weight for every indicator; lacking: {', '.join(lacking[:10])}")
    weighed = structs.replace(
        model,
        indicator=tuple(structs.replace(one, weight=given.get(one.id, one.weight)) for one in model.indicator),
        group=tuple(structs.replace(one, weight=given.get(one.id, one.weight)) for one in model.group),
    )
    check_sums(weighed, str(path), lines)
    return weighed


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
