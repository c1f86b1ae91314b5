"""One line being read: names are looked up, and what was understood, asked and in the way is gathered.

A look-up that finds nothing, or two things, notes the problem and gives None; whoever asked for it stops there. Ids of
units, numbers of incidents, groups and the like are never fuzzy: case is all that is forgiven.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from redstick.dispatch.bar.line import Words
from redstick.dispatch.bar.reading import Answers, Asked, Candidate, Choice, Fault, Part, Want
from redstick.dispatch.rules.assignments import open_assignments
from redstick.dispatch.rules.callbacks import digits_of
from redstick.dispatch.status_table import NAMES

if TYPE_CHECKING:
    from redstick.dispatch.rules.calls import Call
    from redstick.dispatch.rules.incidents import Incident
    from redstick.dispatch.rules.units import Unit
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.values import Command

SHOWN = 60  # characters of a text that are said again in a problem
FEW = 6  # candidates that are shown
NAME_WORDS = 4  # the longest id of a unit, in words


class Reader:
    """What is known while a line is read. `rests` are the facts that what is shown rests on."""

    def __init__(self, line: Words, state: Dispatch, asked: Asked, answers: Answers) -> None:
        self.line, self.state, self.asked, self.answers = line, state, asked, answers
        self.form = ""
        self.understood: list[Part] = []
        self.readings: list[Choice] = []
        self.effect: list[str] = []
        self.problems: list[Fault] = []
        self.candidates: list[Candidate] = []
        self.commands: list[Command] = []
        self.wants: list[Want] = []
        self.rests: list[Any] = []

    # Gathering

    def part(self, part: str, text: str, meaning: str) -> None:
        """A part of the line is understood."""
        self.understood.append(Part(part, text[:SHOWN], meaning))

    def problem(self, code: str, words: str, text: str = "") -> None:
        """Something is in the way of Enter."""
        self.problems.append(Fault(code, words, text[:SHOWN]))

    def ask(self, command: Command, *effect: str) -> None:
        """Enter asks this, to this effect."""
        self.commands.append(command)
        self.effect.extend(effect)

    def two_things(self, text: str, choices: Iterable[Choice]) -> None:
        """A word could be two things: both are shown, and neither is done."""
        self.readings.extend(choices)
        both = " or ".join(one.meaning for one in self.readings)
        self.problem("two_readings", f"{text[:SHOWN]} could be {both}", text)

    def line_with(self, before: Words, instead: str) -> str:
        """The whole line, with something else where some of its words stand."""
        if not before:
            return f"{self.line.line} {instead}".strip()
        line = self.line.line
        *others, last = before.runs
        line = f"{line[: last[0].start]}{instead}{line[last[-1].end :]}"
        for run in reversed(others):
            line = f"{line[: run[0].start]}{line[run[-1].end :].lstrip(' ,')}"
        return line

    def reason(self, words: Words, what: str) -> str:
        """The rest of the line as a reason; where it is missing that is a problem."""
        text = words.text
        if text:
            self.part("reason", text, text[:SHOWN])
        else:
            self.problem("reason_needed", f"say why, behind it: {what}")
        return text

    def over(self, rest: Words) -> bool:
        """Whether the line ends here; what stands behind is never passed over in silence."""
        if rest:
            self.problem("not_understood", f"“{rest.text[:SHOWN]}” is not understood here", rest.text)
        return not rest

    # Incidents

    def incident(self, words: Words) -> tuple[Incident | None, Words]:
        """The incident that is named first, or else the selected one; and what follows."""
        if words.first.startswith("#"):
            return self.numbered(words), words.after(1)
        found = self.selected_incident()
        if found is None:
            self.problem("incident_needed", "say which incident: # and its number", words.first)
        return found, words

    def numbered(self, words: Words) -> Incident | None:
        """The incident of a number behind #: the whole of it or, where no other ends so, its last digits."""
        if not words or not words.first.startswith("#"):
            self.problem("incident_needed", "say which incident: # and its number", words.first)
            return None
        said = words.words[0].text.removeprefix("#")
        found = incidents_called(self.state, said)
        if not found:
            self.problem("incident_unknown", f"no incident #{said[:SHOWN]} is known here", words.words[0].text)
            return None
        if len(found) > 1:
            self.two_things(
                f"#{said}", (Choice(self.line_with(words.upto(1), f"#{one.id}"), brief(one)) for one in found[:FEW])
            )
            return None
        self._shown_incident(found[0], words.words[0].text)
        return found[0]

    def selected_incident(self) -> Incident | None:
        """The incident that is selected at the seat, or that the selected call speaks of; None for none."""
        name = self.asked.selected
        kind, separator, tail = name.partition("/")
        key = tail if separator and kind in ("incident", "call") else name
        call = self.state.calls.get(key)
        found = self.state.incidents.get(call.incident if call is not None else key)
        if found is not None:
            self._shown_incident(found, "")
        return found

    def _shown_incident(self, incident: Incident, text: str) -> None:
        self.part("incident", text, brief(incident))
        self.rests.append(facts_of_incident(incident))

    # Units

    def unit(self, words: Words, *, quiet: bool = False) -> tuple[Unit | None, Words]:
        """The unit whose id begins these words, the longest there is; and what follows. `quiet` tries only."""
        for count in range(min(NAME_WORDS, len(words.words)), 0, -1):
            said = " ".join(word.text for word in words.upto(count).words)
            found = units_called(self.state, said)
            if len(found) == 1:
                self.part("unit", said, doing(self.state, found[0]))
                self.rests.append(facts_of_unit(found[0]))
                return found[0], words.after(count)
            if found:
                self.two_things(
                    said, (Choice(self.line_with(words.upto(count), one.id), f"unit {one.id}") for one in found)
                )
                return None, words.after(count)
        if not quiet:
            said = words.words[0].text if words else ""
            self.problem("unit_unknown", f"no unit is called {said[:SHOWN]}" if said else "say which unit", said)
            self._near_units(said, words)
        return None, words

    def _near_units(self, said: str, words: Words) -> None:
        """Units whose ids look alike, to choose from by hand: none is ever taken for it."""
        plain = "".join(sign for sign in said.casefold() if sign.isalnum())[:12]
        for name in sorted(self.state.units) if plain else ():
            own = "".join(sign for sign in name.casefold() if sign.isalnum())
            if own.startswith(plain) or own.replace("0", "") == plain.replace("0", ""):
                line = self.line_with(words.upto(1), name)
                self.candidates.append(
                    Candidate("unit", name, doing(self.state, self.state.units[name]), line, f"unit/{name}")
                )
            if len(self.candidates) >= FEW:
                return

    # Calls and the rest

    def call(self, words: Words, waiting: Iterable[Call] = ()) -> tuple[Call | None, Words]:
        """The call that is named by its id or number, else the selected one, else the first that waits."""
        if words:
            said = words.words[0].text
            digits = digits_of(said) if any(sign.isdecimal() for sign in said) else ""
            named = self.state.calls.get(said)
            same = [] if not digits else [c for c in self.state.calls.values() if digits_of(c.callback) == digits]
            same = [one for one in same if one.ended_at is None] or same[-1:]
            found = [named] if named is not None else same
            if len(found) > 1:
                self.two_things(
                    said, (Choice(self.line_with(words.upto(1), one.id), spoken(one)) for one in found[:FEW])
                )
                return None, words.after(1)
            if found:
                self._shown_call(found[0], said)
                return found[0], words.after(1)
        selected = self.state.calls.get(self.asked.selected.removeprefix("call/"))
        chosen = selected or next(iter(waiting), None)
        if chosen is None:
            self.problem("call_needed", "say which call: its number, or select it", words.first)
            return None, words
        self._shown_call(chosen, "")
        return chosen, words

    def _shown_call(self, call: Call, text: str) -> None:
        self.part("call", text, spoken(call))
        self.rests.append(["call", call.id, call.state, call.seat, call.incident])

    def group(self, words: Words) -> str | None:
        """The dispatch group that is named."""
        said = words.words[0].text if words else ""
        found = [name for name in self.state.groups if name.casefold() == said.casefold()]
        found = [said] if said in found else found
        if len(found) == 1:
            self.part("group", said, f"group {found[0]}")
            group = self.state.groups[found[0]]
            self.rests.append(["group", found[0], group.combined_into])
            return found[0]
        known = ", ".join(sorted(self.state.groups)) or "there are none yet"
        self.problem("group_unknown", f"say which group: {known}", said)
        return None

    def new_id(self, prefix: str, count: int = 0) -> str:
        """The id of something that the act makes; while it is only read, what stands for it."""
        digits = self.asked.act.rpartition("_")[2]
        return f"{prefix}_{digits}" + (f"-{count}" if count else "") if digits else f"{prefix}_(new)"


