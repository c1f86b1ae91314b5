"""What is said of an incident: narrative, priority, kind, place, alarms, holding, closing, merging, linking."""

from __future__ import annotations

from redstick.dispatch.bar.floor import read_uncombine
from redstick.dispatch.bar.form import Form
from redstick.dispatch.bar.kinds import kind_of
from redstick.dispatch.bar.line import Words
from redstick.dispatch.bar.places import place_at
from redstick.dispatch.bar.reader import SHOWN, Reader, brief
from redstick.dispatch.bar.reading import Candidate, Choice
from redstick.dispatch.codes.table import folded
from redstick.dispatch.relations import Relation
from redstick.dispatch.rules.closing import took_part
from redstick.dispatch.rules.groups import SplitGroup
from redstick.dispatch.rules.incidents import (
    PRIORITIES,
    AddNote,
    ChangePriority,
    CloseIncident,
    Incident,
    MoveIncident,
    RaiseAlarm,
    ReopenIncident,
    RetypeIncident,
)
from redstick.dispatch.rules.links import LinkIncidents, MergeIncidents, SplitIncident, UnlinkIncidents
from redstick.dispatch.rules.stacking import EndHold, HoldIncident

MINUTE_MS = 60_000
HOLD_MIN = 15  # minutes after which a hold is looked at again, where nobody says otherwise


def read_note(r: Reader, incident: Incident, rest: Words) -> None:
    """`#12 n caller says door is locked`."""
    text = r.line.line[rest.words[0].start :].rstrip() if rest else ""
    if not text:
        r.problem("note_empty", "write the line of the narrative behind the n")
        return
    r.part("narrative", text, text[:SHOWN])
    r.ask(AddNote(incident.id, text), f"Adds to the narrative of {brief(incident)}: {text[:SHOWN]}")


def read_priority(r: Reader, incident: Incident, rest: Words) -> None:
    """`#12 p1`."""
    said = rest.first.removeprefix("p")
    if len(said) != 1 or not said.isascii() or not said.isdigit() or int(said) not in PRIORITIES or rest.after(1):
        r.problem("priority_unknown", f"a priority is p{PRIORITIES[0]} to p{PRIORITIES[-1]}", rest.text)
        return
    r.part("priority", rest.words[0].text, f"priority {said}, was {incident.priority}")
    same = int(said) == incident.priority
    effect = f"{brief(incident)}: priority {incident.priority} becomes {said}" if not same else "It is that already"
    r.ask(ChangePriority(incident.id, int(said)), effect)


def read_type(r: Reader, incident: Incident, rest: Words) -> None:
    """`#12 type cardiac arrest`."""
    found = kind_of(r.state.codes, rest.text)
    if not found.clear:
        choices = [Choice(r.line_with(rest, one.word), one.word) for one in found.types]
        if len(choices) > 1 and found.score >= 80:
            r.two_things(rest.text, choices)
            return
        r.problem("kind_unknown", "no kind of incident is called that" if rest else "say which kind", rest.text)
        r.candidates += [Candidate("type", one.meaning, one.meaning, one.line) for one in choices]
        return
    word = found.types[0].word
    r.part("type", rest.text, word if found.exact else f"{word} (read as)")
    r.ask(RetypeIncident(incident.id, word), f"{brief(incident)} becomes {word}; was {incident.kind or 'of no kind'}")


def read_place(r: Reader, incident: Incident, rest: Words) -> None:
    """`#12 at 1600 s 5th st`."""
    found = place_at(r, rest)
    if found is not None:
        place, zones, words = found
        was = incident.place.text or "nowhere yet"
        r.ask(MoveIncident(incident.id, place, zones), f"{brief(incident)} is at {words}; was at {was[:SHOWN]}")


def read_alarm(r: Reader, incident: Incident, rest: Words) -> None:
    """`#12 alarm 2`."""
    said = rest.first or str(incident.alarm_level + 1)
    if not (said.isascii() and said.isdigit()) or len(said) > 2 or rest.after(1):
        r.problem("alarm_unknown", "an alarm is a number", rest.text)
        return
    r.part("alarm", rest.text, f"alarm {said}, was {incident.alarm_level}")
    r.ask(RaiseAlarm(incident.id, int(said)), f"Strikes alarm {int(said)} for {brief(incident)}")


