"""From a Vega-Lite specification to an SVG that takes its colours from the page.

vl-convert renders in process and without network. The specification is written in sentinel colours, one per token; in
the finished SVG each becomes `var(--token)`, so one drawing serves night, day and paper. Text is measured in a font
bundled with vl-convert at a size a little above the one shown, so that the page's own font does not clip.
"""

import math
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import vl_convert

from redstick.pages.markup import Html, clean, element, escape
from redstick.pages.tables import Cell, table

WIDTH_PX = 760
MEASURED_FONT = "Liberation Sans"
MEASURED_PX = 14.5  # Inter and DejaVu run wider than the font that is measured
SHOWN_PX = 12.5
SMALL_TABLE = 64  # a picture with at most so many values carries them as a table

_TOKENS = (
    "ink", "ink-soft", "ink-faint", "edge", "edge-strong", "panel", "ground", "raised",
    "accent", "good", "warn", "alarm", "busy",
    "series-1", "series-2", "series-3", "series-4", "series-5", "series-6",
    "heat-0", "heat-1", "heat-2", "heat-3", "heat-4", "heat-5", "heat-6",
    "area", "standard",
)  # fmt: skip
SENTINEL: Mapping[str, str] = {token: f"#0f{number:02x}f1" for number, token in enumerate(_TOKENS)}
_TOKEN_OF = {value: token for token, value in SENTINEL.items()}
SERIES: Sequence[str] = [SENTINEL[f"series-{number}"] for number in range(1, 7)]
DASHES: Sequence[Sequence[int]] = [[1, 0], [6, 3], [2, 3], [9, 3, 2, 3], [4, 2], [1, 2]]
HEAT: Sequence[str] = [SENTINEL[f"heat-{number}"] for number in range(7)]

_TAG = re.compile(r"<[^>]*>")
_PAINT = re.compile(r'(fill|stroke)="(#0f[0-9a-f]{2}f1)"')
_ROLES = re.compile(r' (?:role|aria-[a-z]+|class|pointer-events)="[^"]*"')
_PLAIN = re.compile(r' (?:opacity="1"|stroke-width="1"|stroke-miterlimit="10"|font-family="[^"]*")')
_EMPTY = re.compile(r"<path[^>]*(?:display=\"none\"|d=\"M0,0h0v0h0Z\")[^>]*/>")
_CLIP = re.compile(r"(?<=id=\"|rl\(#)(?:clip|gradient)[A-Za-z0-9_]*")
_HOLLOW = re.compile(r"<g(?: transform=\"translate\(0,0\)\")?></g>")
_LONG_NUMBER = re.compile(r"(\d+\.\d{3})\d+")
_ROOT = re.compile(r"^<svg [^>]*>")
_FOREIGN = re.compile(r"<(?:script|image|foreignObject|use|a)[\s>]|(?:href|on[a-z]+)=", re.IGNORECASE)


def number(value: float | None) -> float | None:
    """A value Vega can draw: None for what is missing, not a number or infinite."""
    return None if value is None or not math.isfinite(value) else float(value)


