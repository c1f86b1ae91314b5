"""A map of posts and what they cover, as SVG in the page's colours; shape and number double every colour."""

import numpy as np
from numpy.typing import NDArray

from redstick.pages.drawing import framed
from redstick.pages.markup import Html, escape
from redstick.pages.wording import sentence
from redstick.simulation.ems.ground import Ground
from redstick.simulation.ems.measuring import Measured
from redstick.simulation.ems.opening import Study

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
CELL_PX = 8.6
MARGIN_PX, LEGEND_PX = 14.0, 250.0
TONES = ("warn", "heat-1", "heat-3", "heat-5", "heat-6")
CLASSES = ("no unit in time", "1 unit", "2 units", "3 units", "4 or more")
SCALE_KM = 5
APART_PX = 19.0  # a post's circle and a hospital's square, side by side


def coverage_map(study: Study, one: Measured, name: str) -> Html:
    """Every inhabited cell by how many units reach it in time for an urgent call when all stand at their posts."""
    has, ground = study.setting, study.ground
    first = has.priorities[0]
    reach = ground.post_to_cell_s(first.mode) <= first.target_s - has.dispatch_s - has.turnout_s
    counts = np.array(one.placed) @ reach
    xy, step = _on_paper(ground)
    height = xy[:, 1].max() + step + MARGIN_PX
    width = xy[:, 0].max() + step + MARGIN_PX + LEGEND_PX
    tone = np.minimum(counts, len(TONES) - 1)
    shapes = [_cells(xy[tone == level], step, tint, hollow=level == 0) for level, tint in enumerate(TONES)]
    shapes += _hospitals(ground) + _posts(ground, one)
    beside = width - LEGEND_PX + 8
    shapes += _legend(beside, tone, ground.share) + _scale(beside, height - 26, step, ground)
    shares = [float(ground.share[tone == level].sum()) for level in range(len(TONES))]
    described = "; ".join(f"{kind}: {_whole(share)} of calls" for kind, share in zip(CLASSES, shares, strict=True))
    return framed(
        Html("".join(shapes) + "</svg>"),
        round(width),
        round(height),
        f"{name}: who can be reached in time",
        "How many units reach each cell within the target of urgent calls, when all stand at their posts. "
        f"{sentence(described)}. Circles are posts with their units, hollow ones empty; an H is a hospital.",
    )


def _on_paper(ground: Ground) -> tuple[F64, float]:
    """The left top corner of each cell (n, 2) in pixels, and a cell's side: cells lie on a grid."""
    origin, unit = _grid(ground)
    across = (ground.cells.xy - origin) / unit
    return np.stack([across[:, 0], across[:, 1]], axis=1) * CELL_PX + MARGIN_PX, CELL_PX


def _grid(ground: Ground) -> tuple[F64, F64]:
    """The north-west cell's middle, and the degrees from a cell to the next eastward and southward (negative)."""
    x, y = (np.unique(ground.cells.xy[:, axis].round(9)) for axis in (0, 1))
    unit = np.array([_least_step(x), -_least_step(y)])
    return np.array([x.min(), y.max()]), unit


def _least_step(values: F64) -> float:
    return float(np.diff(values).min()) if len(values) > 1 else 1.0


def _place(ground: Ground, point: F64) -> tuple[float, float]:
    """A point of the world on paper."""
    origin, unit = _grid(ground)
    x, y = (point - origin) / unit * CELL_PX + MARGIN_PX + CELL_PX / 2
    return float(x), float(y)


def _cells(xy: F64, step: float, tone: str, *, hollow: bool) -> str:
    """Squares of one class as one path, those side by side joined; what nobody reaches is hollow with a stroke."""
    at = np.rint(xy / step * 1000).astype(np.int64)
    order = np.lexsort((at[:, 0], at[:, 1]))
    runs: list[list[float]] = []
    for x, y in xy[order]:
        if not hollow and runs and abs(runs[-1][1] - y) < 0.01 and abs(runs[-1][0] + runs[-1][2] - x) < 0.01:
            runs[-1][2] += step
        else:
            runs.append([float(x), float(y), step])
    inset = 1.4 if hollow else 0.0
    path = "".join(
        f"M{x + inset:.1f} {y + inset:.1f}h{w - 2 * inset:.1f}v{step - 2 * inset:.1f}h-{w - 2 * inset:.1f}z"
        for x, y, w in runs
    )
    paint = f'fill="none" stroke="var(--{tone})" stroke-width="1.2"' if hollow else f'fill="var(--{tone})"'
    return f'<path d="{path}" {paint}/>' if path else ""