def read_close(r: Reader, incident: Incident, rest: Words) -> None:
    """`#12 close report taken`, `#12 close fire: fire out; ems: transported`."""
    _close(r, incident, rest, cancelled=False)


def read_cancel(r: Reader, incident: Incident, rest: Words) -> None:
    """`#12 cancel caller says all is well`."""
    _close(r, incident, rest, cancelled=True)


def _close(r: Reader, incident: Incident, rest: Words, *, cancelled: bool) -> None:
    text = rest.text
    agencies = {name.casefold(): name for name in took_part(r.state, incident)}
    own: dict[str, str] = {}
    for part in text.split(";") if ":" in text else ():
        name, separator, said = part.partition(":")
        if separator and name.strip().casefold() in agencies:
            own[agencies[name.strip().casefold()]] = _ending(r, said.strip())
    lead = "" if own else _ending(r, text) if not cancelled else text
    if not text:
        r.problem("disposition_needed", "say why, behind it" if cancelled else "say how it ended, behind it")
        r.candidates += [
            Candidate("disposition", one.word, f"{one.word} ({one.common})", r.line_with(Words("", ()), one.word))
            for one in r.state.codes.dispositions
        ]
        return
    r.part("reason" if cancelled else "disposition", text, "; ".join(own.values()) or lead)
    verb = "Calls off" if cancelled else "Closes"
    r.ask(CloseIncident(incident.id, lead, cancelled, own), f"{verb} {brief(incident)}: {text[:SHOWN]}")


def _ending(r: Reader, said: str) -> str:
    """The city's own spelling of a disposition, by word or code; else as it was said, which is then flagged."""
    known = r.state.codes.dispositions
    found = [one for one in known if folded(said) in (folded(one.word), folded(one.common))]
    if not found and known and said:
        r.effect.append(f"“{said[:SHOWN]}” is none of the city's dispositions: it is kept and flagged")
    return found[0].word if found else said


def read_reopen(r: Reader, incident: Incident, rest: Words) -> None:
    """`#12 reopen caller rang again`."""
    reason = r.reason(rest, "#12 reopen caller rang again")
    if reason:
        r.ask(ReopenIncident(incident.id, reason), f"Opens {brief(incident)} again")


def read_hold(r: Reader, incident: Incident, rest: Words) -> None:
    """`#12 hold 20 no medic free`: looked at again in 20 minutes."""
    said = rest.first
    timed = said.isascii() and said.isdigit() and len(said) <= 3
    minutes, rest = (int(said), rest.after(1)) if timed else (HOLD_MIN, rest)
    reason = r.reason(rest, "#12 hold 20 no medic free")
    if reason:
        r.part("until", said if timed else "", f"looked at again in {minutes} min")
        review_at = r.asked.now + minutes * MINUTE_MS
        held = HoldIncident(incident.id, r.asked.person, reason, review_at)
        r.ask(held, f"Holds {brief(incident)} and asks again in {minutes} min")


def read_unhold(r: Reader, incident: Incident, rest: Words) -> None:
    """`#12 unhold medic 4 is free`."""
    reason = r.reason(rest, "#12 unhold medic 4 is free")
    if reason:
        r.ask(EndHold(incident.id, reason), f"{brief(incident)} waits for units again")


def read_merge(r: Reader, rest: Words) -> None:
    """`merge #12 #14`: 14 goes on in 12."""
    pair = _pair(r, rest)
    if pair is not None:
        stays, goes, more = pair
        r.ask(
            MergeIncidents(stays.id, goes.id, more.text),
            f"{brief(goes)} goes on in {brief(stays)}: its calls and units move there; split takes it back",
        )


def read_split(r: Reader, rest: Words) -> None:
    """`split #14 two fires after all`: 14 is its own again; `split fire`: the group is watched by itself again."""
    if rest and not rest.first.startswith("#"):
        read_uncombine(r, rest)
        return
    gone = r.numbered(rest)
    if gone is None:
        return
    reason = r.reason(rest.after(1), "split #14 two fires after all")
    into = r.state.incidents.get(gone.replaced_by)
    if into is None:
        r.problem("not_merged", f"{brief(gone)} was not merged into another", rest.words[0].text)
    elif reason:
        r.ask(SplitIncident(into.id, gone.id, reason), f"{brief(gone)} is its own again; {brief(into)} goes on without")