# Looking up


def incidents_called(state: Dispatch, said: str) -> list[Incident]:
    """Incidents of this number or id; where there is none, the open ones whose number ends in these digits, or all."""
    if not said:
        return []
    named = state.incidents.get(said)
    if named is not None:
        return [named]
    low = said.casefold()
    exact = [one for one in state.incidents.values() if one.number and one.number.casefold() == low]
    if exact:
        return [one for one in exact if one.closed_at is None] or exact
    if not (said.isascii() and said.isdigit()):
        return []
    digits = said.lstrip("0")
    ending = [one for one in state.incidents.values() if _last_digits(one.number) == digits]
    return [one for one in ending if one.closed_at is None] or ending


def _last_digits(number: str) -> str:
    tail = number[len(number.rstrip("0123456789")) :]
    return tail.lstrip("0") if tail else "-"


def units_called(state: Dispatch, said: str) -> list[Unit]:
    """The unit of this id; else those that differ from it in case alone."""
    if said in state.units:
        return [state.units[said]]
    low = said.casefold()
    return [unit for name, unit in state.units.items() if name.casefold() == low]


# In words


def brief(incident: Incident) -> str:
    """An incident in a few words."""
    named = f"#{incident.number or incident.id}"
    parts = [named, incident.kind, incident.place.text[:SHOWN], "closed" if incident.closed_at is not None else ""]
    return " ".join(part for part in parts if part)


def doing(state: Dispatch, unit: Unit) -> str:
    """A unit, and what it is doing."""
    work = [state.incidents[name] for name in unit.work if name in state.incidents]
    on = f" on #{work[0].number or work[0].id}" if work else ""
    return f"{unit.id}: {NAMES[unit.status]}{on}"


def spoken(call: Call) -> str:
    """A call in a few words."""
    return " ".join(part for part in ("call", call.callback or call.id, f"({call.state.replace('_', ' ')})") if part)


def facts_of_unit(unit: Unit) -> list[Any]:
    """What an act on a unit rests on."""
    danger = unit.emergency
    heard = "" if danger is None else danger.acknowledged_by
    return ["unit", unit.id, unit.status, list(unit.work), list(unit.added), danger is not None, heard, unit.crew]


def facts_of_incident(incident: Incident) -> list[Any]:
    """What an act on an incident rests on."""
    sent = [[one.unit, one.sequence] for one in open_assignments(incident)]
    place = [incident.place.text, incident.place.x, incident.place.y]
    facts = ["incident", incident.id, incident.kind, incident.priority, incident.alarm_level, incident.closed_at]
    return [*facts, place, sent, incident.replaced_by, incident.held is not None]
