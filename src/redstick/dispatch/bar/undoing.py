"""`undo` and `redo`: the seat's last act is taken back, or done again; shown before it is done, like anything else."""

from __future__ import annotations

from redstick.dispatch.bar.form import Form
from redstick.dispatch.bar.history import UNDO, Act
from redstick.dispatch.bar.inverses import GOES_ALONG, INVERSES, Then
from redstick.dispatch.bar.line import Words
from redstick.dispatch.bar.reader import Reader
from redstick.dispatch.bar.reading import Candidate, HistoryWanted
from redstick.dispatch.rules.assignments import AssignmentEnded
from redstick.dispatch.rules.incidents import IncidentOpened, NoteAdded
from redstick.dispatch.rules.links import IncidentReplaced, IncidentSplit
from redstick.dispatch.rules.stops import StopMade
from redstick.kernel.values import Event

WHOLES: tuple[type[Event], ...] = (StopMade, IncidentReplaced, IncidentSplit)  # taken back, all that came with it is


def read_undo(r: Reader, rest: Words) -> None:
    """`undo`: what this seat did last at the bar, once more."""
    _take_back(r, rest, "undo")


def read_redo(r: Reader, rest: Words) -> None:
    """`redo`: what was undone last."""
    _take_back(r, rest, "redo")


def _take_back(r: Reader, rest: Words, verb: str) -> None:
    if rest:
        r.problem("not_understood", f"{verb} stands alone", rest.text)
        return
    r.wants.append(HistoryWanted(r.asked.seat))
    history = r.answers.history
    act = None if history is None else history.last.get(verb)
    if history is None or act is None:
        r.problem(f"nothing_to_{verb}", f"there is nothing that this seat could {verb}")
        return
    r.rests.append([act.id, act.what])
    then = Then(r.state, act, history, r.asked.person, r.asked.seat)
    for event in reversed(_principal(act)):
        inverse = INVERSES.get(type(event))
        found = inverse(then, event) if inverse is not None else None
        if found is None or found.why:
            why = found.why if found is not None else f"{_named(event)} is a record, and stays"
            r.problem("cannot_be_undone", why)
            if found is not None and found.instead:
                r.candidates.append(Candidate("instead", found.instead.strip(), found.why, found.instead))
            return
        for count, command in enumerate(found.commands):
            r.ask(command, *([found.words] if count == 0 else []))
    if not r.commands:
        r.problem("cannot_be_undone", "nothing of it can be taken back")


def _principal(act: Act) -> list[Event]:
    """The events that must be taken back themselves; a note that came with an incident stays in its narrative."""
    opened = any(isinstance(one, IncidentOpened) for one in act.events)
    events = [one for one in act.events if not (opened and isinstance(one, NoteAdded))]
    whole = next((kind for kind in WHOLES if any(isinstance(one, kind) for one in events)), None)
    if whole is None and act.what == UNDO and any(isinstance(one, AssignmentEnded) for one in events):
        whole = AssignmentEnded  # sending the unit again gives it its status too
    if whole is not None:
        return [one for one in events if isinstance(one, whole)]
    return [one for one in events if one.event_kind not in GOES_ALONG] or events


def _named(event: Event) -> str:
    return event.event_kind.partition(".")[2].replace("_", " ")


FORMS = (
    Form.of_line("undo", ("undo",), ("undo",), "Takes back what this seat did last, before it has left.", (),
                 read_undo),
    Form.of_line("redo", ("redo",), ("redo",), "Does again what was undone last.", (), read_redo),
)  # fmt: skip
