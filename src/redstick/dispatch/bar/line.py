"""A line as words: where each stands, so that whatever is told verbatim is cut from the line as it was typed."""

from typing import NamedTuple

MOST = 10_200  # characters: the longest note, and what names its incident


class Word(NamedTuple):
    """One word of a line and where it stands in it."""

    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        """As it is compared."""
        return self.text.casefold()


class Words(NamedTuple):
    """Words of a line, from one on; `line` is all of it."""

    line: str
    words: tuple[Word, ...]

    @property
    def first(self) -> str:
        """The first word as it is compared, "" when there is none."""
        return self.words[0].low if self.words else ""

    def after(self, count: int) -> "Words":
        """What follows so many words."""
        return Words(self.line, self.words[count:])

    def upto(self, count: int) -> "Words":
        """So many words."""
        return Words(self.line, self.words[:count])

    @property
    def text(self) -> str:
        """Verbatim, from the first of these words to the last; what stands between that is not of them is left out."""
        return ", ".join(self.line[run[0].start : run[-1].end] for run in self.runs)

    @property
    def runs(self) -> list[tuple[Word, ...]]:
        """These words in pieces, each of which stands in the line without anything else between."""
        found: list[list[Word]] = []
        for word in self.words:
            if found and not self.line[found[-1][-1].end : word.start].replace(",", "").strip():
                found[-1].append(word)
            else:
                found.append([word])
        return [tuple(run) for run in found]

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.words)


def words_of(text: str) -> Words:
    """The words of a line; anything that is white separates them."""
    found: list[Word] = []
    at = 0
    for piece in text.split():
        start = text.index(piece, at)
        at = start + len(piece)
        found.append(Word(piece, start, at))
    return Words(text, tuple(found))


def readable(text: str) -> bool:
    """Whether a text can be written down at all: half a character (a lone surrogate) cannot."""
    return not any("\ud800" <= sign <= "\udfff" for sign in text)
