"""One HTML file that stands alone: no script, no outside reference, night and day, screen and paper.

The same document gives the same bytes. A content security policy in the page forbids everything but its own style.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from redstick.pages.markup import Html, element, escape, join, paragraph

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
_CONTENTS_FROM = 3  # a table of contents helps from so many sections on


@dataclass(frozen=True)
class Section:
    """A titled part of a document. Body parts that are not `Html` are set as paragraphs; `note` closes the section."""

    title: str
    body: Sequence[str]
    note: str = ""


@dataclass(frozen=True)
class Document:
    """A document as a plain value. `facts` are (name, value) pairs set large at its head."""

    title: str
    sections: Sequence[Section]
    subtitle: str = ""
    facts: Sequence[tuple[str, str]] = ()
    footer: str = ""
    language: str = "en"

    def render(self) -> str:
        """The whole file as text; encode it as UTF-8."""
        numbered = [(f"s{number}", section) for number, section in enumerate(self.sections, start=1)]
        main = [_section(anchor, section) for anchor, section in numbered]
        head = join(
            [
                Html('<meta charset="utf-8">'),
                Html(f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">'),
                Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
                Html('<meta name="color-scheme" content="light dark">'),
                Html('<meta name="referrer" content="no-referrer">'),
                element("title", self.title),
                element("style", Html(stylesheet())),
            ]
        )
        contents = _contents(numbered) if len(numbered) >= _CONTENTS_FROM else Html("")
        body = join(
            [
                element("a", "Skip to the content", attributes={"class": "skip", "href": "#content"}),
                self._header(),
                element(
                    "div",
                    contents,
                    element("main", join(main), attributes={"id": "content", "tabindex": "-1"}),
                    attributes={"class": "columns" if contents else "column"},
                ),
                element("footer", paragraph(self.footer)) if self.footer else Html(""),
            ]
        )
        opening = f'<!DOCTYPE html>\n<html lang="{escape(self.language)}">\n<head>{head}</head>\n'
        return f"{opening}<body>\n{body}\n</body>\n</html>\n"

    def _header(self) -> Html:
        parts = [element("h1", self.title)]
        if self.subtitle:
            parts.append(element("p", self.subtitle, attributes={"class": "subtitle"}))
        if self.facts:
            pairs = [element("div", element("dt", name), element("dd", value)) for name, value in self.facts]
            parts.append(element("dl", join(pairs), attributes={"class": "facts"}))
        return element("header", join(parts))


def _section(anchor: str, section: Section) -> Html:
    body = [part if isinstance(part, Html) else paragraph(part) for part in section.body]
    if section.note:
        body.append(element("p", section.note, attributes={"class": "note"}))
    heading = element("h2", section.title, attributes={"id": anchor})
    return element("section", heading, join(body), attributes={"aria-labelledby": anchor})


def _contents(numbered: Sequence[tuple[str, Section]]) -> Html:
    entries = [
        element("li", element("a", section.title, attributes={"href": f"#{anchor}"})) for anchor, section in numbered
    ]
    return element("nav", element("p", "Contents"), element("ol", join(entries)), attributes={"aria-label": "Contents"})


@cache
def stylesheet() -> str:
    """The page's style: the tokens (night at the root, day for bright screens and for paper) and the layout."""
    room = files("redstick.pages")
    tokens = (room / "tokens.css").read_text(encoding="utf-8")
    layout = (room / "page.css").read_text(encoding="utf-8")
    day = _block(tokens, '[data-theme="day"]')
    bright = f"@media (prefers-color-scheme: light) {{ :root {{ {day} }} }}"
    paper = f"@media print {{ :root {{ {day} }} }}"
    return f"{tokens}\n{bright}\n{paper}\n{layout}"


def _block(css: str, selector: str) -> str:
    """The declarations of one flat rule of the tokens file."""
    _, _, after = css.partition(f"{selector} {{")
    declarations, closed, _ = after.partition("}")
    if not closed:
        raise ValueError(f"tokens.css has no rule {selector}")
    return " ".join(declarations.split())
