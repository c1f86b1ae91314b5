"""Documents for paper as Typst text: headings, paragraphs, tables and pictures with a text in place of each. Pure.

Everything that is not markup made here goes through `said`, a string literal, so that no text of the world is taken for
markup. Pictures are those of the pages, in the day theme's colours.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from redstick.pages.document import stylesheet
from redstick.pages.markup import Html, clean
from redstick.pages.tables import Cell

_DECLARED = re.compile(r"--([a-z0-9-]+):\s*([^;{}]+);")
_MIXED = re.compile(r"color-mix\(in srgb, var\(--([a-z0-9-]+)\) (\d+)%, var\(--([a-z0-9-]+)\)\)")
_NAMED = re.compile(r"var\(--([a-z0-9-]+)\)")
_SVG = re.compile(r"<svg .*?</svg>", re.DOTALL)


@dataclass
class Paper:
    """A document in the making: its title, language, Typst text and the pictures that the text names."""

    title: str
    subtitle: str = ""
    language: str = "en"
    pictures: dict[str, bytes] = field(default_factory=dict)
    _body: list[str] = field(default_factory=list)

    def heading(self, text: str) -> None:
        """A section begins."""
        self._body.append(f"#heading(level: 2, {said(text)})")

    def paragraph(self, text: str) -> None:
        """Plain text."""
        self._body.append(f"#{said(text)}")

    def bullets(self, lines: Sequence[str]) -> None:
        """A list, one item a line."""
        self._body.append(f"#list({', '.join(said(line) for line in lines)})")

    def table(self, caption: str, head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        """A table with its head; columns after the first are set flush right."""
        align = ", ".join(["left"] + ["right"] * (len(head) - 1))
        widths = ", ".join(["1fr"] + ["auto"] * (len(head) - 1))
        cells = ",\n  ".join(", ".join(said("–" if cell is None else str(cell)) for cell in row) for row in rows)
        titles = ", ".join(f"strong({said(title)})" for title in head)
        self._body.append(
            f"#figure(caption: {said(caption)}, table(columns: ({widths}), align: ({align}),\n"
            f"  table.header({titles}),\n  {cells}))"
        )

    def picture(self, figure: Html, caption: str, instead: str, width: str = "100%") -> None:
        """The drawing of a page's figure; `instead` is read out in its place."""
        name = f"picture-{len(self.pictures) + 1}.svg"
        self.pictures[name] = drawing_of(figure).encode()
        self._body.append(f'#figure(caption: {said(caption)}, image("{name}", width: {width}, alt: {said(instead)}))')

    def text(self) -> str:
        """The whole document as Typst text."""
        colours = _day()
        lines = [
            f"#set document(title: {said(self.title)}, date: none)",
            f"#set text(lang: {said(self.language)}, size: 10pt, fill: rgb({said(colours['ink'])}))",
            '#set page(paper: "us-letter", margin: (x: 20mm, y: 20mm), numbering: "1 / 1")',
            "#set par(justify: false, leading: 0.7em)",
            f"#set table(stroke: (x, y) => (bottom: 0.5pt + rgb({said(colours['edge-strong'])})), inset: 5pt)",
            "#show figure: set block(breakable: true, above: 1.4em, below: 1.4em)",
            "#show figure.where(kind: table): set figure.caption(position: top)",
            "#show heading: set block(above: 1.6em, below: 0.8em)",
            f"#heading(level: 1, text(size: 1.3em, {said(self.title)}))",
            f"#text(size: 1.1em, {said(self.subtitle)})",
        ]
        return "\n\n".join(lines + self._body) + "\n"


def said(text: str) -> str:
    """A string literal of Typst."""
    inner = clean(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{inner}"'


def drawing_of(figure: Html) -> str:
    """The drawing inside a `<figure>` as a file of its own, its colours those of the day theme."""
    found = _SVG.search(figure)
    if found is None:
        raise ValueError("the figure holds no drawing")
    colours = _day()
    svg = found.group().replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" font-family="DejaVu Sans" ', 1)
    return _NAMED.sub(lambda name: colours[name[1]], svg)


def _day() -> dict[str, str]:
    """Each token as a plain colour of the day theme."""
    css = stylesheet()
    _, _, day = css.partition('[data-theme="day"] {')
    declared = dict(_DECLARED.findall(css)) | dict(_DECLARED.findall(day.partition("}")[0] + ";"))
    return {name: _plain(value.strip(), declared) for name, value in declared.items()}


def _plain(value: str, declared: dict[str, str], depth: int = 4) -> str:
    if mixed := _MIXED.fullmatch(value):
        first, second = (_plain(declared[mixed[n]], declared, depth - 1) for n in (1, 3))
        return _mix(first, second, int(mixed[2]) / 100)
    named = _NAMED.fullmatch(value)
    return _plain(declared[named[1]].strip(), declared, depth - 1) if named and depth else value


def _mix(first: str, second: str, part: float) -> str:
    pairs = zip(_channels(first), _channels(second), strict=True)
    return "#" + "".join(f"{round(one * part + other * (1 - part)):02x}" for one, other in pairs)


def _channels(colour: str) -> Collection[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
