"""Typst text to an accessible PDF: tagged, with title and language, held to PDF/UA-1 by the typesetter itself."""

from collections.abc import Mapping
from typing import Any, Final

import typst

STANDARD: Final = "ua-1"


class NotTypeset(ValueError):  # noqa: N818  (named for what is the matter)
    """The text does not make a PDF that is accessible; says why.

    A picture without words, a document without title, a character that the fonts that come with typst do not have.
    """


def typeset(text: str, pictures: Mapping[str, bytes]) -> bytes:
    """The PDF of a document: the same bytes for the same text, no date, no fonts of the machine. Raises NotTypeset."""
    files: Any = {"main.typ": text.encode(), **pictures}  # the package takes files by name; its types do not say so
    try:
        made: bytes = typst.compile(files, format="pdf", pdf_standards=STANDARD, timestamp=0, ignore_system_fonts=True)
    except typst.TypstError as error:
        raise NotTypeset(str(error)) from error
    return made
