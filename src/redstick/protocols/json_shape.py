"""Whether a JSON value fits a struct: every misfit with its path, where a decoder would stop at the first.

Strict where JSON Schema is often lax: a name that the struct does not know is a fault, and so is a null that stands for
a value left out.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from redstick.protocols.faults import Fault, Malformed

S = TypeVar("S", bound=msgspec.Struct)
PLAIN: dict[type, tuple[type, str]] = {
    inspect.StrType: (str, "text"),
    inspect.IntType: (int, "a whole number"),
    inspect.BoolType: (bool, "true or false"),
}


def fitted(value: Any, wanted: type[S]) -> S:
    """The struct that a JSON value is. Raises Malformed with every misfit."""
    faults = tuple(misfits(value, wanted))
    if faults:
        raise Malformed(*faults)
    return msgspec.convert(value, wanted)


def misfits(value: Any, wanted: type[msgspec.Struct]) -> Iterator[Fault]:
    """Where `value` does not fit `wanted`, in the order of its fields."""
    return _misfits(value, _type_of(wanted), "$")


@lru_cache(maxsize=64)
def _type_of(wanted: type[msgspec.Struct]) -> inspect.Type:
    return inspect.type_info(wanted)


def _misfits(value: Any, wanted: inspect.Type, place: str) -> Iterator[Fault]:
    if isinstance(wanted, inspect.StructType):
        yield from _misfits_of_struct(value, wanted, place)
    elif isinstance(wanted, inspect.VarTupleType):
        if not isinstance(value, list):
            yield Fault(place, "a list")
            return
        for index, one in enumerate(value):
            yield from _misfits(one, wanted.item_type, f"{place}[{index}]")
    elif isinstance(wanted, inspect.UnionType):  # only ever "this or left out"
        [one] = [kind for kind in wanted.types if not isinstance(kind, inspect.NoneType)]
        yield from _misfits(value, one, place)
    elif isinstance(wanted, inspect.LiteralType):
        if value not in wanted.values:
            yield Fault(place, f"one of {', '.join(map(str, wanted.values))}")
    elif isinstance(wanted, inspect.DictType):
        if not isinstance(value, dict):
            yield Fault(place, "an object")
    elif type(wanted) in PLAIN:
        kind, words = PLAIN[type(wanted)]
        if type(value) is not kind:
            yield Fault(place, words)


def _misfits_of_struct(value: Any, wanted: inspect.StructType, place: str) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield Fault(place, "an object")
        return
    known = {field.encode_name: field for field in wanted.fields}
    for name in value:
        if name not in known:
            yield Fault(f"{place}.{name[:80]}", "no such property")
    for name, field in known.items():
        if name in value:
            yield from _misfits(value[name], field.type, f"{place}.{name}")
        elif field.required:
            yield Fault(f"{place}.{name}", "a value; it is mandatory")
