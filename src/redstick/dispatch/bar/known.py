"""What is needed, lent, sought and known: needs, aid, lookouts, cautions, rotation, case numbers, follow-ups."""

from __future__ import annotations

from datetime import UTC, datetime

from redstick.dispatch.bar.form import Form
from redstick.dispatch.bar.line import Words
from redstick.dispatch.bar.reader import Reader, brief
from redstick.dispatch.bar.scene import number_of
from redstick.dispatch.rules.aid import GrantAid, RefuseAid, RequestAid
from redstick.dispatch.rules.bolos import CancelBolo, IssueBolo, SendLiveBolos
from redstick.dispatch.rules.case_numbers import IssueCaseNumber
from redstick.dispatch.rules.cautions import RemoveCaution, RenewCaution, ViewCaution
from redstick.dispatch.rules.follow_ups import RaiseFollowUp
from redstick.dispatch.rules.incidents import Incident
from redstick.dispatch.rules.needs import ReinstateNeed, WaiveNeed
from redstick.dispatch.rules.rotation import Answer, AnswerRotation, OfferRotation, RequestContractor, Rotation

HOUR_MS = 3_600_000
DAYS_MS = 24 * HOUR_MS


def read_waive(r: Reader, incident: Incident, rest: Words) -> None:
    """`#12 waive medic fire is out`."""
    need = _need(r, incident, rest)
    reason = r.reason(rest.after(1), "#12 waive medic fire is out") if need else ""
    if need and reason:
        r.ask(WaiveNeed(incident.id, need, r.asked.person, reason), f"{brief(incident)} waits for no {need} any more")


def read_reinstate(r: Reader, incident: Incident, rest: Words) -> None:
    """`#12 unwaive medic it has flared up`."""
    need = _need(r, incident, rest)
    reason = r.reason(rest.after(1), "#12 unwaive medic it has flared up") if need else ""
    if need and reason:
        r.ask(ReinstateNeed(incident.id, need, r.asked.person, reason), f"{brief(incident)} waits for {need} again")


def _need(r: Reader, incident: Incident, rest: Words) -> str:
    known = [need.requirement.id for need in incident.needs]
    said = rest.upto(1).text
    if said in known:
        r.part("need", said, said)
        r.rests.append(["needs", known])
        return said
    r.problem("need_unknown", f"it needs: {', '.join(known) or 'nothing'}", said)
    return ""


def read_aid(r: Reader, rest: Words) -> None:
    """`aid #12 from zachary for brfd one engine`, `aid #12 granted`, `aid #12 refused no crew`."""
    incident, rest = r.incident(rest)
    if incident is None:
        return
    if rest.first == "from" and rest.after(2).first == "for" and rest.after(4):
        lender, borrower, what = rest.after(1).upto(1).text, rest.after(3).upto(1).text, rest.after(4).text
        r.part("aid", rest.text, f"{what} of {lender}, for {borrower}")
        effect = f"Asks {lender} for {what}, for {borrower} at {brief(incident)}"
        r.ask(RequestAid(incident.id, r.new_id("aid"), lender, borrower, what), effect)
        return
    waiting = [one for one in incident.aid.values() if one.answer == "open"]
    if not waiting:
        r.problem("no_request", f"say it so: aid {_ref(incident)} from zachary for brfd one engine", rest.text)
        return
    request = waiting[-1]
    r.rests.append(["aid", request.id])
    if rest.first == "granted":
        effect = f"{request.lender} comes: {request.what}"
        r.ask(GrantAid(incident.id, request.id, r.asked.person, rest.after(1).text), effect)
    elif rest.first == "refused":
        reason = r.reason(rest.after(1), f"aid {_ref(incident)} refused no crew")
        if reason:
            effect = f"{request.lender} does not come: {reason[:60]}"
            r.ask(RefuseAid(incident.id, request.id, r.asked.person, reason), effect)
    else:
        r.problem("not_understood", "say granted, or refused and why", rest.text)


