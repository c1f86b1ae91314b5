"""Markup: what is not `Html` is text."""

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from redstick.pages.markup import Html, bullets, clean, coded, element, escape, join, note, paragraph


class Reader(HTMLParser):
    """Collects the tags and the text of a fragment, as a browser would."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags = []
        self.words = []

    def handle_starttag(self, tag, attrs):
        """Called by the parser."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        """Called by the parser."""
        self.words.append(data)


def read(markup):
    reader = Reader()
    reader.feed(markup)
    reader.close()
    return reader.tags, "".join(reader.words)


def test_a_script_in_a_text_is_shown_and_never_run():
    """`<script>` in plain text comes out as characters."""
    assert paragraph("<script>alert(1)</script>") == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"


def test_markup_made_here_passes_unchanged():
    """`Html` is not escaped a second time."""
    assert element("div", paragraph("a & b")) == "<div><p>a &amp; b</p></div>"


def test_an_ordinary_string_equal_to_markup_is_escaped():
    """Being safe is a matter of type, not of content."""
    assert escape("<b>") == "&lt;b&gt;"
    assert escape(Html("<b>")) == "<b>"


def test_an_attribute_cannot_be_broken_out_of():
    """Quotes in an attribute are escaped; None leaves the attribute out."""
    tags, _ = read(element("a", "x", attributes={"title": '" onclick="alert(1)', "class": None}))
    assert tags == [("a", {"title": '" onclick="alert(1)'})]


@given(st.text())
def test_any_text_comes_back_as_the_same_text_and_no_tag(words):
    """Whatever the text, a browser reads one paragraph holding exactly it (forbidden characters replaced)."""
    tags, shown = read(paragraph(words))
    assert tags == [("p", {})]
    # A browser takes a carriage return for a line feed; Python's parser leaves it.
    assert shown == clean(words)


@given(st.text())
def test_no_forbidden_character_survives(words):
    """Control characters and lone surrogates become U+FFFD, so the page can always be encoded."""
    cleaned = clean(words)
    cleaned.encode("utf-8")
    assert not any(ord(letter) < 32 and letter not in "\t\n\r" for letter in cleaned)
    assert len(cleaned) == len(words)


def test_code_stands_between_backticks():
    """What is quoted so is set as code, still as text; an odd backtick is just a character."""
    assert coded("use `--a <b>` now") == "use <code>--a &lt;b&gt;</code> now"
    assert coded("5` & 6") == "5` &amp; 6"


def test_lists_notes_and_joins_escape_their_text():
    """Every helper treats plain strings as text."""
    assert bullets(["<i>"]) == "<ul><li>&lt;i&gt;</li></ul>"
    assert note("<i>") == '<p class="note">&lt;i&gt;</p>'
    assert join([Html("<i></i>"), Html("b")], "<") == "<i></i>&lt;b"
