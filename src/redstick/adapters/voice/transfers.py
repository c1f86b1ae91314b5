"""Transfers by REFER, both ways (RFC 3515, RFC 3891, RFC 5589): blind, and to whom another leg speaks with.

We ask: the far end of a leg calls somebody itself, tells how that goes, and only when it is done do we let the leg go;
a transfer that failed leaves it as it was. We are asked: the domain is told and decides, and what becomes of it goes
back to whoever asked, who keeps his call until it is done.
"""

from redstick.adapters.voice.calls import Leg
from redstick.adapters.voice.switchboard import Switchboard, now_ms
from redstick.adapters.voice.wires import Wire
from redstick.comms.signalling import TransferAsked, Transferred
from redstick.protocols.faults import Malformed
from redstick.protocols.sip import calling, events
from redstick.protocols.sip.messages import Request
from redstick.protocols.sip.referring import ReferTo, Replaces, read_sipfrag
from redstick.protocols.sip.uris import read_uri

UNTOLD = (408, "Its outcome was not told")


class Transfers:
    """The transfers under way: `_asking` are legs whose far end we asked, `_asked` those whose far end asks us."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board
        self._asking: set[str] = set()
        self._asked: set[str] = set()

    # We ask

    def transfer(self, leg: str, target: str, attended: str = "") -> bool:
        """Ask the far end to call `target`, or to take our place in the leg `attended`. One at a time for a leg."""
        one = self._board.legs.get(leg)
        if one is None or not one.answered or leg in self._asking:
            return False
        wanted = self._wanted(target, attended)
        if wanted is None:
            return False
        agent = one.wire.agent
        if calling.refer(agent, one.call, wanted, agent.identity.contact, now_ms()) is None:
            return False
        self._asking.add(leg)
        one.wire.work()
        return True

    def _wanted(self, target: str, attended: str) -> ReferTo | None:
        if attended:
            other = self._board.legs.get(attended)
            dialog = None if other is None or not other.answered else other.call.dialog
            if dialog is None:
                return None
            replaces = Replaces(dialog.call_id, dialog.remote.tag or "", dialog.local.tag or "")
            return ReferTo(dialog.target, replaces=replaces)
        try:
            return ReferTo(read_uri(target))
        except Malformed:
            return None

    def answered(self, event: events.Told) -> None:
        """The far end takes the REFER, or does not."""
        leg = self._board.leg_of(event.call)
        if leg is None or leg.id not in self._asking:
            return
        code, reason = (408, "Request Timeout") if event.response is None else (
            event.response.code, event.response.reason)  # fmt: skip
        if code >= 300:
            self._done(leg, code, reason)

    def noted(self, wire: Wire, event: events.Asked) -> bool:
        """A NOTIFY within a leg: how the transfer goes that we asked for. False where it is about something else."""
        leg = self._board.leg_of(event.call)
        subject = (event.request.first("Event") or "").partition(";")[0].strip().lower()
        if leg is None or event.request.method != "NOTIFY" or subject != "refer":
            return False
        wire.agent.respond(event.key, 200, "OK", now_ms())
        if leg.id not in self._asking:
            return True
        try:
            code, reason = read_sipfrag(event.request.body)
        except Malformed:
            code, reason = 100, ""
        if code >= 200:
            self._done(leg, code, reason)
        elif _is_last(event.request):
            self._done(leg, *UNTOLD)
        else:
            self._board.tell(Transferred(leg.id, code, reason))
        return True

    def _done(self, leg: Leg, code: int, reason: str) -> None:
        self._asking.discard(leg.id)
        self._board.tell(Transferred(leg.id, code, reason))
        if 200 <= code < 300:
            self._board.end(leg, "us", "transferred")

    # We are asked

    def referred(self, wire: Wire, event: events.Referred) -> None:
        """The far end asks: accepted where it is of a call of ours, and the domain is told."""
        leg, now, wanted = self._board.leg_of(event.call), now_ms(), event.refer_to
        attended = "" if wanted.replaces is None else self._ours(wanted.replaces)
        if leg is None or not leg.answered or wanted.method != "INVITE" or attended is None or leg.id in self._asked:
            wire.agent.respond(event.key, 603, "Decline", now)
            return
        self._asked.add(leg.id)
        wire.agent.respond(event.key, 202, "Accepted", now)
        calling.notify_progress(wire.agent, leg.call, 100, "Trying", now)
        self._board.tell(TransferAsked(leg.id, str(wanted.uri), attended))

    def _ours(self, replaces: Replaces) -> str | None:
        """The leg that is named; whoever asks names it as we see it. None where it is none of ours."""
        names = (replaces.call_id, replaces.to_tag, replaces.from_tag)
        for one in self._board.wires:
            call = one.agent.call_of(names)
            leg = None if call is None else self._board.leg_of(call.id)
            if leg is not None:
                return leg.id
        return None

    def progress(self, leg: str, code: int, reason: str) -> bool:
        """Tell whoever asked how it goes; from 200 on that is the end of it."""
        one = self._board.legs.get(leg)
        if one is None or leg not in self._asked:
            return False
        calling.notify_progress(one.wire.agent, one.call, code, reason, now_ms())
        if code >= 200:
            self._asked.discard(leg)
        one.wire.work()
        return True

    def forget(self, leg: str) -> None:
        """The leg is over."""
        self._asking.discard(leg)
        self._asked.discard(leg)


def _is_last(request: Request) -> bool:
    return (request.first("Subscription-State") or "").partition(";")[0].strip().lower() == "terminated"
