"""A new incident in one line: place and kind in any order, with a comma between them or none; p1 and a note behind."""

from __future__ import annotations

from typing import NamedTuple

from redstick.dispatch.bar.form import Form
from redstick.dispatch.bar.kinds import KindRead, kind_of
from redstick.dispatch.bar.line import Word, Words
from redstick.dispatch.bar.places import Found, place_at
from redstick.dispatch.bar.reader import FEW, SHOWN, Reader, brief
from redstick.dispatch.bar.reading import Candidate, Choice, NeedsWanted
from redstick.dispatch.codes.table import TypeCode
from redstick.dispatch.computing.answers import PlannedResponse
from redstick.dispatch.duplicates.nearby import Report, find
from redstick.dispatch.place import Place
from redstick.dispatch.rules.incidents import AddNote, Incident, OpenIncident
from redstick.dispatch.rules.needs import SetNeeds

LONGEST_KIND = 5  # words
SURE = 90  # of 100, for a kind that no comma sets apart
PRIORITIES = ("p1", "p2", "p3", "p4", "p5")


class Said(NamedTuple):
    """The parts of the line: where, what, how urgent, and what is known of it."""

    place: Words
    kind: Words
    priority: int | None
    note: str


def read_open(r: Reader, rest: Words) -> None:
    """`i 1600 s 5th st, cardiac arrest, p1, n door is locked`."""
    said = _parts(r, rest)
    kind = _kind(r, said.kind)
    if kind is None:
        return
    found = _place(r, said.place)
    if found is None:
        return
    _open(r, kind, found, said)


def _place(r: Reader, words: Words) -> Found | None:
    """Where it is: as it is typed or, where nothing is, where the selected call says."""
    call = r.state.calls.get(r.asked.selected.removeprefix("call/"))
    if words or call is None or not (call.place.text or call.place.located):
        return place_at(r, words)
    label = call.place.text or "its position"
    said = f"{label} (as the call says, by {call.place.source or 'its line'})"
    r.part("place", "", said)
    return call.place, {}, said


def _parts(r: Reader, rest: Words) -> Said:
    """Pieces between commas; of a single piece, the words at either end that are a kind."""
    pieces, note = _pieces(rest)
    urgent = [piece for piece in pieces if piece.text.casefold() in PRIORITIES]
    priority = int(urgent[0].text[1]) if urgent else None
    if urgent:
        r.part("priority", urgent[0].text, f"priority {priority}")
    pieces = _joined(r, [piece for piece in pieces if piece not in urgent])
    if len(pieces) == 1:
        place, kind = _one_piece(r, pieces[0])
        return Said(place, kind, priority, note)
    scores = [kind_of(r.state.codes, piece.text).score for piece in pieces]
    best = scores.index(max(scores)) if scores else 0
    places = [piece for count, piece in enumerate(pieces) if count != best]
    where = Words(rest.line, tuple(word for piece in places for word in piece.words))
    return Said(where, pieces[best] if pieces else Words(rest.line, ()), priority, note)


def _joined(r: Reader, pieces: list[Words]) -> list[Words]:
    """Two pieces that are one kind with a comma in it, as `crash, no injuries`, are one."""
    for count in range(len(pieces) - 1):
        both = Words(pieces[count].line, (*pieces[count].words, *pieces[count + 1].words))
        if kind_of(r.state.codes, both.text).exact:
            return [*pieces[:count], both, *pieces[count + 2 :]]
    return pieces


def _pieces(rest: Words) -> tuple[list[Words], str]:
    """What stands between commas; a piece that begins with `n` is a note, with all that follows."""
    pieces: list[Words] = []
    gathered: list[Word] = []
    for word in rest.words:
        if not gathered and pieces and word.low in ("n", "note"):
            return pieces, rest.line[word.end :].strip()
        bare = word.text.rstrip(",")
        if bare:
            gathered.append(Word(bare, word.start, word.start + len(bare)))
        if bare != word.text and gathered:
            pieces.append(Words(rest.line, tuple(gathered)))
            gathered = []
    return [*pieces, Words(rest.line, tuple(gathered))] if gathered else pieces, ""


def _one_piece(r: Reader, piece: Words) -> tuple[Words, Words]:
    """Place and kind where no comma parts them: the kind stands first or last, and is read only when it is sure."""
    nothing = Words(piece.line, ())
    if kind_of(r.state.codes, piece.text).clear:
        return nothing, piece
    count = len(piece.words)
    best: tuple[float, int, Words, Words] | None = None
    for size in range(1, min(LONGEST_KIND, count - 1) + 1):
        ends = ((piece.upto(size), piece.after(size)), (piece.after(count - size), piece.upto(count - size)))
        for kind, place in ends:
            read = kind_of(r.state.codes, kind.text)
            sure = read.exact or (read.clear and read.score >= SURE)
            if sure and (best is None or (read.score, size) > best[:2]):
                best = (read.score, size, place, kind)
    return (piece, nothing) if best is None else (best[2], best[3])


