"""Calls placed and transferred, requests outside of calls, and credentials where they are asked for."""

import msgspec

from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.sip import headers
from redstick.protocols.sip import transactions as tx
from redstick.protocols.sip.agent import Agent, Call
from redstick.protocols.sip.dialogs import tagged
from redstick.protocols.sip.digest import HASHES, answer_challenge, read_challenge, secret_of
from redstick.protocols.sip.events import Failed, Told
from redstick.protocols.sip.headers import Address
from redstick.protocols.sip.messages import Request, Response, with_headers
from redstick.protocols.sip.referring import SIPFRAG, ReferTo, write_sipfrag

SDP = "application/sdp"


def outside(
    agent: Agent, method: str, target: str, sender: Address, *extra: tuple[str, str], body: bytes = b"", to: str = ""
) -> Request:
    """A request outside of any call (section 8.1.1). `to` is the To header where it is not the target."""
    return Request(
        method=method,
        uri=target,
        headers=(
            ("Max-Forwards", "70"),
            ("From", str(tagged(sender, agent.fresh()))),
            ("To", to or f"<{target}>"),
            ("Call-ID", f"{agent.fresh()}@{agent.identity.host}"),
            ("CSeq", f"1 {method}"),
            ("Contact", f"<{agent.identity.contact}>"),
            ("User-Agent", agent.identity.product),
            *extra,
        ),
        body=body,
    )


def invite(
    agent: Agent, target: str, sender: Address, now: int, *extra: tuple[str, str], body: bytes = b"", kind: str = SDP
) -> str:
    """Place a call; its id. `body` is our offer, empty for a late one."""
    typed = (("Content-Type", kind),) if body else ()
    allow = ("Allow", ", ".join(agent.abilities.methods))
    request = outside(agent, "INVITE", target, sender, allow, *typed, *extra, body=body)
    call = Call(id=agent.fresh(), incoming=False)
    agent.calls[call.id] = call
    call.ours = agent.send(request, now, call.id)
    return call.id


def place_again(agent: Agent, refused: Request, now: int) -> str:
    """Place a call that was refused once more, as `refused` is changed now; its id (section 8.1.3.5)."""
    number = headers.cseq(refused).number + 1
    changed = with_headers(refused.headers, "CSeq", f"{number} INVITE")
    request = msgspec.structs.replace(refused, headers=with_headers(changed, "Via", *refused.all("Via")[1:]))
    call = Call(id=agent.fresh(), incoming=False, ours_number=number)
    agent.calls[call.id] = call
    call.ours = agent.send(request, now, call.id)
    return call.id


def refer(agent: Agent, call: Call, target: ReferTo, referred_by: str, now: int) -> tx.Key | None:
    """Ask the other side to call somebody, perhaps in the place of another call of ours (RFC 3515, RFC 3891)."""
    return agent.ask(call, "REFER", now, ("Refer-To", str(target)), ("Referred-By", f"<{referred_by}>"))


def notify_progress(agent: Agent, call: Call, code: int, reason: str, now: int) -> tx.Key | None:
    """Tell whoever sent a REFER how it goes; a final code ends the subscription (RFC 3515 section 2.4.4)."""
    state = "active;expires=60" if code < 200 else "terminated;reason=noresource"
    extra = (("Event", "refer"), ("Subscription-State", state))
    return agent.ask(call, "NOTIFY", now, *extra, body=write_sipfrag(code, reason), kind=SIPFRAG)


def with_credentials(request: Request, response: Response, username: str, password: str, cnonce: str) -> Request:
    """The request again, with an answer to the challenge of its refusal, and the next number. Raises Malformed.

    The strongest algorithm that both know is taken (RFC 8760 section 2.3).
    """
    proxy = response.code == 407
    asked, named = ("Proxy-Authenticate", "Proxy-Authorization") if proxy else ("WWW-Authenticate", "Authorization")
    challenges = [read_challenge(text) for text in response.all(asked) if text.lower().startswith("digest")]
    known = [one for one in challenges if one.algorithm.upper() in HASHES]
    if not known:
        raise Malformed(Fault(asked, f"Digest with one of {', '.join(HASHES)}"))
    challenge = max(known, key=lambda one: list(HASHES).index(one.algorithm.upper()))
    secret = secret_of(username, challenge.realm, password, challenge.algorithm)
    said = answer_challenge(
        challenge, username, secret, method=request.method, uri=request.uri, cnonce=cnonce, body=request.body
    )  # fmt: skip
    number = headers.cseq(request).number + 1
    changed = with_headers(request.headers, named, str(said))
    changed = with_headers(changed, "CSeq", f"{number} {request.method}")
    return msgspec.structs.replace(request, headers=with_headers(changed, "Via", *request.all("Via")[1:]))


def try_again(agent: Agent, told: Failed | Told, username: str, password: str, now: int) -> tuple[str | None, tx.Key]:
    """Send a request of ours again with credentials; a refused INVITE becomes a new call, whose id is given.

    Raises Malformed when nothing that we know was asked for.
    """
    if told.response is None:
        raise Malformed(Fault("response", "a challenge; none came"))
    request = with_credentials(told.request, told.response, username, password, agent.fresh())
    call = agent.calls.get(told.call or "")
    if call is None and request.method == "INVITE":
        call = Call(id=agent.fresh(), incoming=False)
        agent.calls[call.id] = call
    elif call is not None and call.dialog is not None:
        agent.seat(call, msgspec.structs.replace(call.dialog, local_number=headers.cseq(request).number))
    key = agent.send(request, now, "" if call is None else call.id)
    if call is not None and request.method == "INVITE":
        call.ours, call.ours_number = key, headers.cseq(request).number
    return (None if call is None else call.id), key
