"""Documents: one file that stands alone, for night, day and paper."""

import re
from html.parser import HTMLParser

from redstick.pages.charts import bars
from redstick.pages.document import Document, Section, stylesheet
from redstick.pages.tables import table

DOC = Document(
    title="A week <of> calls",
    subtitle="Made up.",
    facts=[("Calls", "3,560"), ("Units", "178")],
    sections=[
        Section("Volume", ["Plain & simple.", bars("By hour", ["00", "01"], [1, 2], "calls", "d")], note="A note."),
        Section("Times", [table("t", ["a"], [["x"]])]),
        Section("Limits", []),
    ],
    footer="Made by hand.",
)


class Outline(HTMLParser):
    """Checks that tags nest, and keeps headings, landmarks and ids."""

    VOID = frozenset({"meta", "path", "line", "rect", "br", "stop"})

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.ids, self.links = [], [], [], []

    def handle_starttag(self, tag, attrs):
        """Called by the parser."""
        marks = dict(attrs)
        self.seen.append(tag)
        if "id" in marks:
            self.ids.append(marks["id"])
        if tag == "a":
            self.links.append(marks["href"])
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        """Called by the parser."""
        self.seen.append(tag)

    def handle_endtag(self, tag):
        """Called by the parser."""
        if tag not in self.VOID:
            assert self.open.pop() == tag


def outline(markup):
    parser = Outline()
    parser.feed(markup)
    parser.close()
    assert parser.open == []
    return parser


def test_tags_nest_and_ids_are_unique():
    """The page is well formed; no id occurs twice."""
    page = outline(DOC.render())
    assert len(page.ids) == len(set(page.ids))


def test_headings_are_in_order_and_landmarks_are_there():
    """One h1, then an h2 per section; header, nav, main and footer."""
    page = outline(DOC.render())
    assert [tag for tag in page.seen if re.fullmatch("h[1-6]", tag)] == ["h1", "h2", "h2", "h2"]
    for landmark in ("header", "nav", "main", "footer"):
        assert page.seen.count(landmark) == 1


def test_every_link_leads_to_a_place_in_the_page():
    """The skip link and the contents point at ids that exist; no link leaves the file."""
    page = outline(DOC.render())
    assert page.links[0] == "#content"
    assert all(link.startswith("#") and link[1:] in page.ids for link in page.links)


def test_the_page_needs_no_script_and_nothing_from_outside():
    """No script, no src, no @import; the policy forbids all but inline style and data images."""
    markup = DOC.render()
    assert "<script" not in markup
    assert "src=" not in markup
    assert "@import" not in markup
    assert re.findall(r"url\((?!#)", markup) == []
    assert "default-src &#x27;none&#x27;; style-src &#x27;unsafe-inline&#x27;; img-src data:" in markup


def test_text_in_every_place_is_escaped():
    """Title, subtitle, facts, section titles, notes and footer are text."""
    markup = Document("<i>1", [Section("<i>2", ["<i>3"], note="<i>4")], "<i>5", [("<i>6", "<i>7")], "<i>8").render()
    assert "<i>" not in markup
    for number in range(1, 9):
        assert f"&lt;i&gt;{number}" in markup


def test_the_language_is_said():
    """Screen readers choose their voice by it."""
    assert '<html lang="en">' in DOC.render()


def test_contents_appear_from_three_sections_on():
    """A short page needs no table of contents."""
    assert "<nav" not in Document("t", [Section("a", []), Section("b", [])]).render()


def test_the_same_document_is_the_same_bytes():
    """A report can be compared with an earlier one by its digest."""
    assert DOC.render() == DOC.render()


def test_night_is_the_root_and_day_is_for_bright_screens_and_paper():
    """Both themes come from one token file; print is always day."""
    style = stylesheet()
    day = "--ground: #eef1f4"
    assert style.index("--ground: #0b0f14") < style.index(day)
    assert re.search(r"@media \(prefers-color-scheme: light\) \{ :root \{[^}]*" + re.escape(day), style)
    assert re.search(r"@media print \{ :root \{[^}]*" + re.escape(day), style)


def test_every_token_the_layout_uses_is_defined():
    """No `var(--x)` without an `--x`."""
    style = stylesheet()
    defined = set(re.findall(r"(--[a-z0-9-]+):", style))
    assert set(re.findall(r"var\((--[a-z0-9-]+)\)", DOC.render())) <= defined
