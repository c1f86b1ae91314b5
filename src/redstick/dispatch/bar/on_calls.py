"""Calls: answered, held, handed on, ended, called back, and which incident they speak of."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from redstick.dispatch.bar.form import Form
from redstick.dispatch.bar.line import Words
from redstick.dispatch.bar.places import place_at
from redstick.dispatch.bar.reader import Reader, brief, spoken
from redstick.dispatch.bar.reading import NeedsWanted
from redstick.dispatch.computing.answers import PlannedResponse
from redstick.dispatch.rules.callbacks import (
    Attempt,
    AttemptCallback,
    Callback,
    ClaimCallback,
    CloseCallback,
    digits_of,
)
from redstick.dispatch.rules.calls import (
    AbandonCall,
    AnswerCall,
    AttachCall,
    Call,
    CallState,
    DetachCall,
    EndCall,
    HoldCall,
    ReceiveCall,
    ResumeCall,
    TransferCall,
)
from redstick.dispatch.rules.locations import AddLocation, PromoteLocation, ReadBackAddress
from redstick.dispatch.rules.needs import SetNeeds
from redstick.kernel.values import Command

NOTHING = Words("", ())


def _ringing(r: Reader) -> Iterable[Call]:
    """Calls that ring, the oldest first."""
    ring = [one for one in r.state.calls.values() if one.state is CallState.PRESENTED]
    return sorted(ring, key=lambda one: (one.received_at, one.id))


def _mine(r: Reader, state: CallState) -> Iterable[Call]:
    return (one for one in r.state.calls.values() if one.seat == r.asked.seat and one.state is state)


def _call_before(r: Reader, rest: Words, sign: str) -> tuple[Call | None, Words]:
    """The call that is named before a sign; where the sign comes first, the seat's own call."""
    if rest.first.startswith(sign):
        return r.call(NOTHING, _mine(r, CallState.ANSWERED))[0], rest
    return r.call(rest, _mine(r, CallState.ANSWERED))


def read_answer(r: Reader, rest: Words) -> None:
    """`answer`: the selected call, else the one that rings longest; `answer 2255550100`."""
    call, rest = r.call(rest, _ringing(r))
    if call is not None and r.over(rest):
        r.ask(AnswerCall(call.id, r.asked.seat), f"{r.asked.seat} answers {spoken(call)}")


def _of_mine(
    state: CallState, ask: Callable[[Reader, Call], Command], words: str
) -> Callable[[Reader, Words], None]:  # fmt: skip
    def read(r: Reader, rest: Words) -> None:
        call, rest = r.call(rest, _mine(r, state))
        if call is not None and r.over(rest):
            r.ask(ask(r, call), words.format(spoken(call)))

    return read


read_hold = _of_mine(CallState.ANSWERED, lambda _, call: HoldCall(call.id), "{} waits on the line")
read_end = _of_mine(CallState.ANSWERED, lambda _, call: EndCall(call.id), "{} ends")
read_resume = _of_mine(CallState.ON_HOLD, lambda r, call: ResumeCall(call.id, r.asked.seat), "{} is spoken with again")


def read_hung_up(r: Reader, rest: Words) -> None:
    """`hungup 2255550100`: before anybody answered; a callback is owed."""
    call, rest = r.call(rest)
    if call is not None and r.over(rest):
        r.ask(AbandonCall(call.id), f"{spoken(call)} hung up before an answer; a callback is owed")


def read_transfer(r: Reader, rest: Words) -> None:
    """`transfer to poison control`, `transfer 2255550100 to poison control`."""
    call, rest = _call_before(r, rest, "to")
    rest = rest.after(1) if rest.first == "to" else rest
    if call is None:
        return
    if not rest:
        r.problem("target_needed", "say to whom")
        return
    r.part("to", rest.text, rest.text)
    r.ask(TransferCall(call.id, rest.text), f"{spoken(call)} is offered to {rest.text[:60]}")