def _ref(incident: Incident) -> str:
    return f"#{incident.number or incident.id}"


def read_bolo(r: Reader, rest: Words) -> None:
    """`bolo 8 grey van, plate abc123`: for eight hours; `bolo cancel b1 found`, `bolo send tablet-4`."""
    if rest.first == "cancel":
        name = rest.after(1).upto(1).text
        if name not in r.state.bolos:
            r.problem("bolo_unknown", f"there are: {', '.join(sorted(r.state.bolos)) or 'none'}", name)
            return
        reason = r.reason(rest.after(2), f"bolo cancel {name} found")
        if reason:
            r.part("bolo", name, r.state.bolos[name].text[:60])
            r.ask(CancelBolo(name, r.asked.person, reason), f"Nobody looks out for {r.state.bolos[name].text[:60]} now")
    elif rest.first == "send":
        r.ask(SendLiveBolos(rest.after(1).text), f"Sends what is sought now to {rest.after(1).text[:60]}")
    else:
        hours = number_of(rest, 24 * 14)
        text = rest.after(1).text
        if not hours or not text:
            r.problem("bolo_incomplete", "say for how many hours, and what: bolo 8 grey van, plate abc123", rest.text)
            return
        r.part("bolo", rest.text, f"{text[:60]}, for {hours} h")
        issued = IssueBolo(r.new_id("bolo"), text, r.asked.person, r.asked.now + hours * HOUR_MS)
        r.ask(issued, f"Everyone on duty looks out for {text[:60]}, for {hours} h")


def read_caution(r: Reader, rest: Words) -> None:
    """`caution w1 view crew asks`, `caution w1 renew 90`, `caution w1 remove dog has died`."""
    name, rest = rest.upto(1).text, rest.after(1)
    kept = r.state.cautions.get(name)
    if kept is None:
        r.problem("caution_unknown", "say which caution, by its id", name)
        return
    r.rests.append(["caution", name, kept.overdue])
    shown = kept.caution.hazard if kept.caution.sensitive else f"{kept.caution.hazard}: {kept.caution.text[:60]}"
    r.part("caution", name, shown)
    days = number_of(rest.after(1), 3_660)
    if rest.first == "view":
        incident = r.selected_incident()
        on, why = (incident.id, "") if incident is not None else ("", rest.after(1).text)
        r.ask(ViewCaution(name, r.asked.person, on, why), "It is shown, and written down that you saw it")
    elif rest.first == "renew" and days:
        r.ask(RenewCaution(name, r.asked.person, r.asked.now + days * DAYS_MS), f"It holds; looked at in {days} days")
    elif rest.first == "remove":
        reason = r.reason(rest.after(1), f"caution {name} remove dog has died")
        if reason:
            r.ask(RemoveCaution(name, r.asked.person, reason), f"It holds no more: {reason[:60]}")
    else:
        r.problem("not_understood", "say view, renew and how many days, or remove and why", rest.text)


def read_rotation(r: Reader, rest: Words) -> None:
    """`tow north #12`, `tow north accepted`, `tow north refused no driver`, `tow north ask Ace #12`."""
    name, rest = rest.upto(1).text, rest.after(1)
    found = r.state.rotations.get(name)
    if found is None:
        r.problem("rotation_unknown", f"there are: {', '.join(sorted(r.state.rotations)) or 'none'}", name)
        return
    offer = found.offer
    r.rests.append(["rotation", name, "" if offer is None else offer.id, found.pointer])
    r.part("rotation", name, f"{found.service}, {found.zone}: next is {found.pointer or 'nobody'}")
    if rest.first == "ask":
        _ask_contractor(r, found, rest.after(1))
    elif rest.first in (Answer.ACCEPTED, Answer.REFUSED):
        if offer is None:
            r.problem("no_offer", "nothing is offered")
            return
        answered = AnswerRotation(name, offer.id, Answer(rest.first), r.asked.person, rest.after(1).text)
        r.ask(answered, f"{offer.contractor} has {rest.first}")
    else:
        incident, rest = r.incident(rest)
        if incident is not None and r.over(rest):
            r.ask(OfferRotation(name, r.new_id("offer"), incident.id), f"Offers {brief(incident)} to {found.pointer}")


