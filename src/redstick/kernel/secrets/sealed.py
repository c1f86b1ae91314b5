"""Sealed fields: what stands in a payload in place of a person's words, number or name.

A handle is text, `sealed1:<class>:<period>:<key>:<base64>`: which key opens it, and the encrypted text. Handles are
randomised: two handles of the same plaintext differ, so comparing them says nothing, and `apply` must not try. The
encrypted text is bound to the journal, subject and field that it was sealed for, and opens nowhere else.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple, NewType, get_args, get_type_hints

import msgspec

from redstick.kernel.secrets.ciphers import Entropy, decrypt, encrypt
from redstick.kernel.secrets.ports import DataKey

Sealed = NewType("Sealed", str)  # the type of such a field in an event, a command or a state; "" where there is nothing

_HANDLE = re.compile(r"sealed1:([a-z][a-z0-9-]*):([0-9-]+):([a-z0-9]+):([A-Za-z0-9_-]+={0,2})")


class Place(NamedTuple):
    """Where a sealed field belongs: which journal, whose (a case, a camera), and what it is called there."""

    journal: str
    subject: str
    field: str


class Handle(NamedTuple):
    """A handle, taken apart: the key that opens it, by class, period and id, and the encrypted text."""

    retention_class: str
    period: str
    key: str
    encrypted: bytes


def seal(place: Place, key: DataKey, text: str, entropy: Entropy) -> Sealed:
    """Seal a text for a place."""
    encrypted = base64.urlsafe_b64encode(encrypt(key.secret, text.encode(), _bound_to(place), entropy)).decode()
    return Sealed(f"sealed1:{key.retention_class}:{key.period}:{key.id}:{encrypted}")


def unseal(place: Place, key: DataKey, handle: Handle) -> str | None:
    """The text of a handle that was sealed for this very place; None when it was not, or was changed."""
    text = decrypt(key.secret, handle.encrypted, _bound_to(place))
    return None if text is None else text.decode()


def read_handle(text: str) -> Handle | None:
    """Take a handle apart; None when it is not one."""
    found = _HANDLE.fullmatch(text)
    if found is None:
        return None
    try:
        return Handle(found[1], found[2], found[3], base64.urlsafe_b64decode(found[4]))
    except binascii.Error:
        return None


def plaintext_fields(value: msgspec.Struct) -> list[str]:
    """Names of the fields of type `Sealed`, at any depth, that hold something else than a handle or nothing.

    For whoever takes commands in: what is named here must not reach the journal.
    """
    return [name for name, text in _sealed_texts(value, type(value), "") if text and read_handle(text) is None]


def seals(kind: type[msgspec.Struct]) -> bool:
    """Whether a value of this kind has sealed fields, at any depth."""
    return bool(_sealing_fields(kind))


def _sealed_texts(value: Any, hint: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, msgspec.Struct):
        for field, inner in _sealing_fields(type(value)):
            yield from _sealed_texts(getattr(value, field), inner, field)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _sealed_texts(item, get_args(hint)[1], name)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _sealed_texts(item, get_args(hint)[0], name)


@cache
def _sealing_fields(cls: type[msgspec.Struct]) -> tuple[tuple[str, Any], ...]:
    """The fields of a struct that hold sealed texts, at any depth, with their types."""
    hints = get_type_hints(cls)
    return tuple((name, hints[name]) for name in cls.__struct_fields__ if _seals(hints[name]))


def _seals(hint: Any) -> bool:
    if hint is Sealed:
        return True
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return bool(_sealing_fields(hint))
    return any(_seals(inner) for inner in get_args(hint))


def _bound_to(place: Place) -> bytes:
    return msgspec.json.encode(["redstick sealed 1", *place])
