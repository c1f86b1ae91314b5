"""The small grammar that SIP header values share (RFC 3261 section 25): tokens, quoted strings, lists, parameters.

Each pass is linear in the length of its text.
"""

import re

from redstick.protocols.faults import Fault, Malformed

Parameters = tuple[tuple[str, str | None], ...]

TOKEN = re.compile(r"[A-Za-z0-9\-.!%*_+`'~]+")
MOST_PARAMETERS = 64
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_VALUE = re.compile(r"[A-Za-z0-9\-.!%*_+`'~\[\]:/@&$?<>#=]+")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_NUMBER = re.compile(r"[0-9]{1,40}")


def split_outside(text: str, separator: str) -> list[str]:
    """The parts between separators that stand neither in quotes nor in angle brackets, each without outer spaces."""
    if separator not in text:
        return [text.strip()]
    if '"' not in text and "<" not in text:  # most are so, and there are many in a message
        return [part.strip() for part in text.split(separator)]
    parts, start, quoted, bracketed, index = [], 0, False, False, 0
    while index < len(text):
        sign = text[index]
        if quoted:
            if sign == "\\":
                index += 1
            elif sign == '"':
                quoted = False
        elif sign == '"':
            quoted = True
        elif sign == "<":
            bracketed = True
        elif sign == ">":
            bracketed = False
        elif sign == separator and not bracketed:
            parts.append(text[start:index].strip())
            start = index + 1
        index += 1
    parts.append(text[start:].strip())
    return parts


def read_parameters(text: str, place: str) -> Parameters:
    """The parameters of `;name=value;name…`, values as written, quotes included. Raises Malformed."""
    if not text:
        return ()
    first, *parts = split_outside(text, ";")
    if first:
        raise Malformed(Fault(place, f"a semicolon before {first[:40]!r}"))
    if len(parts) > MOST_PARAMETERS:
        raise Malformed(Fault(place, f"at most {MOST_PARAMETERS} parameters"))
    return tuple(_parameter(part, place) for part in parts)


def _parameter(part: str, place: str) -> tuple[str, str | None]:
    name, equals, value = (piece.strip() for piece in part.partition("="))
    if not TOKEN.fullmatch(name):
        raise Malformed(Fault(place, f"the name of a parameter, not {part[:40]!r}"))
    if not equals:
        return name, None
    if not (_VALUE.fullmatch(value) or _QUOTED.fullmatch(value)):
        raise Malformed(Fault(f"{place};{name}", "a token or a quoted text"))
    return name, value


def write_parameters(parameters: Parameters) -> str:
    """Parameters as they are written behind a value."""
    return "".join(f";{name}" if value is None else f";{name}={value}" for name, value in parameters)


def parameter(parameters: Parameters, name: str) -> str | None:
    """The value of a parameter, unquoted; empty for one without a value; None when there is none of that name."""
    wanted = name.lower()
    for known, value in parameters:
        if known.lower() == wanted:
            return unquoted(value or "")
    return None


def with_parameter(parameters: Parameters, name: str, value: str | None) -> Parameters:
    """The parameters with one set; an older one of that name goes."""
    return (*(pair for pair in parameters if pair[0].lower() != name.lower()), (name, value))


def is_quoted(text: str) -> bool:
    """Whether the whole text is one quoted string."""
    return _QUOTED.fullmatch(text) is not None


def unquoted(text: str) -> str:
    """The text within quotes, its escapes resolved; another text as it is."""
    return _ESCAPED.sub(r"\1", text[1:-1]) if is_quoted(text) else text


def quoted(text: str) -> str:
    """A text in quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def whole_number(text: str, place: str, most: int) -> int:
    """A decimal number from 0 to `most`; leading zeros are well (RFC 4475 section 3.1.1.1). Raises Malformed."""
    if not _NUMBER.fullmatch(text) or int(text) > most:
        raise Malformed(Fault(place, f"a whole number of at most {most}"))
    return int(text)
