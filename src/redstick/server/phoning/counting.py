"""Numbers in words of the house, as somebody says them."""


def number_words(number: int) -> tuple[str, ...]:
    """A number from 0 to 999: `three`, `forty two`, `two hundred six`, each word by its name."""
    if number >= 100:
        rest = number % 100
        return (str(number // 100), "100", *(number_words(rest) if rest else ()))
    if number < 20 or number % 10 == 0:
        return (str(number),)
    return (str(number // 10 * 10), str(number % 10))


def digit_words(number: str) -> tuple[str, ...]:
    """Digit by digit, as of a telephone number."""
    return tuple(sign for sign in number if sign.isascii() and sign.isdecimal())


def how_many(new: int, saved: int) -> tuple[str, ...]:
    """What is in a box."""
    fresh = "new_message" if new == 1 else "new_messages"
    kept = "saved_message" if saved == 1 else "saved_messages"
    return ("you_have", *number_words(new), fresh, "and", *number_words(saved), kept)
