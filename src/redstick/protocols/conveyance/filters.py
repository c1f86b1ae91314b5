"""The qualFilter: a subscriber's condition on what it is told.

Its grammar in the standard we have not read. Ours: conditions joined by `and`, each `path = value` or `path != value`,
a path being names of the EIDO with dots, a list meaning any of its members; values are in single quotes:

    incidentComponent.incidentTypeCommonRegistryText = 'FSTRU' and callComponent.queueIdentifier != 'test'

A condition on what is not there is false when it asks for equality and true otherwise. An empty filter is no filter.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from redstick.protocols.faults import Fault, Malformed

MOST_CONDITIONS = 64
_CONDITION = re.compile(r"\s*([$@A-Za-z][\w$@]*(?:\.[$@A-Za-z][\w$@]*){0,9})\s*(=|!=)\s*'([^']*)'\s*")
_AND = re.compile(r"and\b")


class Condition(msgspec.Struct, frozen=True):
    """One comparison; `equal` False means that no value there may be this one."""

    path: tuple[str, ...]
    equal: bool
    value: str


def read_filter(text: str) -> tuple[Condition, ...]:
    """The conditions of a filter. Raises Malformed with the character at which it cannot be read."""
    found: list[Condition] = []
    at = 0
    while text[at:].strip() or found:
        match = _CONDITION.match(text, at)
        if match is None or len(found) == MOST_CONDITIONS:
            raise Malformed(Fault(f"$.subscribe.qualFilter (character {at})", "path = 'value', joined by and"))
        path, sign, value = match.groups()
        found.append(Condition(tuple(path.split(".")), sign == "=", value))
        at = match.end()
        if at == len(text):
            break
        joint = _AND.match(text, at)
        if joint is None:
            raise Malformed(Fault(f"$.subscribe.qualFilter (character {at})", "and"))
        at = joint.end()
    return tuple(found)


def admits(conditions: tuple[Condition, ...], eido: Any) -> bool:
    """Whether an EIDO, as plain JSON values, fulfils every condition."""
    return all((condition.value in _values(eido, condition.path)) is condition.equal for condition in conditions)


def _values(value: Any, path: tuple[str, ...]) -> list[str]:
    return [str(leaf).lower() if isinstance(leaf, bool) else str(leaf) for leaf in _leaves(value, path)]


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[Any]:
    if isinstance(value, list):
        for one in value:
            yield from _leaves(one, path)
    elif not path:
        if not isinstance(value, dict):
            yield value
    elif isinstance(value, dict) and path[0] in value:
        yield from _leaves(value[path[0]], path[1:])
