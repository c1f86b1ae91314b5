"""Handles: text that stands for a person's words, opens in one place, and is never mistaken for them."""

import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.kernel.secrets.ports import DataKey
from redstick.kernel.secrets.sealed import Place, Sealed, plaintext_fields, read_handle, seal, unseal
from redstick.kernel.values import Command, Event, command, event

KEY = DataKey("call-audio", "2026-11", "k1", "case_1", bytes(range(32)))
PLACE = Place("operations", "case_1", "call.callback")


def sealed(text="555-0100", place=PLACE, seed=7):
    """A handle."""
    return seal(place, KEY, text, random.Random(seed).randbytes)


@given(st.text(max_size=100))
def test_a_handle_opens_in_its_place(text):
    """Any text comes back; the handle says which key, and holds no line break and no quote."""
    handle = sealed(text)
    found = read_handle(handle)
    assert (found.retention_class, found.period, found.key) == ("call-audio", "2026-11", "k1")
    assert unseal(PLACE, KEY, found) == text
    assert msgspec.json.encode(handle) == b'"' + handle.encode() + b'"'


@pytest.mark.parametrize("elsewhere", [
    Place("council", "case_1", "call.callback"),
    Place("operations", "case_2", "call.callback"),
    Place("operations", "case_1", "call.name"),
    Place("operations", "case_1call.", "callback"),
])  # fmt: skip
def test_a_handle_opens_nowhere_else(elsewhere):
    """Moved to another journal, subject or field it opens not, though the key is right."""
    assert unseal(elsewhere, KEY, read_handle(sealed())) is None


@given(st.text(max_size=60))
def test_anything_else_is_no_handle(text):
    """Any text that is not one is told apart without an exception."""
    assert read_handle(text) is None
    found = read_handle("sealed1:a:2026:k:" + text)
    assert found is None or unseal(PLACE, KEY, found) is None


@given(st.data())
def test_no_changed_character_opens(data):
    """One other character anywhere: no handle, another key's name, or nothing that opens; never another text."""
    handle = sealed()
    at = data.draw(st.integers(0, len(handle) - 1))
    changed = handle[:at] + data.draw(st.characters().filter(lambda other: other != handle[at])) + handle[at + 1 :]
    found = read_handle(changed)
    assert (
        found is None or found[:3] != ("call-audio", "2026-11", "k1") or unseal(PLACE, KEY, found) in {None, "555-0100"}
    )


class Caller(msgspec.Struct, frozen=True):
    """A struct within."""

    name: Sealed
    language: str = ""


@event("test.noted")
class Noted(Event, frozen=True):
    """Sealed fields of every shape."""

    case: str
    callback: Sealed = Sealed("")
    others: list[Sealed] = []
    second: Sealed | None = None
    caller: Caller | None = None
    callers: list[Caller] = []
    by_role: dict[str, Sealed] = {}


@command("test.plain")
class Plain(Command, frozen=True):
    """No sealed field."""

    case: str


def test_plaintext_in_a_sealed_field_is_named():
    """A field that should hold a handle and does not is named, at any depth; handles and nothing are in order."""
    good = sealed()
    within = Caller(good, "Spanish")
    whole = Noted("case", good, [good], good, within, [within], {"a": good})
    assert plaintext_fields(whole) == plaintext_fields(Noted("case")) == plaintext_fields(Plain("text")) == []
    for field, value in (
        ("callback", "555"), ("others", [good, "555"]), ("second", "555"), ("by_role", {"a": "555"}),
    ):  # fmt: skip
        assert plaintext_fields(msgspec.structs.replace(whole, **{field: value})) == [field]
    assert plaintext_fields(msgspec.structs.replace(whole, caller=Caller(Sealed("Jo")))) == ["name"]
    assert plaintext_fields(msgspec.structs.replace(whole, callers=[within, Caller(Sealed("Jo"))])) == ["name"]


def test_a_sealed_field_is_text_in_a_payload():
    """It is stored as its handle and comes back as it was."""
    stored = msgspec.json.encode(Noted("case", sealed()))
    assert msgspec.json.decode(stored, type=Noted) == Noted("case", sealed())
