"""Charts a person understands without hunting for a legend; each is a `<figure>` with its values beside it.

Text given to a chart stays text. Missing values (None, NaN, infinity) leave a gap and are never drawn as zero.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from redstick.pages.drawing import DASHES, HEAT, SENTINEL, SERIES, WIDTH_PX, figure, number, text
from redstick.pages.markup import Html

Reference = tuple[float, str]

PLOT_HEIGHT_PX = 300
ROW_STEP_PX = 26
LABEL_GAP_PX = 17  # least distance between two labels beside a plot
_HALO = {"stroke": SENTINEL["panel"], "strokeWidth": 4, "strokeJoin": "round"}
_FIT = {"type": "fit", "contains": "padding"}
_FIT_X = {"type": "fit-x", "contains": "padding"}


def bars(
    title: str,
    categories: Sequence[str],
    values: Sequence[float | None],
    unit: str,
    description: str,
    reference: Reference | None = None,
    *,
    horizontal: bool = False,
) -> Html:
    """One bar per category from zero, in the order given; `reference` is a named line across the bars."""
    _same_length(title, categories, values)
    data = [
        {"k": index, "c": text(category), "v": number(value)}
        for index, (category, value) in enumerate(zip(categories, values, strict=True))
    ]
    names = [text(category) for category in categories]
    along: dict[str, Any] = {
        "field": "k",
        "type": "ordinal",
        "sort": None,
        "axis": _named_axis(names, horizontal=horizontal),
    }
    along["scale"] = {"domain": list(range(len(names)))}
    up: dict[str, Any] = {
        "field": "v",
        "type": "quantitative",
        "title": text(unit),
        "stack": None,
        "scale": {"zero": True, "nice": True},
    }
    if horizontal:
        up["axis"] = {"grid": True, "tickCount": 6}
    x, y = (up, along) if horizontal else (along, up)
    radius = {"cornerRadiusEnd": 2}
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "bar", "color": SENTINEL["series-1"], **radius},
            "encoding": {"x": x, "y": y},
        }
    ]
    if reference is not None:
        layers += _rule(reference, vertical=horizontal)
    size = {"height": {"step": ROW_STEP_PX}} if horizontal else {"height": PLOT_HEIGHT_PX}
    spec = {
        "width": WIDTH_PX,
        **size,
        "autosize": _FIT_X if horizontal else _FIT,
        "data": {"values": data},
        "layer": layers,
    }
    rows = list(zip(categories, values, strict=True))
    return figure(spec, title, description, ["Category", unit], rows)


def lines(
    title: str,
    x: Sequence[float | str],
    series: Mapping[str, Sequence[float | None]],
    x_title: str,
    y_title: str,
    description: str,
    reference: Reference | None = None,
    *,
    label_every: int | None = None,
) -> Html:
    """Values along an axis, one line per series with its name at its end; a missing value breaks the line.

    Of named places one in `label_every` has its name at the axis; without it, as many as there is room for.
    """
    for name, values in series.items():
        _same_length(f"{title}: {name}", x, values)
    by_name = any(isinstance(place, str) for place in x)
    data = [
        {"k": index if by_name else number(float(place)), "s": text(name), "v": number(value)}
        for name, values in series.items()
        for index, (place, value) in enumerate(zip(x, values, strict=True))
    ]
    along: dict[str, Any] = {"field": "k", "type": "quantitative", "title": text(x_title), "scale": {"zero": False}}
    along["axis"] = {"tickCount": 10}
    if by_name:
        along["type"] = "ordinal"
        along["axis"] = _named_axis(
            [text(str(place)) for place in x], horizontal=False, title=text(x_title), every=label_every
        )
    else:
        along["scale"]["nice"] = False
    top = _top([value for values in series.values() for value in values], reference)
    up = {"field": "v", "type": "quantitative", "title": text(y_title), "scale": {"domain": [min(0.0, top[0]), top[1]]}}
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "line", "strokeWidth": 2.25, "strokeJoin": "round", "invalid": "break-paths-show-domains"},
            "encoding": {"x": along, "y": up, **_by_series(list(series), legend=False)},
        }
    ]
    if len(series) > 1:
        layers += _end_labels(series, top)
    if reference is not None:
        layers += _rule(reference, vertical=False)
    spec = {"width": WIDTH_PX, "height": PLOT_HEIGHT_PX, "autosize": _FIT, "data": {"values": data}, "layer": layers}
    if len(series) > 1:
        spec["padding"] = {"left": 4, "top": 8, "right": 150, "bottom": 6}
    rows = [(str(place), *[values[index] for values in series.values()]) for index, place in enumerate(x)]
    return figure(spec, title, description, [x_title, *series], rows)


def steps(
    title: str,
    series: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    x_title: str,
    y_title: str,
    description: str,
    references: Sequence[Reference] = (),
) -> Html:
    """Cumulative distributions: (x ascending, share 0..1) per series; `references` are named vertical lines at x."""
    for name, (places, shares) in series.items():
        _same_length(f"{title}: {name}", places, shares)
    data = [
        {"k": number(float(place)), "s": text(name), "v": number(float(share))}
        for name, (places, shares) in series.items()
        for place, share in zip(places, shares, strict=True)
    ]
    reached = [float(place) for places, _ in series.values() for place in places]
    top = max(
        [place for place in reached if number(place) is not None] + [place for place, _ in references], default=1.0
    )
    along = {
        "field": "k",
        "type": "quantitative",
        "title": text(x_title),
        "scale": {"domain": [0, top or 1.0], "nice": False},
        "axis": {"tickCount": 10},
    }
    share_axis = {"format": ".0%", "values": [0, 0.25, 0.5, 0.75, 0.9, 1.0]}
    up = {
        "field": "v",
        "type": "quantitative",
        "title": text(y_title),
        "scale": {"domain": [0, 1]},
        "axis": share_axis,
    }
    line = {"type": "line", "interpolate": "step-after", "strokeWidth": 2.5, "strokeJoin": "round"}
    layers: list[dict[str, Any]] = []
    if len(series) == 1:
        shade = {"type": "area", "interpolate": "step-after", "color": SENTINEL["area"]}
        layers.append({"mark": shade, "encoding": {"x": along, "y": up}})
    encoding = {"x": along, "y": up, **_by_series(list(series), legend=len(series) > 1)}
    layers.append({"mark": line, "encoding": encoding})
    for level, reference in _levels(references, top):
        layers += _rule(reference, vertical=True, level=level, top=top)
    spec = {"width": WIDTH_PX, "height": PLOT_HEIGHT_PX, "autosize": _FIT, "data": {"values": data}, "layer": layers}
    rows = [
        (name, *[_first_reaching(places, shares, share) for share in (0.5, 0.75, 0.9, 0.95)])
        for name, (places, shares) in series.items()
    ]
    head = ["Series", *[f"{x_title}: {share} % reached" for share in (50, 75, 90, 95)]]
    return figure(spec, title, description, head, rows)


def heat(
    title: str,
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[float | None]],
    unit: str,
    description: str,
) -> Html:
    """A grid of cells in seven steps from least to most; a missing value is an empty cell."""
    _same_length(title, rows, values)
    data = []
    for row, line in enumerate(values):
        _same_length(f"{title}: {rows[row]}", columns, line)
        data += [{"r": row, "c": column, "v": number(value)} for column, value in enumerate(line)]
    present = [cell["v"] for cell in data if cell["v"] is not None]
    top = max(present, default=1.0) or 1.0
    colour = {
        "field": "v",
        "type": "quantitative",
        "title": text(unit),
        "scale": {"type": "quantize", "domain": [min(0.0, min(present, default=0.0)), top], "range": list(HEAT)},
        "legend": {"orient": "bottom", "direction": "horizontal", "gradientLength": 240, "titlePadding": 8},
    }
    spec = {
        "width": WIDTH_PX,
        "height": {"step": ROW_STEP_PX},
        "autosize": _FIT_X,
        "data": {"values": [cell for cell in data if cell["v"] is not None]},
        "mark": {"type": "rect", "stroke": SENTINEL["panel"], "strokeWidth": 1.5},
        "encoding": {
            "x": _grid_axis([text(column) for column in columns], "c"),
            "y": _grid_axis([text(row) for row in rows], "r"),
            "color": colour,
        },
    }
    table_rows = [(rows[index], *line) for index, line in enumerate(values)]
    return figure(spec, title, description, ["", *columns], table_rows)


def points(
    title: str,
    x: Sequence[float],
    y: Sequence[float],
    x_title: str,
    y_title: str,
    description: str,
    labels: Sequence[str] | None = None,
    groups: Sequence[str] | None = None,
    *,
    equal: bool = False,
) -> Html:
    """One mark per (x, y); groups differ by colour and shape; `equal` gives both axes one scale, as on a map."""
    _same_length(title, x, y)
    _same_length(title, x, labels if labels is not None else x)
    _same_length(title, x, groups if groups is not None else x)
    names = list(dict.fromkeys(text(group) for group in groups)) if groups is not None else []
    data = [
        {
            "x": number(float(x[index])),
            "y": number(float(y[index])),
            "g": text(groups[index]) if groups is not None else "",
            "l": text(labels[index]) if labels is not None else "",
        }
        for index in range(len(x))
    ]
    drawn = [row for row in data if row["x"] is not None and row["y"] is not None]
    encoding: dict[str, Any] = {
        "x": _plain_axis("x", x_title),
        "y": _plain_axis("y", y_title),
    }
    height = PLOT_HEIGHT_PX + 60
    if equal:
        height = _equal_scales(encoding, [row["x"] for row in drawn], [row["y"] for row in drawn])
    size = 46 if len(x) <= 400 else 18
    mark = {"type": "point", "filled": True, "size": size, "opacity": 0.85, "color": SENTINEL["series-1"]}
    marked = dict(encoding)
    if names:
        scale = {"domain": names, "range": [SERIES[index % len(SERIES)] for index in range(len(names))]}
        shapes = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"]
        marked["color"] = {"field": "g", "type": "nominal", "scale": scale, "title": None}
        shape = {"domain": names, "range": [shapes[index % len(shapes)] for index in range(len(names))]}
        marked["shape"] = {"field": "g", "type": "nominal", "scale": shape, "title": None}
    layers: list[dict[str, Any]] = [{"mark": mark, "encoding": marked}]
    if labels is not None:
        words = {"type": "text", "align": "left", "dx": 8, "color": SENTINEL["ink-soft"]}
        layers.append({"mark": words, "encoding": {**encoding, "text": {"field": "l"}}})
    spec = {"width": WIDTH_PX, "height": height, "autosize": _FIT, "data": {"values": drawn}, "layer": layers}
    rows = [(labels[index] if labels is not None else str(index + 1), x[index], y[index]) for index in range(len(x))]
    return figure(spec, title, description, ["Point", x_title, y_title], rows)


def intervals(
    title: str,
    categories: Sequence[str],
    low: Sequence[float | None],
    mid: Sequence[float | None],
    high: Sequence[float | None],
    unit: str,
    description: str,
    reference: Reference | None = None,
) -> Html:
    """A band from low to high with a mark at mid, one row per category in the order given."""
    for values in (low, mid, high):
        _same_length(title, categories, values)
    data = [
        {"k": index, "a": number(low[index]), "m": number(mid[index]), "b": number(high[index])}
        for index in range(len(categories))
    ]
    down = {
        "field": "k",
        "type": "ordinal",
        "sort": None,
        "axis": _named_axis([text(category) for category in categories], horizontal=True),
        "scale": {"domain": list(range(len(categories)))},
    }
    along = {
        "type": "quantitative",
        "title": text(unit),
        "scale": {"zero": False, "nice": True},
        "axis": {"grid": True, "tickCount": 8},
    }
    band = {"type": "bar", "height": 9, "cornerRadius": 4.5, "color": SENTINEL["area"], "stroke": SENTINEL["series-1"]}
    dot = {"type": "point", "filled": True, "size": 62, "opacity": 1, "color": SENTINEL["series-1"]}
    layers: list[dict[str, Any]] = [
        {"mark": band, "encoding": {"y": down, "x": {**along, "field": "a"}, "x2": {"field": "b"}}},
        {"mark": dot, "encoding": {"y": down, "x": {**along, "field": "m"}}},
    ]
    if reference is not None:
        layers += _rule(reference, vertical=True)
    spec = {
        "width": WIDTH_PX,
        "height": {"step": ROW_STEP_PX},
        "autosize": _FIT_X,
        "data": {"values": data},
        "layer": layers,
    }
    rows = list(zip(categories, low, mid, high, strict=True))
    return figure(spec, title, description, ["Category", "Low", unit, "High"], rows)


def _same_length(title: str, one: Sequence[Any], other: Sequence[Any]) -> None:
    if len(one) != len(other):
        raise ValueError(f"chart {title!r}: {len(one)} places but {len(other)} values")


def _named_axis(
    names: Sequence[str], *, horizontal: bool, title: str | None = None, every: int | None = None
) -> dict[str, Any]:
    """Labels looked up by index, so that two categories of one name stay two; crowded ones are thinned."""
    named = min(len(names), 26) if every is None else -(-len(names) // every)
    every = every or (1 if horizontal else max(1, -(-len(names) // 26)))
    lookup = [name if index % every == 0 else "" for index, name in enumerate(names)]
    axis: dict[str, Any] = {"title": title, "grid": False, "labelExpr": f"{_js(lookup)}[datum.value]"}
    if not horizontal:
        longest = max((len(name) for name in names), default=0)
        crowded = longest * 7 * named > WIDTH_PX - 60
        axis |= {"labelAngle": -45 if crowded else 0, "labelOverlap": False}
    return axis


def _grid_axis(names: Sequence[str], field: str) -> dict[str, Any]:
    axis = _named_axis(names, horizontal=field == "r")
    return {"field": field, "type": "ordinal", "sort": None, "axis": {**axis, "domain": False}}


def _js(names: Sequence[str]) -> str:
    """A list of strings as a Vega expression literal: JSON with every non-ASCII and markup character escaped."""
    quoted = []
    for name in names:
        safe = "".join(
            letter if letter.isalnum() and letter.isascii() else "".join(f"\\u{unit:04x}" for unit in _utf16(letter))
            for letter in name
        )
        quoted.append(f'"{safe}"')
    return "[" + ",".join(quoted) + "]"


def _utf16(letter: str) -> list[int]:
    raw = letter.encode("utf-16-be")
    return [int.from_bytes(raw[place : place + 2], "big") for place in range(0, len(raw), 2)]


def _by_series(names: Sequence[str], *, legend: bool) -> dict[str, Any]:
    """Colour and dash per series: colour alone never tells two apart."""
    domain = [text(name) for name in names]
    shown = {"title": None} if legend else None
    colours = {"domain": domain, "range": [SERIES[index % len(SERIES)] for index in range(len(names))]}
    dashes = {"domain": domain, "range": [list(DASHES[index % len(DASHES)]) for index in range(len(names))]}
    return {
        "color": {"field": "s", "type": "nominal", "scale": colours, "legend": shown},
        "strokeDash": {"field": "s", "type": "nominal", "scale": dashes, "legend": shown},
    }


def _rule(reference: Reference, *, vertical: bool, level: int = 0, top: float | None = None) -> list[dict[str, Any]]:
    """A named line. Its name stands above the plot, where it covers nothing; several names stand one above another.

    `top` is the end of a vertical line's axis: past two thirds of it the name is set to the left of the line.
    """
    place, name = reference
    data = {"values": [{"p": number(place), "n": text(name)}]}
    stroke = {"color": SENTINEL["standard"], "strokeWidth": 1.75, "strokeDash": [5, 4]}
    label: dict[str, Any] = {"type": "text", "color": SENTINEL["ink"], "fontWeight": 600, "baseline": "middle"}
    if not vertical:
        where = {"y": {"field": "p", "type": "quantitative"}}
        key = {
            "data": {"values": [{}]},
            "mark": {"type": "rule", **stroke},
            "encoding": {"x": {"value": 0}, "x2": {"value": 26}, "y": {"value": -16}, "y2": {"value": -16}},
        }
        words = {**label, "align": "left", "x": 34, "y": -16}
        return [
            {"data": data, "mark": {"type": "rule", **stroke}, "encoding": where},
            key,
            {"data": data, "mark": words, "encoding": {"text": {"field": "n"}}},
        ]
    height = -12 - level * 19
    left = _set_left(place, top)
    words = {**label, "align": "right" if left else "left", "dx": -6 if left else 6, "y": height}
    where = {"x": {"field": "p", "type": "quantitative"}}
    return [
        {"data": data, "mark": {"type": "rule", **stroke, "y": height - 6, "y2": "height"}, "encoding": where},
        {"data": data, "mark": {**words, **_HALO}, "encoding": {**where, "text": {"field": "n"}}},
        {"data": data, "mark": words, "encoding": {**where, "text": {"field": "n"}}},
    ]


def _set_left(place: float, top: float | None) -> bool:
    """Whether a vertical line's name stands to its left, because there is no room to its right."""
    return top is not None and place > top * 2 / 3