def svg_of(spec: Mapping[str, Any]) -> str:
    """The drawing of a specification (without `config`), cleaned and coloured by tokens."""
    full = {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", **spec, "config": _config()}
    raw: str = vl_convert.vegalite_to_svg(full, allowed_base_urls=[])
    svg = _TAG.sub(_clean_tag, raw)
    svg = _EMPTY.sub("", svg)
    while _HOLLOW.search(svg):
        svg = _HOLLOW.sub("", svg)
    svg = _renumbered(svg)
    if any(_FOREIGN.search(tag) for tag in _TAG.findall(svg)):
        raise ValueError("a drawing may hold neither scripts nor references")
    return svg


def _renumbered(svg: str) -> str:
    """Clip names count on from one drawing to the next in a process; here each drawing counts from one."""
    names = {name: f"clip{number}" for number, name in enumerate(dict.fromkeys(_CLIP.findall(svg)), start=1)}
    return _CLIP.sub(lambda match: names[match.group()], svg) if names else svg


def _clean_tag(match: re.Match[str]) -> str:
    """One tag with token colours, without roles (the whole drawing is one image) and without needless digits."""
    tag = match.group()
    tag = _PAINT.sub(lambda paint: f'{paint[1]}="var(--{_TOKEN_OF[paint[2]]})"', tag)
    tag = _PLAIN.sub("", _ROLES.sub("", tag))
    tag = tag.replace(f'font-size="{MEASURED_PX}px"', f'font-size="{SHOWN_PX}px"')
    return _LONG_NUMBER.sub(r"\1", tag)


def figure(
    spec: Mapping[str, Any],
    title: str,
    description: str,
    head: Sequence[str] = (),
    rows: Sequence[Sequence[Cell]] = (),
) -> Html:
    """A `<figure>`: caption, the drawing as one image with a name and a description, its values where they are few."""
    svg = svg_of(spec)
    name = "f" + sha256(f"{title}\0{description}\0{svg}".encode("utf-8", "replace")).hexdigest()[:10]
    svg = re.sub(r'(id="|url\(#)([A-Za-z])', rf"\g<1>{name}-\g<2>", svg)
    opening = _ROOT.match(svg)
    if opening is None:
        raise ValueError(f"the drawing of {title!r} did not come out as SVG")
    size = re.search(r'width="([\d.]+)" height="([\d.]+)"', opening.group())
    if size is None:
        raise ValueError(f"the drawing of {title!r} has no size")
    width, height = (float(side) for side in size.groups())
    return framed(Html(svg[opening.end() :]), width, height, title, description, head, rows, name=name)


def framed(
    shapes: Html,
    width: float,
    height: float,
    title: str,
    description: str,
    head: Sequence[str] = (),
    rows: Sequence[Sequence[Cell]] = (),
    *,
    name: str = "",
) -> Html:
    """A `<figure>` around shapes in SVG, up to and with its closing tag; `name` begins the ids of this picture."""
    name = name or "f" + sha256(f"{title}\0{description}\0{shapes}".encode("utf-8", "replace")).hexdigest()[:10]
    root = (
        f'<svg role="img" aria-labelledby="{name}-t {name}-d" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}"><title id="{name}-t">{escape(title)}</title>'
        f'<desc id="{name}-d">{escape(description)}</desc>'
    )
    return element(
        "figure",
        element("figcaption", element("strong", title), " ", element("span", description)),
        # On a phone the picture scrolls inside its frame, so the frame can be reached by keyboard.
        element(
            "div",
            Html(root + shapes),
            attributes={"class": "plot", "tabindex": "0", "role": "group", "aria-label": title},
        ),
        _values(title, head, rows),
    )


def _values(title: str, head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Html:
    """The drawing's values as a collapsible table, when there are few enough to be read out."""
    if not rows or len(rows) * max(1, len(head) - 1) > SMALL_TABLE * 3 or len(rows) > SMALL_TABLE:
        return Html("")
    numeric = range(1, len(head))
    return element(
        "details",
        element("summary", "The values of this picture"),
        table(title, head, rows, numeric=numeric),
    )


def text(value: str) -> str:
    """A label as Vega may draw it: one line, no character that XML forbids."""
    return " ".join(clean(value).split()) or "–"


def _config() -> dict[str, Any]:
    """One look for every chart: quiet grid, no frame, no ticks, labels in the page's inks."""
    axis = {
        "domain": False,
        "ticks": False,
        "grid": True,
        "gridColor": SENTINEL["edge"],
        "labelColor": SENTINEL["ink-faint"],
        "labelFontSize": MEASURED_PX,
        "labelPadding": 8,
        "labelLimit": 260,
        "titleColor": SENTINEL["ink-soft"],
        "titleFontSize": MEASURED_PX,
        "titleFontWeight": "normal",
        "titlePadding": 12,
    }
    legend = {
        "labelColor": SENTINEL["ink-soft"],
        "labelFontSize": MEASURED_PX,
        "titleColor": SENTINEL["ink-soft"],
        "titleFontSize": MEASURED_PX,
        "titleFontWeight": "normal",
        "gradientStrokeColor": SENTINEL["panel"],
        "symbolStrokeWidth": 2.5,
        "symbolSize": 260,
        "orient": "top",
        "labelLimit": 260,
        "padding": 4,
        "columnPadding": 24,
    }
    return {
        "aria": False,
        "background": None,
        "font": MEASURED_FONT,
        "padding": {"left": 4, "top": 8, "right": 14, "bottom": 6},
        "view": {"stroke": None},
        "axis": axis,
        "axisX": {"grid": False},
        "legend": legend,
        "text": {"fontSize": MEASURED_PX, "color": SENTINEL["ink-soft"]},
    }
