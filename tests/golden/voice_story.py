"""Calls that come over SIP: who waits, who takes them, what is kept of them, and what goes wrong."""

import hashlib

from redstick.comms.ports import Role
from redstick.comms.rules import (
    agents,
    ali,
    conversations,
    handing_on,
    losses,
    placing,
    queues,
    recordings,
    storms,
    tags,
    texts,
    waiting,
)
from redstick.comms.rules.legs import AnswerLeg, EndLeg, OfferLeg, RelocateLeg
from redstick.dispatch.rules import calls
from redstick.kernel.values import Command
from redstick.published.comms import Arrival, Fix, LineKind, Placing, Reason, TransferModel

TOWER = Fix(-912_000_000, 304_000_000, 850, "circle", method="cell")
DEVICE = Fix(-912_001_000, 304_001_000, 20, "circle", method="device")
DESK = "desk"


def voice_story() -> list[Command]:
    """Each command a minute after the one before: an offer lapses in between, a storm is looked at, a head anchored."""
    called = Arrival(line=LineKind.EMERGENCY, number="+12255550142", call_urn="urn:emergency:uid:callid:1:example.org",
                     fixes=(TOWER,), message="INVITE urn:service:sos SIP/2.0")  # fmt: skip
    return [
        OfferLeg("leg1", called, "k-sip"),
        AnswerLeg("leg1", "PCMU"),
        RelocateLeg("leg1", (DEVICE,)),
        EndLeg("leg1", "them", "BYE", 300, 300),
        OfferLeg("leg2", Arrival(line=LineKind.ADMIN, number="+12255550143")),
        EndLeg("leg2", "us", "480"),
        *_a_callback(),
        *_the_desk(),
        *_a_transfer(),
        *_left_alone(),
        *_a_storm(),
        queues.RemoveQueue("311"),
        ali.TakeAli("trunk", "k-ali", "(225) 555-0146 RESD\n12 OAK ST\n", "calls:1"),
        ali.AskRebid("k-ali", "calls:1"),
    ]


def _a_callback() -> list[Command]:
    """Nobody answers, then somebody does."""
    back = Placing("calls:1", "tel:+12255550142", Reason.CALLBACK, "2255550142")
    return [
        placing.PlaceLeg("leg3", back),
        placing.ProgressLeg("leg3", 180),
        EndLeg("leg3", "them", "486 Busy Here"),
        placing.PlaceLeg("leg4", back),
        placing.PlaceLeg("leg5", back),  # refused: it is being called
        AnswerLeg("leg4", "PCMU"),
        EndLeg("leg4", "us", "ended at a seat"),
    ]


def _the_desk() -> list[Command]:
    """An agent lets an offer lapse, takes a caller, writes, holds; somebody listens; all of it is kept and heard."""
    link = hashlib.sha256(b"a").hexdigest()
    chain = recordings.next_link(recordings.first_link("leg6"), link)
    asked = Arrival(line=LineKind.ADMIN, target="sip:311@example.org", number="+12255550144")
    return [
        queues.SetQueue(queues.Queue(id="311", line=LineKind.ADMIN, targets=("311",), wrap_up_ms=20_000)),
        agents.SignOnAgent(DESK, ("311", "admin"), ("permits",), ("es",)),
        OfferLeg("leg6", asked),
        agents.SetAgentState(DESK, available=True),
        conversations.TakeLeg("leg6", DESK),
        texts.HearText("leg6", "hola", texts.Channel.MESSAGE),
        texts.WriteText("leg6", DESK, "¿dónde?"),
        texts.SettleText("leg6", 2, delivered=False, why="408 no answer"),
        texts.HearKey("leg6", "1", "rfc4733"),
        tags.TagLeg("leg6", DESK, tags.Tag.TEST),
        conversations.HoldLeg("leg6", DESK),
        conversations.ResumeLeg("leg6", DESK),
        conversations.DismissLeg("leg6", DESK),
        conversations.JoinLeg("leg6", "chief", role=Role.MONITOR),
        conversations.LeaveLeg("leg6", "chief"),
        recordings.KeepSegment("leg6", 0, "000000.rtp", 1, link, chain),
        recordings.FailRecording("leg6", "disk full"),
        losses.ReportEngine("embedded", up=False, why="killed"),
        EndLeg("leg6", "nobody", "the engine was lost"),
        losses.ReportEngine("embedded", up=True),
        losses.CloseLostCaller("leg6", "D. Esk", "it was a test"),
        recordings.HearRecording("leg6", "S. Chief", "quality review", 0, 0),
        agents.SignOffAgent(DESK),
    ]


def _a_transfer() -> list[Command]:
    """To another seat, which takes the call on the floor; it fails, and is taken back."""
    called = Arrival(line=LineKind.EMERGENCY, number="+12255550145")
    return [
        OfferLeg("leg7", called, "k-sip2"),
        calls.AnswerCall("k-sip2", "calls:1"),
        handing_on.BeginTransfer("leg7", "calls:1", "sip:fire@example.org", TransferModel.BLIND),
        handing_on.SettleTransfer("leg7", done=False, why="404 Not Found"),
        EndLeg("leg7", "them", "BYE"),
    ]


def _left_alone() -> list[Command]:
    """A caller waits while somebody is consulted, is handed on, and left; another seat takes them."""
    called = Arrival(line=LineKind.EMERGENCY, number="+12255550147")
    return [
        OfferLeg("leg8", called, "k-sip3"),
        calls.AnswerCall("k-sip3", "calls:1"),
        placing.PlaceLeg("leg9", Placing("calls:1", "sip:poison@control.example")),
        EndLeg("leg9", "them", "486 Busy Here"),
        placing.PlaceLeg("leg10", Placing("calls:1", "sip:poison@control.example")),
        AnswerLeg("leg10", "PCMU"),
        handing_on.BeginTransfer("leg8", "calls:1", "poison", TransferModel.ATTENDED, "leg10"),
        handing_on.SettleTransfer("leg8", done=True),
        EndLeg("leg10", "them", "BYE"),
        calls.AnswerCall("k-sip3", "calls:2"),
        EndLeg("leg8", "them", "BYE"),
    ]


def _a_storm() -> list[Command]:
    """A person begins and ends it."""
    return [
        storms.BeginStorm("911", "S. Chief", "a link is shared"),
        *(waiting.MoveLeg("nobody", "911") for _ in range(6)),  # refused; time passes, and it is looked at
        storms.EndStorm("911", "S. Chief", "it is over"),
    ]
