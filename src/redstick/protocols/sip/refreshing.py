"""Session timers (RFC 4028): for how long a call holds unless it is refreshed, and who refreshes it. Without I/O.

A peer that vanished sends no BYE. Whoever hears no refresh in time, or has one of his own refused, ends the call.
"""

import msgspec

from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.sip import headers
from redstick.protocols.sip.grammar import parameter, read_parameters, whole_number
from redstick.protocols.sip.messages import Message, Request, Response

LEAST_S = 90  # section 4: no shorter one is asked for
USUAL_S = 300
MOST_S = 1_800  # nobody is trusted to be there for longer: such a session we refresh ourselves, whoever else does
TIMER = "timer"
_EARLY_S = 32  # before the end, or a third of the interval, whoever waits gives up (section 10)


class Refresh(msgspec.Struct, frozen=True):
    """A session holds for `seconds` from each refresh on, and `ours` says whether we send it."""

    seconds: int
    ours: bool

    @property
    def sent_by_us(self) -> bool:
        """Whether we send refreshes: ours, and, beside theirs, where theirs would be too far between."""
        return self.ours or self.seconds > MOST_S

    def due_after_ms(self) -> int:
        """How long after the last refresh something is due: ours at half the time, else the end of the call."""
        if self.sent_by_us:
            return min(self.seconds, MOST_S) * 500
        return (self.seconds - min(_EARLY_S, self.seconds // 3)) * 1_000


class TooShort(Exception):  # noqa: N818  (an answer of the protocol: 422)
    """A session shorter than we serve is asked for; answered 422 with Min-SE."""


def asked(seconds: int = USUAL_S, least: int = LEAST_S) -> tuple[tuple[str, str], ...]:
    """The headers of an INVITE of ours; who refreshes is left to the other side."""
    return (("Supported", TIMER), ("Session-Expires", str(max(seconds, least))), ("Min-SE", str(least)))


def least_of(response: Response) -> int:
    """The Min-SE of a 422. Raises Malformed."""
    least = headers.number(response, "Min-SE")
    if least is None:
        raise Malformed(Fault("Min-SE", "the least interval that is served"))
    return max(least, LEAST_S)


def agreed_by_us(request: Request) -> tuple[Refresh, tuple[tuple[str, str], ...]]:
    """What holds once we say 2xx to an INVITE or UPDATE, and the headers that say so. Raises Malformed, TooShort.

    A peer that does not know timers is refreshed by us, whatever it thinks of it (section 9, table 2).
    """
    able = TIMER in headers.options(request, "Supported")
    said = _said(request)
    if said is None:
        seconds, wanted = max(USUAL_S, headers.number(request, "Min-SE") or 0), "uas"
    else:
        seconds, wanted = said
        if seconds < LEAST_S:
            if able:
                raise TooShort
            seconds = LEAST_S
        seconds = min(seconds, max(MOST_S, headers.number(request, "Min-SE") or 0))
    ours = wanted != "uac" or not able
    who = "uas" if ours else "uac"
    told = (("Session-Expires", f"{seconds};refresher={who}"),)
    return Refresh(seconds, ours), (*told, ("Require", TIMER)) if able else told


def agreed_by_them(response: Response, asked_s: int = USUAL_S) -> Refresh:
    """What holds after their 2xx to an INVITE or UPDATE of ours. One that says nothing leaves the refreshing to us."""
    said = _said(response)
    if said is None:
        return Refresh(asked_s, ours=True)
    seconds, who = said
    return Refresh(max(seconds, LEAST_S), ours=who != "uas")


def _said(message: Message) -> tuple[int, str] | None:
    text = message.first("Session-Expires")
    if text is None:
        return None
    number, semicolon, rest = text.partition(";")
    seconds = whole_number(number.strip(), "Session-Expires", headers.MOST_SECONDS)
    return seconds, (parameter(read_parameters(semicolon + rest, "Session-Expires"), "refresher") or "").lower()