def _posts(ground: Ground, one: Measured) -> list[str]:
    """Empty posts first, so that a number is never covered."""
    shapes = []
    for post in sorted(range(len(ground.posts)), key=lambda at: one.placed[at]):
        x, y = _place(ground, ground.posts.xy[post])
        if one.placed[post]:
            shapes.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="10" fill="var(--ink)" stroke="var(--panel)" stroke-width="2"/>'
                f'<text x="{x:.1f}" y="{y + 4.5:.1f}" text-anchor="middle" font-size="13" font-weight="700" '
                f'fill="var(--panel)">{one.placed[post]}</text>'
            )
        else:
            shapes.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5.5" fill="var(--panel)" stroke="var(--ink)" stroke-width="2"/>'
            )
    return shapes


def _hospitals(ground: Ground) -> list[str]:
    """Each beside its place with a line to it where a post stands on it, so that neither covers the other."""
    posts = np.array([_place(ground, point) for point in ground.posts.xy])
    shapes = []
    for point in ground.hospitals.xy:
        true = np.array(_place(ground, point))
        shown = true
        for _ in range(8):
            away = shown - posts
            distance = np.hypot(away[:, 0], away[:, 1])
            nearest = int(distance.argmin())
            if distance[nearest] >= APART_PX:
                break
            shown = posts[nearest] + away[nearest] / max(distance[nearest], 1e-9) * (APART_PX + 0.5)
        if shown is not true:
            shapes.append(
                f'<path d="M{true[0]:.1f} {true[1]:.1f}L{shown[0]:.1f} {shown[1]:.1f}" fill="none" stroke="var(--ink)" '
                'stroke-width="1.5"/>'
            )
        shapes.append(_hospital(float(shown[0]), float(shown[1])))
    return shapes


def _hospital(x: float, y: float) -> str:
    return (
        f'<rect x="{x - 7:.1f}" y="{y - 7:.1f}" width="14" height="14" rx="2" fill="var(--panel)" stroke="var(--ink)" '
        f'stroke-width="1.5"/><text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle" font-size="11" font-weight="700" '
        f'fill="var(--ink)">H</text>'
    )


def _legend(x: float, tone: I64, share: F64) -> list[str]:
    shapes = [_label(x, 26, "Units that reach a cell in time", strong=True)]
    for level, (name, colour) in enumerate(zip(CLASSES, TONES, strict=True)):
        y = 44.0 + 22 * level
        shapes.append(_cells(np.array([[x, y]]), 13, colour, hollow=level == 0))
        shapes.append(_label(x + 22, y + 11, f"{name}, {_whole(float(share[tone == level].sum()))} of calls"))
    y = 44.0 + 22 * len(TONES) + 16
    shapes.append(f'<circle cx="{x + 7}" cy="{y}" r="9" fill="var(--ink)"/>')
    shapes.append(
        f'<text x="{x + 7}" y="{y + 4.5}" text-anchor="middle" font-size="12" font-weight="700" '
        f'fill="var(--panel)">2</text>'
    )
    shapes.append(_label(x + 22, y + 4, "post with 2 units"))
    shapes.append(
        f'<circle cx="{x + 7}" cy="{y + 24}" r="5.5" fill="var(--panel)" stroke="var(--ink)" stroke-width="2"/>'
    )
    shapes += [_label(x + 22, y + 28, "empty post"), _hospital(x + 7, y + 48), _label(x + 22, y + 52, "hospital")]
    return shapes


def _scale(x: float, y: float, step: float, ground: Ground) -> list[str]:
    """A bar of some kilometres, with north."""
    _, unit = _grid(ground)
    length = SCALE_KM / (abs(unit[1]) * 111.195) * step
    return [
        f'<path d="M{x:.1f} {y - 5:.1f}v5h{length:.1f}v-5" fill="none" stroke="var(--ink-soft)" stroke-width="1.5"/>',
        _label(x, y + 16, f"{SCALE_KM} km, north is up"),
    ]


def _whole(share: float) -> str:
    return f"{share * 100:.0f}\N{NO-BREAK SPACE}%"


def _label(x: float, y: float, text: str, *, strong: bool = False) -> str:
    weight = ' font-weight="600"' if strong else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="12"{weight} fill="var(--ink-soft)">{escape(text)}</text>'