def _levels(references: Sequence[Reference], top: float) -> list[tuple[int, Reference]]:
    """Heights for the names of vertical lines, so that no line runs through the name of another.

    Of names set to the right the leftmost stands highest; those set to the left stand above, the rightmost highest.
    """
    ordered = sorted(references)
    right = [reference for reference in ordered if not _set_left(reference[0], top)]
    left = [reference for reference in ordered if _set_left(reference[0], top)]
    return list(enumerate([*reversed(right), *left]))


def _top(values: Sequence[float | None], reference: Reference | None) -> tuple[float, float]:
    """Lowest and highest value to be shown, the reference included, with air above."""
    present = [float(value) for value in values if value is not None and number(float(value)) is not None]
    if reference is not None:
        present.append(reference[0])
    low, high = min(present, default=0.0), max(present, default=1.0)
    return low, high + (high - min(low, 0.0)) * 0.06 or 1.0


def _end_labels(series: Mapping[str, Sequence[float | None]], top: tuple[float, float]) -> list[dict[str, Any]]:
    """Each line's name at its right end, moved apart where two would cover each other."""
    low, high = min(0.0, top[0]), top[1]
    pixel = (high - low) / (PLOT_HEIGHT_PX - 60)
    ends: list[tuple[float, int, str]] = []
    for index, (name, values) in enumerate(series.items()):
        present = [float(value) for value in values if value is not None and number(float(value)) is not None]
        if present:
            ends.append((present[-1], index, text(name)))
    ends.sort()
    for position, (lower, upper) in enumerate(pairwise(ends), start=1):
        least = max(ends[position - 1][0], lower[0]) + LABEL_GAP_PX * pixel
        ends[position] = (max(upper[0], least), *upper[1:])
    layers = []
    for place, index, name in ends:
        mark = {"type": "text", "align": "left", "dx": 8, "x": "width", "fontWeight": 600}
        colour = SERIES[index % len(SERIES)]
        data = {"values": [{"p": place, "n": name}]}
        where = {"y": {"field": "p", "type": "quantitative"}, "text": {"field": "n"}}
        layers.append({"data": data, "mark": {**mark, "color": colour}, "encoding": where})
    return layers


