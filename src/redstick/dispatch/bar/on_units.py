"""What is said of a unit: its status in the agency's own words, what holds beside it, its emergency."""

from __future__ import annotations

from redstick.dispatch.bar.form import Form
from redstick.dispatch.bar.line import Words
from redstick.dispatch.bar.reader import Reader, brief, doing
from redstick.dispatch.bar.reading import Candidate, Choice
from redstick.dispatch.bar.statuses import LONGEST, meanings, plainest
from redstick.dispatch.rules.assignments import ReleaseUnit
from redstick.dispatch.rules.units import (
    AcknowledgeEmergency,
    ChangeSecondaries,
    ClearEmergency,
    RaiseEmergency,
    ReportStatus,
    Unit,
)
from redstick.dispatch.status_table import MEANINGS, NAMES, SECONDARIES, Primary, Status

LEAVES, STAYS = ("leaves", "leave"), ("stays", "stay")


def read_status(r: Reader, unit: Unit, rest: Words) -> None:
    """`m4 on scene`, `m4 ar`, `m4 ar leaves`, `m4 ons #12`."""
    how, rest = _how(rest)
    incident = None
    if rest and rest.words[-1].text.startswith("#"):
        incident = r.numbered(rest.after(len(rest.words) - 1))
        rest = rest.upto(len(rest.words) - 1)
        if incident is None:
            return
    found = meanings(r.state.statuses, rest.text, unit.kind) if len(rest.words) <= LONGEST else ()
    if not found:
        _usual_next(r, unit, rest)
        return
    if len(found) > 1:
        r.two_things(rest.text, (Choice(r.line_with(rest, plainest(one)), NAMES[one]) for one in found))
        return
    [status] = found
    open_work = [name for name in unit.work if name in r.state.incidents]
    if MEANINGS[status].primary is Primary.AVAILABLE and open_work and not how:
        _ask_whether_it_leaves(r, unit, rest, status)
        return
    r.part("status", rest.text, NAMES[status])
    where = incident or (r.state.incidents[open_work[0]] if open_work else None)
    on = f" on {brief(where)}" if where is not None else ""
    ends = "; its assignment ends" if how == "leaves" and where is not None else ""
    if status is Status.CLR and where is not None and not how:
        ends = f"; its assignment stays open: {rest.text} leaves ends it"
    said = rest.text if _is_read_alike(r, rest.text, unit, status) else status
    r.ask(
        ReportStatus(unit.id, said, incident.id if incident is not None else "", how == "leaves"),
        f"{unit.id}: {NAMES[unit.status]} becomes {NAMES[status]}{on}{ends}",
    )


def _usual_next(r: Reader, unit: Unit, rest: Words) -> None:
    """It is no status; what usually follows what the unit does now is shown."""
    known = f"“{rest.text[:60]}” is no status of {unit.id}" if rest else "say what it does"
    r.problem("status_unknown", known, rest.text)
    usual = (one for one in MEANINGS[unit.status].follows if one not in (Status.ASG, Status.DSP))  # d sends it
    for status in usual:
        said = plainest(status)
        line = r.line_with(rest, said) if rest else f"{r.line.line.rstrip()} {said}"
        r.candidates.append(Candidate("status", said, NAMES[status], line))


def _how(rest: Words) -> tuple[str, Words]:
    last = rest.words[-1].low if len(rest.words) > 1 else ""
    how = "leaves" if last in LEAVES else "stays" if last in STAYS else ""
    return how, rest.upto(len(rest.words) - 1) if how else rest


def _ask_whether_it_leaves(r: Reader, unit: Unit, rest: Words, status: Status) -> None:
    """Leaving an assignment is always said (dispatch reference, section 2, rule 8)."""
    on = brief(r.state.incidents[unit.work[0]])
    r.two_things(
        rest.text,
        (
            Choice(r.line_with(rest, f"{rest.text} leaves"), f"{NAMES[status]}, and its part in {on} ends"),
            Choice(r.line_with(rest, f"{rest.text} stays"), f"{NAMES[status]}, and still on {on}"),
        ),
    )


def _is_read_alike(r: Reader, said: str, unit: Unit, status: Status) -> bool:
    """Whether the rules read the same in the very words; else the code is asked in their stead."""
    return r.state.statuses.read(said, unit.kind) is status


