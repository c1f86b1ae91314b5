"""Looking: `f kettle` finds, `?` helps. Nothing is asked of the rules by either."""

from __future__ import annotations

from collections.abc import Iterator

from redstick.dispatch.bar.form import Form
from redstick.dispatch.bar.line import Words
from redstick.dispatch.bar.reader import Reader, brief, doing, spoken
from redstick.dispatch.bar.reading import Candidate, PlaceWanted
from redstick.dispatch.place import plain
from redstick.dispatch.rules.callbacks import digits_of

SHOWN = 20


def read_find(r: Reader, rest: Words) -> None:
    """`f kettle`: incidents, units, calls and places in which every word stands."""
    if not rest:
        r.problem("nothing_to_find", "say what to find")
        return
    words = plain(rest.text).split()
    digits = digits_of(rest.text) if len(rest.text) <= 30 else ""
    r.part("find", rest.text, rest.text[:60])
    found = [*_units(r, words), *_incidents(r, words), *_calls(r, digits)]
    r.candidates += found[:SHOWN]
    if len(rest.text) <= 200:
        r.wants.append(PlaceWanted(rest.text))
        answer = r.answers.places.get(rest.text)
        for one in answer.candidates[:5] if answer is not None else ():
            said = str(one.found.get("label") or one.place.text)
            r.candidates.append(Candidate("place", said, f"{said}, {one.place.municipality}".strip(", ")))
    count = len(r.candidates)
    r.effect.append(f"{count} found" if count else "Nothing of that is known here")


def _units(r: Reader, words: list[str]) -> Iterator[Candidate]:
    for unit in r.state.units.values():
        if _holds(words, f"{unit.id} {unit.kind} {unit.station} {unit.agency}"):
            yield Candidate("unit", unit.id, doing(r.state, unit), f"{unit.id} ", f"unit/{unit.id}")


def _incidents(r: Reader, words: list[str]) -> Iterator[Candidate]:
    newest = sorted(r.state.incidents.values(), key=lambda one: (one.closed_at is not None, -one.opened_at, one.id))
    for one in newest:
        said = f"{one.number} {one.id} {one.kind} {one.place.text} {one.place.municipality}"
        if _holds(words, said) or any(_holds(words, note.text) for note in one.notes):
            yield Candidate(
                "incident", one.number or one.id, brief(one), f"#{one.number or one.id} ", f"incident/{one.id}"
            )


def _calls(r: Reader, digits: str) -> Iterator[Candidate]:
    for call in r.state.calls.values() if len(digits) >= 4 else ():
        if digits in digits_of(call.callback):
            yield Candidate("call", call.callback, spoken(call), "", f"call/{call.id}")


def _holds(words: list[str], text: str) -> bool:
    """Whether every word stands in a text; names are short, so this is quick."""
    low = text.casefold()
    return bool(words) and all(word in low for word in words)


FORMS = (
    Form.of_line("find", ("f", "find"), ("f kettle",), "Finds incidents, units, calls and places.", (), read_find),
)  # fmt: skip
