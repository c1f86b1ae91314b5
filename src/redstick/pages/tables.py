"""Tables that line up: a caption, scoped heads, tabular figures, a panel that scrolls on screen only."""

import math
from collections.abc import Collection, Sequence

from redstick.pages.markup import Html, element, escape, join

Cell = str | int | float | None

LONG_ROWS = 18  # more rows than this scroll inside their panel on screen
MOST_DECIMALS = 3

_MISSING = Html('<span aria-hidden="true">–</span><span class="aloud">no value</span>')


def table(
    caption: str,
    head: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    numeric: Collection[int] = (),
    note: str = "",
) -> Html:
    """A table whose first column names its rows.

    `numeric` holds the indexes of columns to be set flush right in tabular figures. None, NaN and infinity are shown
    as an en dash that is read out as "no value". Floats of one column share their decimals (at most three).
    Raises ValueError when a row does not have as many cells as the head.
    """
    for number, row in enumerate(rows, start=1):
        if len(row) != len(head):
            raise ValueError(f"row {number} of table {caption!r} has {len(row)} cells, its head has {len(head)}")
    decimals = [_decimals([row[column] for row in rows]) for column in range(len(head))]
    classes = ["number" if column in numeric else None for column in range(len(head))]
    titles = [
        element("th" if title else "td", title, attributes={"scope": "col" if title else None, "class": kind})
        for title, kind in zip(head, classes, strict=True)
    ]
    body = [element("tr", *_cells(row, decimals, classes)) for row in rows]
    if not body:
        body = [Html(f'<tr><td colspan="{len(head)}">{escape("Nothing to show.")}</td></tr>')]
    markup = element(
        "table",
        element("caption", element("span", caption)),
        element("thead", element("tr", *titles)),
        element("tbody", join(body)),
    )
    return element("div", _panel(markup, caption, len(rows)), _remark(note), attributes={"class": "table"})


def _cells(row: Sequence[Cell], decimals: Sequence[int], classes: Sequence[str | None]) -> list[Html]:
    """The first cell is the row's head, the others are data."""
    return [
        element(
            "th" if column == 0 else "td",
            shown(cell, decimals[column]),
            attributes={"scope": "row" if column == 0 else None, "class": classes[column]},
        )
        for column, cell in enumerate(row)
    ]


def shown(cell: Cell, decimals: int = 0) -> Html:
    """One value as people read it: thousands separated, the missing marked."""
    if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
        return _MISSING
    if isinstance(cell, bool):
        return escape("yes" if cell else "no")
    if isinstance(cell, int):
        return escape(f"{cell:,}".replace("-", "\N{MINUS SIGN}"))
    if isinstance(cell, float):
        return escape(f"{cell:,.{decimals}f}".replace("-", "\N{MINUS SIGN}"))
    return escape(cell)


def _decimals(cells: Sequence[Cell]) -> int:
    """The fewest decimals that show every float of a column, up to three."""
    most = 0
    for cell in cells:
        if isinstance(cell, float) and math.isfinite(cell):
            digits = f"{cell:.{MOST_DECIMALS}f}".rstrip("0").partition(".")[2]
            most = max(most, len(digits))
    return most


def _panel(markup: Html, caption: str, rows: int) -> Html:
    """A panel may scroll (a long one here, a wide one on a phone), so it is named and the keyboard reaches it."""
    kind = "panel long" if rows > LONG_ROWS else "panel"
    marks = {"class": kind, "tabindex": "0", "role": "group", "aria-label": f"Table: {caption}"}
    return element("div", markup, attributes=marks)


def _remark(note: str) -> Html:
    return element("p", note, attributes={"class": "note"}) if note else Html("")