def read_receive(r: Reader, rest: Words) -> None:
    """`call walk-in`, `call 2255550100 front desk`: one that no machine announced."""
    said = rest.first
    number = rest.words[0].text if rest and len(digits_of(said)) >= 7 else ""
    source = (rest.after(1) if number else rest).text or "phone"
    r.part("call", rest.text, f"from {number or 'no number'}, by {source}")
    r.ask(ReceiveCall(r.new_id("call"), source, number), f"Writes down a call from {number or 'no number'}")


def read_attach(r: Reader, rest: Words) -> None:
    """`attach #12`: the call speaks of 12."""
    call, rest = _call_before(r, rest, "#")
    incident = r.numbered(rest) if call is not None else None
    if call is not None and incident is not None and r.over(rest.after(1)):
        r.ask(AttachCall(call.id, incident.id), f"{spoken(call)} speaks of {brief(incident)}")


def read_detach(r: Reader, rest: Words) -> None:
    """`detach 2255550100`."""
    call, rest = r.call(rest)
    if call is not None and r.over(rest):
        r.ask(DetachCall(call.id), f"{spoken(call)} speaks of no incident")


def read_location(r: Reader, rest: Words) -> None:
    """`heard at 1600 s 5th st`: a further location of the call, beside those that are known."""
    call, _ = r.call(NOTHING, _mine(r, CallState.ANSWERED))
    found = place_at(r, rest.after(1) if rest.first == "at" else rest) if call is not None else None
    if call is not None and found is not None:
        r.ask(AddLocation(call.id, found[0]), f"{spoken(call)} may be at {found[2]}; nothing is moved")


def read_promote(r: Reader, rest: Words) -> None:
    """`promote 2`: the second supplemental location of the incident's call is where it is."""
    incident, rest = r.incident(rest)
    if incident is None:
        return
    known = [(call, n) for call in incident.calls for n in range(len(r.state.calls[call].supplemental))]
    said = rest.first or "1"
    count = int(said) if said.isascii() and said.isdigit() and len(said) <= 3 else 0
    if not 1 <= count <= len(known):
        r.problem("location_unknown", f"there are {len(known)} further locations", rest.text)
        return
    if not r.over(rest.after(1)):
        return
    call, number = known[count - 1]
    place = r.state.calls[call].supplemental[number].place
    r.part("location", rest.text, place.text or f"{place.source} position")
    r.ask(PromoteLocation(incident.id, call, number), f"{brief(incident)} is where {place.source or 'it'} says")


def read_back(r: Reader, rest: Words) -> None:
    """`readback 1600 south fifth street`: what the caller agreed to."""
    incident, rest = r.incident(rest)
    if incident is None:
        return
    heard = rest.text or incident.place.text
    r.part("heard", rest.text, heard[:60])
    same = "confirmed" if heard == incident.place.text else "compared with what is written"
    r.ask(ReadBackAddress(incident.id, incident.place.text, heard), f"The address of {brief(incident)} is {same}")


def read_to_dispatch(r: Reader, rest: Words) -> None:
    """`to dispatch`, `to dispatch #12`: asks for what the plan sends."""
    if rest.first != "dispatch":
        r.problem("not_understood", "say to dispatch", rest.text)
        return
    incident, rest = r.incident(rest.after(1))
    if incident is None or not r.over(rest):
        return
    want = NeedsWanted(incident)
    r.wants.append(want)
    answer = r.answers.needs.get(want.key)
    if not isinstance(answer, PlannedResponse):
        r.problem("plan_unavailable", "nobody can say now what the plan sends")
        return
    needed = ", ".join(f"{one.count} {one.id}" for one in answer.requirements)
    r.ask(SetNeeds(incident.id, answer.requirements, answer.plan, answer.rule),
          f"{brief(incident)} asks for {needed} ({answer.said.title})")  # fmt: skip


