"""Documents for paper: tagged, with title and language, and nothing of the world is taken for markup."""

import re
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redstick.adapters.typesetting import NotTypeset, typeset
from redstick.pages.charts import bars
from redstick.pages.paper import Paper, drawing_of, said

FIGURE = bars("Calls", ["A & B", "C"], [1.0, 2.0], "calls", "Two bars.")


def paper():
    """A document with one of each."""
    made = Paper("Where ambulances stand", "A study", language="en")
    made.heading("Late calls")
    made.paragraph("Said by #emph[nobody] at $5 <b>")
    made.bullets(["one", "two \\ three"])
    made.table("A table", ["Plan", "late"], [["As deployed", "1"], ["Other", None]])
    made.picture(FIGURE, "Bars", "A has 1 call, C has 2.")
    return made


def streams(pdf):
    """The file's text with every stream that is compressed unpacked."""
    parts = [pdf]
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            parts.append(zlib.decompressobj().decompress(found[1]))
        except zlib.error:
            continue
    return b"\n".join(parts)


def test_a_document_is_tagged_and_has_title_and_language():
    """It names PDF/UA-1, is marked, has a structure with headings, a table with heads, and a figure with its words."""
    made = paper()
    pdf = streams(typeset(made.text(), made.pictures))
    assert b"/MarkInfo<</Marked true" in pdf
    assert b"/StructTreeRoot" in pdf
    assert b"/Lang(en)" in pdf
    assert re.search(rb"<dc:title>.*Where ambulances stand", pdf, re.DOTALL)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    for role in (b"/S/H1", b"/S/H2", b"/S/Table", b"/S/TH", b"/S/Figure", b"/S/LI"):
        assert role in pdf.replace(b"/S /", b"/S/"), role
    assert b"A has 1 call, C has 2." in pdf


def test_a_picture_without_words_is_refused():
    """The typesetter holds the document to the standard: the fault is planted here, and caught."""
    made = paper()
    text = re.sub(r', alt: "[^"]*"', "", made.text())
    with pytest.raises(NotTypeset, match="alt text"):
        typeset(text, made.pictures)


def test_the_same_document_gives_the_same_bytes():
    """No date, no id by chance."""
    first, again = paper(), paper()
    assert typeset(first.text(), first.pictures) == typeset(again.text(), again.pictures)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126) | st.sampled_from("éÖñ–“”’\n\t\\"), max_size=60))
@settings(max_examples=25)
def test_no_text_is_markup(words):
    """Whatever is said is a string: it neither breaks the document nor runs."""
    made = Paper(f"About {words}")
    made.heading(f"About {words}")
    made.paragraph(words)
    made.bullets([words])
    made.table(words, ["a", words], [[words, words]])
    assert typeset(made.text(), made.pictures).startswith(b"%PDF")


def test_a_script_that_the_fonts_lack_is_refused_by_its_character():
    """Better no document than one with holes: the character is named."""
    made = Paper("About")
    made.paragraph("\u0656")
    with pytest.raises(NotTypeset, match="656"):
        typeset(made.text(), made.pictures)


def test_a_quotation_mark_does_not_end_a_string():
    """Nor does a backslash before it."""
    assert said('a"b\\"c') == '"a\\"b\\\\\\"c"'


def test_a_drawing_on_paper_has_plain_colours():
    """Those of the day theme, mixtures worked out; nothing is left that only a page could look up."""
    svg = drawing_of(FIGURE)
    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert "var(" not in svg
    assert "color-mix" not in svg
    assert "#004f72" in svg
