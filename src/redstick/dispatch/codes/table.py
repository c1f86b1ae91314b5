"""A city's code table: each local word with its common code, group and usual priority. Configuration, checked total."""

from collections.abc import Collection, Iterable, Iterator

import msgspec

GROUPS = ("ems", "fire", "police", "traffic", "other")
PRIORITIES = range(1, 6)


class TypeCode(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a local word for a kind of incident means. `common` is a code of APCO ANS 2.103.2 as EIDO lists them."""

    word: str
    common: str
    group: str = "other"
    priority: int = 3


class DispositionCode(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a local word for an ending means. `common` is a code of APCO ANS 1.111.2, "01" to "45"."""

    word: str
    common: str


class CodeTable(msgspec.Struct, frozen=True, omit_defaults=True):
    """Every word that a city uses. A word is read whatever its case and spacing. Empty: nothing is judged by it."""

    types: tuple[TypeCode, ...] = ()
    dispositions: tuple[DispositionCode, ...] = ()

    def type_of(self, word: str) -> TypeCode | None:
        """The kind of a local word; None for one that is not in the table."""
        return next((one for one in self.types if folded(one.word) == folded(word)), None)

    def disposition_of(self, word: str) -> DispositionCode | None:
        """The disposition of a local word; None for one that is not in the table."""
        return next((one for one in self.dispositions if folded(one.word) == folded(word)), None)


class Finding(msgspec.Struct, frozen=True):
    """One thing that is wrong with a table: a stable code, and the word it concerns."""

    code: str
    word: str
    said: str = ""


def folded(word: str) -> str:
    """A word as it is compared."""
    return " ".join(word.casefold().split())


def check(
    table: CodeTable,
    common_types: Collection[str],
    common_dispositions: Collection[str],
    words: Iterable[str] = (),
    endings: Iterable[str] = (),
) -> list[Finding]:
    """Everything that is wrong with a table, in its order; nothing when it is sound and total over the words in use.

    `common_types` and `common_dispositions` are the lists of the standards, an empty one judges no code. `words` and
    `endings` are the local words that the city uses. Codes of findings: `word_empty`, `word_twice`, `common_unknown`,
    `group_unknown`, `priority_unknown`, `type_unmapped`, `disposition_unmapped`.
    """
    found = [*_entries(table.types, common_types), *_entries(table.dispositions, common_dispositions)]
    for one in table.types:
        if one.group not in GROUPS:
            found.append(Finding("group_unknown", one.word, one.group))
        if one.priority not in PRIORITIES:
            found.append(Finding("priority_unknown", one.word, str(one.priority)))
    found += [Finding("type_unmapped", word) for word in dict.fromkeys(words) if table.type_of(word) is None]
    unmapped = [word for word in dict.fromkeys(endings) if table.disposition_of(word) is None]
    return found + [Finding("disposition_unmapped", word) for word in unmapped]


def _entries(entries: Iterable[TypeCode | DispositionCode], common: Collection[str]) -> Iterator[Finding]:
    seen: set[str] = set()
    for one in entries:
        word = folded(one.word)
        if not word:
            yield Finding("word_empty", one.word, one.common)
        if word in seen:
            yield Finding("word_twice", one.word, one.common)
        seen.add(word)
        if common and one.common not in common:
            yield Finding("common_unknown", one.word, one.common)