def read_callback(r: Reader, rest: Words) -> None:
    """`cb 2255550100`, `cb 2255550100 no answer`, `cb 2255550100 close number is a payphone`."""
    said = rest.words[0].text if rest else ""
    digits = digits_of(said) or said
    owed: Callback | None = r.state.callbacks.get(digits)
    if owed is None and not rest:
        waiting = sorted(r.state.callbacks.values(), key=lambda one: (one.since, one.number))
        owed = next((one for one in waiting if not one.seat), None)
    if owed is None:
        r.problem("callback_unknown", "nobody is owed a callback on that number", said)
        return
    r.part("callback", said, f"{owed.number}, tried {len(owed.attempts)} times")
    r.rests.append(["callback", owed.number, owed.seat, len(owed.attempts), owed.exhausted])
    rest = rest.after(1)
    results = {one.value.replace("_", " "): one for one in Attempt}
    result = results.get(rest.text.casefold())
    if result is not None:
        r.ask(AttemptCallback(owed.number, r.asked.seat, result), f"{owed.number}: {rest.text.casefold()}")
    elif rest.first == "close":
        if reason := r.reason(rest.after(1), f"cb {owed.number} close number is a payphone"):
            r.ask(CloseCallback(owed.number, r.asked.person, reason), f"{owed.number} is not called back any more")
    elif not rest:
        r.ask(ClaimCallback(owed.number, r.asked.seat), f"{r.asked.seat} calls {owed.number} back")
    else:
        r.problem("result_unknown", f"it came to: {', '.join(results)}; or close and why", rest.text)


FORMS = (
    Form.of_line("answer", ("answer", "ans"), ("answer", "answer 2255550100"),
                 "Answers the selected call, else the one that rings longest.", (AnswerCall,), read_answer),
    Form.of_line("hold call", ("hold",), ("hold",), "The caller waits on the line.", (HoldCall,), read_hold),
    Form.of_line("resume", ("resume",), ("resume",), "Speaks with a caller again.", (ResumeCall,), read_resume),
    Form.of_line("transfer", ("transfer",), ("transfer to poison control",), "Offers the call to others.",
                 (TransferCall,), read_transfer),
    Form.of_line("end call", ("end", "hangup"), ("end",), "Ends the call.", (EndCall,), read_end),
    Form.of_line("hung up", ("hungup",), ("hungup 2255550100",), "The caller hung up before an answer.",
                 (AbandonCall,), read_hung_up),
    Form.of_line("call", ("call",), ("call walk-in", "call 2255550100 front desk"),
                 "Writes down a call that no machine announced.", (ReceiveCall,), read_receive),
    Form.of_line("attach", ("attach",), ("attach #12",), "The call speaks of that incident.", (AttachCall,),
                 read_attach),
    Form.of_line("detach", ("detach",), ("detach 2255550100",), "It speaks of none.", (DetachCall,), read_detach),
    Form.of_line("heard at", ("heard",), ("heard at 1600 s 5th st",), "A further location of the call.",
                 (AddLocation,), read_location),
    Form.of_line("promote", ("promote",), ("promote #12 2",), "A further location is where the incident is.",
                 (PromoteLocation,), read_promote),
    Form.of_line("read back", ("readback",), ("readback #12 1600 south fifth street",),
                 "What the caller agreed to when the address was read back.", (ReadBackAddress,), read_back),
    Form.of_line("to dispatch", ("to",), ("to dispatch", "to dispatch #12"), "Asks for what the plan sends.",
                 (SetNeeds,), read_to_dispatch),
    Form.of_line("callback", ("cb", "callback"),
                 ("cb", "cb 2255550100", "cb 2255550100 no answer", "cb 2255550100 close number is a payphone"),
                 "Takes a callback on, says what came of it, or closes it by name.",
                 (ClaimCallback, AttemptCallback, CloseCallback), read_callback),
)  # fmt: skip
