"""JSON from strangers: bounded in size and depth, no name twice, no NaN, no text that cannot be written again."""

import json
import re
from typing import Any, NoReturn

from redstick.protocols.faults import Fault, Malformed

MOST_DEPTH = 40
SURROGATE = re.compile("[\ud800-\udfff]")


def read_json(data: bytes, most_bytes: int) -> Any:
    """The value that `data` holds (RFC 8259, UTF-8). Raises Malformed, with the path where one is known."""
    if len(data) > most_bytes:
        raise Malformed(Fault("$", f"at most {most_bytes} bytes, not {len(data)}"))
    try:
        value = json.loads(data.decode(), object_pairs_hook=_each_name_once, parse_constant=_no_constant)
    except RecursionError as error:
        raise Malformed(Fault("$", f"at most {MOST_DEPTH} levels")) from error
    except UnicodeDecodeError as error:
        raise Malformed(Fault(f"$ (byte {error.start})", "UTF-8")) from error
    except json.JSONDecodeError as error:
        raise Malformed(Fault(f"$ (line {error.lineno}, column {error.colno})", f"JSON ({error.msg})")) from error
    except ValueError as error:  # a number of thousands of digits
        raise Malformed(Fault("$", f"numbers that can be read ({error})")) from error
    _refuse_depth_and_surrogates(value)
    return value


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise Malformed(Fault(f"$ (the name {name[:80]!r})", "each name once in its object"))
        found[name] = value
    return found


def _no_constant(text: str) -> NoReturn:
    raise Malformed(Fault(f"$ (the value {text})", "a finite number"))


def _refuse_depth_and_surrogates(value: Any) -> None:
    waiting: list[tuple[str, int, Any]] = [("$", 1, value)]
    while waiting:
        place, depth, found = waiting.pop()
        if depth > MOST_DEPTH:
            raise Malformed(Fault(place, f"at most {MOST_DEPTH} levels"))
        if isinstance(found, str):
            if SURROGATE.search(found):
                raise Malformed(Fault(place, "text without half of a surrogate pair"))
        elif isinstance(found, dict):
            if any(SURROGATE.search(name) for name in found):
                raise Malformed(Fault(place, "names without half of a surrogate pair"))
            waiting.extend((f"{place}.{name}", depth + 1, one) for name, one in found.items())
        elif isinstance(found, list):
            waiting.extend((f"{place}[{index}]", depth + 1, one) for index, one in enumerate(found))
