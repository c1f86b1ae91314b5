"""Safe markup: everything is text and is escaped, unless it is `Html` made in this room.

A cell that reads `<script>` or `=1+1` is shown as those characters. Control characters that HTML forbids become
U+FFFD, so that a torn export can never tear a page.
"""

import html
import re
from collections.abc import Mapping

# XML and HTML forbid these even as references; tab, line feed and carriage return are allowed.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class Html(str):
    """Markup that is safe to place in a page as it is."""

    __slots__ = ()


def clean(text: str) -> str:
    """The text with characters that no document may carry replaced by U+FFFD."""
    return _FORBIDDEN.sub("\ufffd", text)


def escape(text: str) -> Html:
    """Text as markup; `Html` passes unchanged, all else has `& < > " '` escaped."""
    if isinstance(text, Html):
        return text
    return Html(html.escape(clean(str(text)), quote=True))


def element(name: str, *children: str, attributes: Mapping[str, str | None] | None = None) -> Html:
    """`<name a="b">children</name>`; children that are not `Html` are escaped; an attribute of None is left out."""
    marks = "".join(
        f' {key}="{html.escape(clean(value), quote=True)}"'
        for key, value in (attributes or {}).items()
        if value is not None
    )
    return Html(f"<{name}{marks}>{''.join(escape(child) for child in children)}</{name}>")


def join(parts: list[Html], between: str = "") -> Html:
    """Markup set side by side; `between` is escaped."""
    return Html(escape(between).join(parts))


def paragraph(text: str) -> Html:
    """One paragraph of plain text."""
    return element("p", text)


def coded(text: str) -> Html:
    """Plain text in which what stands between `backticks` is set as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    return join([element("code", part) if place % 2 else escape(part) for place, part in enumerate(parts)])


def bullets(lines: list[str]) -> Html:
    """An unordered list, one entry per line of plain text or markup."""
    return element("ul", *[element("li", line) for line in lines])


def note(text: str) -> Html:
    """A remark that stands beside the matter: limits, definitions, cautions."""
    return element("p", text, attributes={"class": "note"})