def _kind(r: Reader, words: Words) -> TypeCode | None:
    found = kind_of(r.state.codes, words.text)
    if found.clear:
        word = found.types[0].word
        r.part("type", words.text, word if found.exact else f"{word} (read as)")
        return found.types[0]
    if len(found.types) > 1 and _both_near(found):
        r.two_things(words.text, (Choice(r.line_with(words, one.word), one.word) for one in found.types))
        return None
    r.problem("kind_unknown", "say what kind of incident it is, behind a comma", words.text)
    before = words or Words(r.line.line, ())
    r.candidates += [
        Candidate("type", one.word, f"{one.word}, priority {one.priority}", r.line_with(before, one.word))
        for one in found.types[:FEW]
    ]
    return None


def _both_near(found: KindRead) -> bool:
    return found.score >= 80


def _open(r: Reader, kind: TypeCode, found: Found, said: Said) -> None:
    place, zones, where = found
    priority = said.priority or kind.priority
    zones = zones or _zones(r, kind, priority, place)
    call = r.state.calls.get(r.asked.selected.removeprefix("call/"))
    speaks = call.id if call is not None and not call.incident else ""
    if speaks:
        r.part("call", "", f"call {call.callback or call.id}" if call is not None else "")
    opened = OpenIncident(r.new_id("inc"), "", kind.word, kind.group, priority, place, zones, call=speaks)
    r.ask(opened, f"Opens an incident: {kind.word}, priority {priority}, at {where}")
    _warn_of_the_same(r, opened)
    if said.note:
        r.part("narrative", said.note, said.note[:SHOWN])
        r.ask(AddNote(opened.incident, said.note), f"With the note: {said.note[:SHOWN]}")
    _needs(r, opened)


def _warn_of_the_same(r: Reader, opened: OpenIncident) -> None:
    """What may be the same is shown; a person decides."""
    call = r.state.calls.get(opened.call)
    number = call.callback if call is not None else ""
    report = Report(r.asked.now, opened.place, opened.kind, opened.group, number)
    for one in find(r.state, report)[:3]:
        known = r.state.incidents[one.incident]
        probably = "Probably" if one.strong else "Perhaps"
        r.effect.append(f"{probably} the same as {brief(known)} ({one.score} of 100)")
        r.rests.append(["same", one.incident])
        line = f"attach #{known.number or known.id}" if opened.call else ""
        meaning = f"{probably} the same: {brief(known)}"
        r.candidates.append(Candidate("same", brief(known), meaning, line, f"incident/{known.id}"))


def _planned(r: Reader, kind: str, group: str, priority: int, place: Place) -> PlannedResponse | None:
    """What the plan would send there; its zones are those of the position."""
    want = NeedsWanted(Incident("(new)", r.asked.now, "", kind, group, priority, priority, place))
    if want not in r.wants:
        r.wants.append(want)
    answer = r.answers.needs.get(want.key)
    return answer if isinstance(answer, PlannedResponse) else None


def _zones(r: Reader, kind: TypeCode, priority: int, place: Place) -> dict[str, str]:
    planned = _planned(r, kind.word, kind.group, priority, place)
    return {} if planned is None else dict(planned.zones)


def _needs(r: Reader, opened: OpenIncident) -> None:
    """What the plan sends there is asked for with it, so that the incident waits for what it needs."""
    answer = _planned(r, opened.kind, opened.group, opened.priority, opened.place)
    if answer is None or not answer.requirements:
        r.effect.append("What the plan sends is not known: nothing is asked for yet")
        return
    needed = ", ".join(f"{one.count} {one.id}" for one in answer.requirements)
    r.ask(
        SetNeeds(opened.incident, answer.requirements, answer.plan, answer.rule),
        f"Asks for {needed} ({answer.said.title})",
    )


FORMS = (
    Form.of_line(
        "open", ("i", "incident"),
        ("i 1600 s 5th st, cardiac arrest", "i i-10 mm 155, crash with injuries, p1, n two cars"),
        "Opens an incident; place and type in any order, both may be misspelt. `@2` behind the place takes the second "
        "candidate, `@0` takes it as it is typed.",
        (OpenIncident, AddNote, SetNeeds), read_open,
    ),
)  # fmt: skip
