"""Where a user may be reached: the bindings of a registrar (RFC 3261 section 10.3), without I/O."""

import msgspec

from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.sip import headers
from redstick.protocols.sip.grammar import parameter, whole_number
from redstick.protocols.sip.messages import Request
from redstick.protocols.sip.uris import Uri

USUAL_EXPIRES_S, LEAST_EXPIRES_S, MOST_EXPIRES_S = 3_600, 60, 86_400
MOST_BINDINGS = 10  # of one user


class Binding(msgspec.Struct, frozen=True, kw_only=True):
    """One device of a user, until `ends_at` (ms). `q` is its preference in thousandths."""

    contact: Uri
    ends_at: int
    call_id: str
    number: int
    q: int = 1_000


class TooBrief(Exception):  # noqa: N818  (an answer of the protocol: 423)
    """The registration asks for less time than we serve; answered 423 with Min-Expires."""


class OutOfOrder(Exception):  # noqa: N818  (an answer of the protocol: 500)
    """An older REGISTER came after a newer one; nothing is changed (section 10.3, step 7)."""


def address_of_record(request: Request) -> str:
    """Whose bindings a REGISTER is about: the To without parameters, lower case at the host. Raises Malformed."""
    to = headers.address(request, "To")
    if to is None or not to.uri.is_sip:
        raise Malformed(Fault("To", "a sip or sips URI of whoever registers"))
    who = "" if to.uri.user is None else f"{to.uri.user}@"
    return f"{to.uri.scheme.lower()}:{who}{to.uri.host.lower()}"


def registered(bindings: tuple[Binding, ...], request: Request, now: int) -> tuple[Binding, ...]:
    """The bindings after a REGISTER; without Contact they stay. Raises Malformed, TooBrief, OutOfOrder."""
    kept = tuple(one for one in bindings if one.ends_at > now)
    call_id, number = request.first("Call-ID") or "", headers.cseq(request).number
    overall = headers.number(request, "Expires")
    if (request.first("Contact") or "").strip() == "*":
        if overall != 0 or len(request.all("Contact")) > 1:
            raise Malformed(Fault("Contact", "the star alone, and Expires 0"))
        _refuse_older(kept, call_id, number)
        return ()
    for contact in headers.addresses(request, "Contact"):
        seconds = _expires(contact, overall)
        same = tuple(one for one in kept if str(one.contact) == str(contact.uri))
        _refuse_older(same, call_id, number)
        kept = tuple(one for one in kept if one not in same)
        if seconds:
            ends_at, q = now + seconds * 1_000, _preference(contact)
            kept = (*kept, Binding(contact=contact.uri, ends_at=ends_at, call_id=call_id, number=number, q=q))
    if len(kept) > MOST_BINDINGS:
        raise Malformed(Fault("Contact", f"at most {MOST_BINDINGS} devices of one user"))
    return tuple(sorted(kept, key=lambda one: (-one.q, str(one.contact))))


def _refuse_older(same: tuple[Binding, ...], call_id: str, number: int) -> None:
    if any(one.call_id == call_id and number <= one.number for one in same):
        raise OutOfOrder


def _expires(contact: headers.Address, overall: int | None) -> int:
    said = parameter(contact.parameters, "expires")
    seconds = USUAL_EXPIRES_S if overall is None else overall
    if said is not None and said.isdecimal() and said.isascii():
        seconds = int(said[:12])  # a malformed one is as if it were absent (section 10.2.1.1)
    if 0 < seconds < LEAST_EXPIRES_S:
        raise TooBrief
    return min(seconds, MOST_EXPIRES_S)


def _preference(contact: headers.Address) -> int:
    said = parameter(contact.parameters, "q") or "1"
    whole, _, part = said.partition(".")
    return min(
        1_000, whole_number(whole, "Contact (q)", 1) * 1_000 + whole_number((part + "000")[:3], "Contact (q)", 999)
    )


def contacts_of(bindings: tuple[Binding, ...], now: int) -> tuple[tuple[str, str], ...]:
    """The Contact headers of the answer: every binding that holds, with the seconds left to it."""
    return tuple(
        ("Contact", f"<{one.contact}>;expires={max(1, (one.ends_at - now) // 1_000)}")
        for one in bindings
        if one.ends_at > now
    )  # fmt: skip