def _ask_contractor(r: Reader, rotation: Rotation, rest: Words) -> None:
    """Whom the owner wants: no turn is taken."""
    said = rest.upto(1).text
    named = [one.id for one in rotation.contractors if one.id.casefold() == said.casefold()]
    incident, rest = r.incident(rest.after(1)) if named else (None, rest)
    if not named:
        r.problem("contractor_unknown", f"there are: {', '.join(one.id for one in rotation.contractors)}", said)
    elif incident is not None and r.over(rest):
        asked = RequestContractor(rotation.id, named[0], incident.id, r.asked.person)
        r.ask(asked, f"The owner wants {named[0]} for {brief(incident)}; nobody's turn is used")


def read_case(r: Reader, incident: Incident, rest: Words) -> None:
    """`#12 case brpd`, `#12 case brpd another`."""
    agency, more = rest.upto(1).text, rest.after(1)
    if not agency or (more and more.text.casefold() != "another"):
        r.problem("agency_needed", "say for which agency: #12 case brpd", rest.text)
        return
    year = datetime.fromtimestamp(r.asked.now / 1000, tz=UTC).year
    r.part("agency", agency, f"{agency}, {year}")
    r.ask(IssueCaseNumber(incident.id, agency, year, bool(more)), f"{brief(incident)} gets a case number of {agency}")


def read_follow_up(r: Reader, incident: Incident, rest: Words) -> None:
    """`#12 followup`: the geofile is wrong here, somebody must look into it."""
    if r.over(rest):
        r.ask(RaiseFollowUp(incident.id), f"Somebody must look into the address of {brief(incident)}")


FORMS = (
    Form.of_incident("waive", ("waive",), ("#12 waive medic fire is out",), "It waits for that no more, and why.",
                     (WaiveNeed,), read_waive),
    Form.of_incident("unwaive", ("unwaive",), ("#12 unwaive medic it has flared up",), "It waits for it again.",
                     (ReinstateNeed,), read_reinstate),
    Form.of_line("aid", ("aid",),
                 ("aid #12 from zachary for brfd one engine", "aid #12 granted", "aid #12 refused no crew"),
                 "Asks another agency for aid, and writes down the answer.", (RequestAid, GrantAid, RefuseAid),
                 read_aid),
    Form.of_line("bolo", ("bolo",), ("bolo 8 grey van, plate abc123", "bolo cancel b1 found", "bolo send tablet-4"),
                 "Be on the lookout: for so many hours; cancelled with a reason; sent again.",
                 (IssueBolo, CancelBolo, SendLiveBolos), read_bolo),
    Form.of_line("caution", ("caution",),
                 ("caution w1 view crew asks", "caution w1 renew 90", "caution w1 remove dog has died"),
                 "Looks at a caution, renews or removes it by name.", (ViewCaution, RenewCaution, RemoveCaution),
                 read_caution),
    Form.of_line("rotation", ("tow",),
                 ("tow north #12", "tow north accepted", "tow north refused no driver", "tow north ask Ace #12"),
                 "Offers work to whoever is next in the list `north`; the answer; whom the owner wants.",
                 (OfferRotation, AnswerRotation, RequestContractor), read_rotation),
    Form.of_incident("case number", ("case",), ("#12 case brpd", "#12 case brpd another"),
                     "Files it for an agency.", (IssueCaseNumber,), read_case),
    Form.of_incident("follow up", ("followup",), ("#12 followup",), "Somebody must look into its address.",
                     (RaiseFollowUp,), read_follow_up),
)  # fmt: skip