def _first_reaching(places: Sequence[float], shares: Sequence[float], share: float) -> float | None:
    """The least x at which a cumulative share is reached."""
    for place, reached in zip(places, shares, strict=True):
        if reached >= share:
            return float(place)
    return None


def _plain_axis(field: str, title: str) -> dict[str, Any]:
    return {
        "field": field,
        "type": "quantitative",
        "title": text(title),
        "scale": {"zero": False, "nice": True},
        "axis": {"grid": True, "tickCount": 8},
    }


def _equal_scales(encoding: dict[str, Any], x: Sequence[Any], y: Sequence[Any]) -> int:
    """Give both axes the same units per pixel; returns the plot's height."""
    margin_px = 70
    spans = []
    for values in (x, y):
        low, high = min(values, default=0.0), max(values, default=1.0)
        spans.append((low, high, (high - low) or 1.0))
    width = WIDTH_PX - margin_px
    height = min(760, max(240, round(width * spans[1][2] / spans[0][2])))
    unit = max(spans[0][2] / width, spans[1][2] / height) * 1.06
    for axis, (low, high, _), pixels in (("x", spans[0], width), ("y", spans[1], height)):
        middle = (low + high) / 2
        domain = [middle - unit * pixels / 2, middle + unit * pixels / 2]
        encoding[axis] = {**encoding[axis], "scale": {"domain": domain, "nice": False, "zero": False}}
    return height + margin_px
