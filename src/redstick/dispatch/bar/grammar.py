"""The way in: a line, the state and what the city answered become a reading. Any text at all gives one.

A line begins with a verb (`d #12 m4`), an incident (`#12 p1`), a unit (`m4 on scene`), or with what is said of the
selected incident (`p1`). Where two of these fit and both can be done, both are shown and neither is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import msgspec

from redstick.dispatch.bar.dry_run import dry_run, settled
from redstick.dispatch.bar.form import INCIDENT, Form
from redstick.dispatch.bar.forms import HELP, INCIDENT_VERBS, LINE_VERBS, STATUS, UNIT_VERBS, read_help
from redstick.dispatch.bar.line import MOST, Words, readable, words_of
from redstick.dispatch.bar.reader import Reader, facts_of_incident, facts_of_unit
from redstick.dispatch.bar.reading import NEW, Answers, Asked, Candidate, Choice, Reading
from redstick.dispatch.rules.units import Unit
from redstick.dispatch.state import Dispatch

Way = tuple[str, Callable[[Reader], None]]


def read(text: str, state: Dispatch, asked: Asked, answers: Answers) -> Reading:
    """What a line means here and now; never raises for what was typed."""
    if len(text) > MOST or not readable(text):
        reader = Reader(Words("", ()), state, asked, answers)
        too_long = len(text) > MOST
        reader.problem(*("line_too_long", f"a line has at most {MOST} characters") if too_long
                       else ("unreadable", "half a character is in it"))  # fmt: skip
        return _finished(text, reader)
    line = words_of(text)
    if not line:
        return _finished(text, Reader(line, state, asked, answers))
    return _finished(text, _chosen(line, state, asked, answers))


def _chosen(line: Words, state: Dispatch, asked: Asked, answers: Answers) -> Reader:
    """The one way of reading a line that can be done; of several that can, none."""
    tried: list[Reader] = []
    for form, way in _ways(line, state, asked):
        reader = Reader(line, state, asked, answers)
        reader.form = form
        way(reader)
        tried.append(reader)
    good = [one for one in tried if not one.problems]
    if len(good) == 1:
        return good[0]
    if len(good) > 1:
        reader = Reader(line, state, asked, answers)
        choices = [Choice(_only(one, line), " and ".join(one.effect) or one.form) for one in good]
        reader.two_things(line.words[0].text, choices)
        return reader
    if tried:
        return tried[0]
    reader = Reader(line, state, asked, answers)
    reader.unit(line, quiet=True)
    reader.problem("not_understood", "begin with a verb, # and an incident, or a unit; ? shows all", line.first)
    return reader


def _only(reader: Reader, line: Words) -> str:
    """The line as only this way of reading it can be meant."""
    selected = reader.asked.selected.removeprefix("unit/")
    named = any(part.part == "unit" for part in reader.understood)
    if reader.form in _OF_UNITS:
        return f"unit {line.line.strip()}" if named else f"unit {selected} {line.line.strip()}"
    return f"do {line.line.strip()}"


def _ways(line: Words, state: Dispatch, asked: Asked) -> list[Way]:
    """Every way in which the line's first word can be meant."""
    first, rest = line.first, line.after(1)
    if first.startswith("#"):
        return [_of_incident(line)]
    if first.startswith("?"):
        return [(HELP.name, lambda reader: read_help(reader, line.first.removeprefix("?") or rest.first))]
    if first == "unit":
        return [_of_unit(rest)]
    if first == "do":
        return [*_of_verb(rest), *_of_selected(rest)]
    ways = [*_of_verb(line), *_of_selected(line)]
    probe = Reader(line, state, Asked("", "", 0), Answers())
    if probe.unit(line, quiet=True)[0] is not None or probe.problems:
        return [*ways, _of_unit(line)]
    selected = asked.selected.removeprefix("unit/")
    if selected in state.units:
        ways.append((STATUS.name, lambda reader: _read_of(reader, state.units[selected], line)))
    return ways


