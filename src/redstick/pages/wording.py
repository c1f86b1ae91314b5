"""Words that pages put together from figures."""


def count_words(number: int, one: str, more: str) -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else more}"


def sentence(text: str) -> str:
    """The text with its first letter large; the rest, which may be a name, stays as it is."""
    return text[:1].upper() + text[1:]
