"""How alike a report and an incident are: points out of 100, as a sum of terms that a person can read."""

import msgspec

from redstick.dispatch.place import plain

DISTANCE, TIME, KIND, NUMBER, STREET, WORDS = 35, 15, 20, 15, 10, 5  # the most that each term gives: 100 in all
STRONG = 60  # from here on it is worded as probably the same

# How often calls of two groups are about one thing, in hundredths. Ours: a matrix to be fitted to a city's merges.
GROUP_AFFINITY = {
    frozenset({"ems", "traffic"}): 50,
    frozenset({"fire", "ems"}): 40,
    frozenset({"fire", "traffic"}): 40,
    frozenset({"police", "traffic"}): 40,
    frozenset({"police", "ems"}): 40,
    frozenset({"police", "fire"}): 20,
}
SAME_GROUP, UNKNOWN_KIND, DEFAULT_AFFINITY = 60, 40, 10

# Words that say nothing of what happened.
COMMON_WORDS = frozenset(
    {
        "a", "an", "and", "are", "at", "been", "by", "for", "from", "has", "have", "he", "her", "his", "i", "in", "is",
        "it", "no", "not", "of", "on", "one", "or", "she", "someone", "the", "their", "there", "they", "to", "two",
        "was", "with",
    }
)  # fmt: skip
_STREET_KINDS = frozenset(
    {
        "avenue", "block", "boulevard", "circle", "court", "drive", "highway", "lane", "place", "road", "street",
        "terrace",
    }
)  # fmt: skip


class Term(msgspec.Struct, frozen=True):
    """One reason: its points of the most it can give, and the fact in words."""

    name: str
    points: int
    most: int
    words: str


def distance_term(distance_m: float | None, sure_m: float, limit_m: float) -> Term:
    """Full within what both positions may be off by, falling to nothing at the limit."""
    if distance_m is None:
        return Term("distance", 0, DISTANCE, "not both have a position")
    beyond = max(0.0, distance_m - sure_m)
    share = 1.0 if beyond == 0 else max(0.0, 1 - beyond / max(1.0, limit_m - sure_m))
    words = f"{distance_m:.0f} m apart; both positions together may be off by {sure_m:.0f} m"
    return Term("distance", round(DISTANCE * share), DISTANCE, words)


def time_term(gap_ms: int, window_ms: int) -> Term:
    """Full at once, falling to nothing at the end of the window."""
    share = max(0.0, 1 - gap_ms / window_ms)
    return Term("time", round(TIME * share), TIME, f"{gap_ms / 60_000:.0f} min apart")


def kind_term(kind: str, group: str, other: str, other_group: str) -> Term:
    """The same kind, the same group, or groups that often meet."""
    affinity, words = _affinity(kind, group, other, other_group)
    return Term("kind", round(KIND * affinity / 100), KIND, words)


def _affinity(kind: str, group: str, other: str, other_group: str) -> tuple[int, str]:
    if not kind or not other:
        return UNKNOWN_KIND, "the kind of one is not known yet"
    if plain(kind) == plain(other):
        return 100, f"both are {other}"
    if group and group == other_group:
        return SAME_GROUP, f"{kind} and {other} are both {group}"
    return GROUP_AFFINITY.get(frozenset({group, other_group}), DEFAULT_AFFINITY), f"{kind} and {other}"


def number_term(callback: str, others: list[str]) -> Term:
    """The same number called before."""
    same = bool(callback) and callback in others
    return Term("number", NUMBER if same else 0, NUMBER, "the same number called" if same else "another number")


def street_term(text: str, other: str) -> Term:
    """The same address as it was written, or the same street."""
    if not plain(text) or not plain(other):
        return Term("street", 0, STREET, "an address is missing")
    if plain(text) == plain(other):
        return Term("street", STREET, STREET, "the same address as written")
    shared = _names(text) & _names(other)
    if shared:
        return Term("street", round(STREET * 0.6), STREET, f"on the same street: {' '.join(sorted(shared))}")
    return Term("street", 0, STREET, "another street")


def words_term(said: str, other: str) -> Term:
    """What is said of both, without words that say nothing."""
    one, two = _content(said), _content(other)
    shared = sorted(one & two)
    share = len(shared) / min(len(one), len(two)) if shared else 0
    return Term("words", round(WORDS * share), WORDS, f"both say: {', '.join(shared)}" if shared else "no shared words")


def _names(text: str) -> set[str]:
    """The words of an address that name its street: long enough, and no numbers."""
    return {word for word in plain(text).split() if len(word) > 3 and not word[0].isdigit()} - _STREET_KINDS


def _content(said: str) -> set[str]:
    return {word for word in plain(said).split() if len(word) > 2} - COMMON_WORDS