def read_link(r: Reader, rest: Words) -> None:
    """`link #12 #14`, `link #12 #14 parent`: 14 is the parent of 12."""
    pair = _pair(r, rest)
    if pair is None:
        return
    one, other, more = pair
    said = more.first.upper() or Relation.RELATED
    if said not in list(Relation) or more.after(1):
        r.problem("relation_unknown", "a link is parent, child or related", more.text)
        return
    r.part("relation", more.text, said.lower())
    r.ask(LinkIncidents(one.id, other.id, Relation(said)), f"{brief(other)} is {said.lower()} of {brief(one)}")


def read_unlink(r: Reader, rest: Words) -> None:
    """`unlink #12 #14`."""
    pair = _pair(r, rest)
    if pair is not None:
        one, other, more = pair
        if r.over(more):
            r.ask(UnlinkIncidents(one.id, other.id), f"{brief(one)} and {brief(other)} are linked no more")


def _pair(r: Reader, rest: Words) -> tuple[Incident, Incident, Words] | None:
    """Two incidents; where only one is named, the selected one is the first."""
    two = rest.after(1).first.startswith("#")
    first = r.numbered(rest) if two else r.selected_incident()
    if first is None and not two:
        r.problem("incident_needed", "say which two incidents: #12 #14", rest.text)
    second = r.numbered(rest.after(1) if two else rest) if first is not None else None
    return None if first is None or second is None else (first, second, rest.after(2 if two else 1))


FORMS = (
    Form.of_incident("note", ("n", "note"), ("#12 n caller says door is locked",), "Adds to the narrative.",
                     (AddNote,), read_note),
    Form.of_incident("type", ("type", "t"), ("#12 type structure fire",), "Changes what kind of incident it is.",
                     (RetypeIncident,), read_type),
    Form.of_incident("place", ("at", "loc"), ("#12 at 1600 s 5th st",), "Says where it really is.",
                     (MoveIncident,), read_place),
    Form.of_incident("alarm", ("alarm",), ("#12 alarm 2",), "Strikes a further alarm.", (RaiseAlarm,), read_alarm),
    Form.of_incident("close", ("close",), ("#12 close report taken", "#12 close fire: fire out; ems: transported"),
                     "Closes it with a disposition, of each agency where they differ.", (CloseIncident,), read_close),
    Form.of_incident("cancel", ("cancel",), ("#12 cancel caller says all is well",),
                     "Calls it off, with a reason.", (CloseIncident,), read_cancel),
    Form.of_incident("reopen", ("reopen",), ("#12 reopen caller rang again",), "Opens it again, with a reason.",
                     (ReopenIncident,), read_reopen),
    Form.of_incident("hold", ("hold",), ("#12 hold 20 no medic free",),
                     "Holds it, and asks again after so many minutes.", (HoldIncident,), read_hold),
    Form.of_incident("unhold", ("unhold",), ("#12 unhold medic 4 is free",), "Ends the hold.", (EndHold,), read_unhold),
    Form.of_incident("priority", ("p1", "p2", "p3", "p4", "p5"), ("#12 p1",), "Changes the priority.",
                     (ChangePriority,), read_priority, keeps_verb=True),
    Form.of_line("merge", ("merge",), ("merge #12 #14",), "14 goes on in 12; nothing of it is lost.",
                 (MergeIncidents,), read_merge),
    Form.of_line("split", ("split",), ("split #14 two fires after all", "split fire"),
                 "Takes a merge of incidents back, or of groups.",
                 (SplitIncident, SplitGroup), read_split),
    Form.of_line("link", ("link",), ("link #12 #14", "link #12 #14 parent"),
                 "Links two incidents that stay apart.", (LinkIncidents,), read_link),
    Form.of_line("unlink", ("unlink",), ("unlink #12 #14",), "Ends the link.", (UnlinkIncidents,), read_unlink),
)  # fmt: skip