def _of_verb(line: Words) -> list[Way]:
    form = LINE_VERBS.get(line.first)
    return [] if form is None else [(form.name, lambda reader: form.read(reader, line.after(1)))]


def _of_selected(line: Words) -> list[Way]:
    form = INCIDENT_VERBS.get(line.first)
    return [] if form is None else [(form.name, lambda reader: _read_incident(reader, line))]


def _of_incident(line: Words) -> Way:
    form = INCIDENT_VERBS.get(line.after(1).first)
    return (INCIDENT if form is None else form.name, lambda reader: _read_incident(reader, line))


def _read_incident(reader: Reader, line: Words) -> None:
    incident, rest = reader.incident(line)
    if incident is None:
        return
    form = INCIDENT_VERBS.get(rest.first)
    if form is None:
        known = ", ".join(INCIDENT_VERBS)
        said = rest.first
        reader.problem("verb_unknown", f"“{said[:40]}” is none of {known}" if said else "say what of it", said)
        for one in dict.fromkeys(INCIDENT_VERBS.values()) if not said else ():
            reader.candidates.append(
                Candidate("verb", one.verbs[0], f"{one.verbs[0]}: {one.does}", f"{line.text} {one.verbs[0]} ")
            )
        return
    form.read(reader, incident, rest if form.keeps_verb else rest.after(1))


def _of_unit(line: Words) -> Way:
    return (STATUS.name, lambda reader: _read_unit(reader, line))


def _read_unit(reader: Reader, line: Words) -> None:
    unit, rest = reader.unit(line)
    if unit is not None:
        _read_of(reader, unit, rest)


def _read_of(reader: Reader, unit: Unit, rest: Words) -> None:
    """What is said of a unit, which the line names or which is selected."""
    verb = rest.first[:1] if rest.first[:1] in ("+", "-") else rest.first
    form: Form = UNIT_VERBS.get(verb, STATUS)
    reader.form = form.name
    form.read(reader, unit, rest if form.keeps_verb or form is STATUS else rest.after(1))


def _finished(text: str, reader: Reader) -> Reading:
    """With what the rules say of it, and the digest of what Enter will do."""
    reader.rests.extend(_concerned(reader))
    ran = dry_run(reader.state, reader.commands, reader.asked.now)
    faults = [*reader.problems, *ran.faults]
    commands = [] if faults else reader.commands
    return Reading(
        reader.form,
        reader.understood,
        reader.readings,
        [] if faults else [*reader.effect, *ran.warnings],
        faults,
        reader.candidates,
        commands,
        plan_of(text, reader, [settled(event) for events in ran.events for event in events]) if commands else "",
        reader.wants,
    )


def _concerned(reader: Reader) -> list[list[object]]:
    """How the units and incidents stand that the commands name, whichever way they came to be named."""
    found: list[list[object]] = []
    for command in reader.commands:
        for field in command.__struct_fields__:
            value = getattr(command, field)
            for name in value if isinstance(value, list) else [value]:
                if not isinstance(name, str):
                    continue
                if name in reader.state.incidents:
                    found.append(facts_of_incident(reader.state.incidents[name]))
                if name in reader.state.units:
                    found.append(facts_of_unit(reader.state.units[name]))
    return found


def plan_of(text: str, reader: Reader, events: list[object]) -> str:
    """The digest of the commands, of what they would bring about, and of the facts that what is shown rests on.

    An id that the act gives counts as what stands for it, so that a reading and its act have one digest.
    """
    asked = reader.asked
    commands = [[one.command_kind, settled(one)] for one in reader.commands]
    said = msgspec.json.encode([text.split(), asked.person, asked.seat, commands, events, reader.rests], order="sorted")
    digits = asked.act.rpartition("_")[2]
    return hashlib.sha256(said.replace(digits.encode(), NEW.encode()) if digits else said).hexdigest()[:32]


_OF_UNITS = frozenset(form.name for form in (*UNIT_VERBS.values(), STATUS))