def read_release(r: Reader, unit: Unit, rest: Words) -> None:
    """`m4 release`, `m4 release #12`, `m4 release cancelled`."""
    named = r.numbered(rest) if rest.first.startswith("#") else None
    if rest.first.startswith("#"):
        if named is None:
            return
        rest = rest.after(1)
    ending = {"": "cleared", "cleared": "cleared", "cancelled": "cancelled", "withdrawn": "withdrawn"}.get(rest.text)
    if ending is None:
        r.problem("ending_unknown", "it ends cleared, cancelled or withdrawn", rest.text)
        return
    work = [named] if named is not None else [r.state.incidents[n] for n in unit.work if n in r.state.incidents]
    if not work:
        r.problem("nothing_to_release", f"{unit.id} is on nothing", unit.id)
        return
    if len(work) > 1:
        r.two_things("release", (Choice(f"{r.line.line.rstrip()} #{one.id}", f"from {brief(one)}") for one in work))
        return
    with_receipts = ", with receipts" if ending == "cancelled" else ""
    r.ask(ReleaseUnit(work[0].id, unit.id, ending), f"{unit.id} leaves {brief(work[0])}: {ending}{with_receipts}")


def read_beside(r: Reader, unit: Unit, rest: Words) -> None:
    """`m4 +training -delayed`: what holds beside its status."""
    known = {code.casefold(): code for code in SECONDARIES}
    add: list[str] = []
    remove: list[str] = []
    for word in rest.words:
        code = known.get(word.low[1:])
        if word.text[0] not in "+-" or code is None:
            r.problem("secondary_unknown", "say + or - and one of: " + ", ".join(SECONDARIES), word.text)
            return
        (add if word.text[0] == "+" else remove).append(code)
        r.part("beside", word.text, code)
    r.ask(ChangeSecondaries(unit.id, add, remove), f"{unit.id}: {rest.text} beside {NAMES[unit.status]}")


def read_emergency(r: Reader, rest: Words) -> None:
    """`em m4 shots fired`, `em m4 ack`, `em m4 clear officer is safe`."""
    unit, rest = r.unit(rest)
    if unit is None:
        return
    if rest.first == "ack" and not rest.after(1):
        r.ask(AcknowledgeEmergency(unit.id, r.asked.person), f"{r.asked.person} has heard the emergency of {unit.id}")
    elif rest.first == "clear":
        reason = r.reason(rest.after(1), f"em {unit.id} clear officer is safe")
        if reason:
            r.ask(ClearEmergency(unit.id, r.asked.person, reason), f"The danger of {unit.id} is over: {reason[:60]}")
    else:
        r.ask(RaiseEmergency(unit.id, rest.text), f"EMERGENCY of {unit.id}: every seat is alarmed until it is heard")


def read_mayday(r: Reader, rest: Words) -> None:
    """`mayday m4 roof collapse`."""
    unit, rest = r.unit(rest)
    if unit is not None:
        effect = f"MAYDAY of {doing(r.state, unit)}: every seat is alarmed until it is heard"
        r.ask(RaiseEmergency(unit.id, rest.text, mayday=True), effect)


FORMS = (
    Form.of_unit("release", ("release", "rel"), ("m4 release", "m4 release #12 cancelled"),
                 "Lets a unit go from its assignment, explicitly.", (ReleaseUnit,), read_release),
    Form.of_unit("beside", ("+", "-"), ("m4 +training", "m4 -delayed"),
                 "What holds beside the status (the 41 secondaries of NENA-STA-021.1b).", (ChangeSecondaries,),
                 read_beside, keeps_verb=True),
    Form.of_unit("status", (), ("m4 on scene", "m4 ons", "m4 ar leaves", "m4 ar stays", "m4 ons #12"),
                 "Status, in the agency's own words and codes; `leaves` ends the assignment, `stays` keeps it.",
                 (ReportStatus,), read_status),
    Form.of_line("emergency", ("em", "emergency"), ("em m4 shots fired", "em m4 ack", "em m4 clear officer is safe"),
                 "Raises an emergency, hears it by name, ends it by name with a reason.",
                 (RaiseEmergency, AcknowledgeEmergency, ClearEmergency), read_emergency),
    Form.of_line("mayday", ("mayday",), ("mayday e1 roof collapse",), "Raises a MAYDAY.", (RaiseEmergency,),
                 read_mayday),
)  # fmt: skip
