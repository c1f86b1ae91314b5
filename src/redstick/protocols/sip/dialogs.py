"""Dialogs (RFC 3261 section 12): what two ends of a call know about each other, and requests within it."""

import msgspec

from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.sip import headers
from redstick.protocols.sip.grammar import parameter, with_parameter
from redstick.protocols.sip.headers import Address
from redstick.protocols.sip.messages import Request, Response
from redstick.protocols.sip.uris import Uri

Names = tuple[str, str, str]


class Dialog(msgspec.Struct, frozen=True, kw_only=True):
    """One dialog, seen from our end. `target` is where requests go; `route` the proxies on the way, nearest first."""

    call_id: str
    local: Address
    remote: Address
    target: Uri
    route: tuple[Address, ...] = ()
    local_number: int = 0
    remote_number: int | None = None
    confirmed: bool = False

    @property
    def names(self) -> Names:
        """Call-ID, our tag and theirs; an absent tag is empty, as RFC 2543 leaves it."""
        return (self.call_id, self.local.tag or "", self.remote.tag or "")


def names_in_request(request: Request) -> Names:
    """The dialog that a request we received names. Raises Malformed."""
    return (request.first("Call-ID") or "", _address(request, "To").tag or "", _address(request, "From").tag or "")


def _address(message: Request | Response, name: str) -> Address:
    found = headers.address(message, name)
    if found is None:
        raise Malformed(Fault(name, "an address; it is mandatory"))
    return found


def _target(message: Request | Response, otherwise: Uri) -> Uri:
    contacts = headers.addresses(message, "Contact")
    return contacts[0].uri if contacts else otherwise


def dialog_of_server(request: Request, response: Response) -> Dialog:
    """The dialog that our response makes of a request that came. Raises Malformed.

    A request without Contact is old (RFC 2543): then its From is where we answer to.
    """
    remote = _address(request, "From")
    return Dialog(
        call_id=request.first("Call-ID") or "",
        local=_address(response, "To"),
        remote=remote,
        target=_target(request, remote.uri),
        route=tuple(headers.addresses(request, "Record-Route")),
        remote_number=headers.cseq(request).number,
        confirmed=response.code >= 200,
    )


def dialog_of_client(request: Request, response: Response) -> Dialog:
    """The dialog that a response makes of our request. Raises Malformed."""
    remote = _address(response, "To")
    return Dialog(
        call_id=request.first("Call-ID") or "",
        local=_address(request, "From"),
        remote=remote,
        target=_target(response, remote.uri),
        route=tuple(reversed(headers.addresses(response, "Record-Route"))),
        local_number=headers.cseq(request).number,
        confirmed=response.code >= 200,
    )


def followed(dialog: Dialog, request: Request) -> Dialog | None:
    """The dialog after a request within it; None when its number goes back, which is answered 500 (section 12.2.2)."""
    number = headers.cseq(request).number
    if request.method not in {"ACK", "CANCEL"}:
        known = -1 if dialog.remote_number is None else dialog.remote_number
        if number < known or (number == known and request.method != "BYE"):  # the same is not lower: a BYE ends a call
            return None
        dialog = msgspec.structs.replace(dialog, remote_number=number)
    return refreshed(dialog, request) if request.method in {"INVITE", "UPDATE"} else dialog


def refreshed(dialog: Dialog, message: Request | Response) -> Dialog:
    """The dialog with the remote target that a re-INVITE, an UPDATE or its answer gives it."""
    return msgspec.structs.replace(dialog, target=_target(message, dialog.target))


def within(
    dialog: Dialog, method: str, *extra: tuple[str, str], body: bytes = b"", number: int | None = None
) -> tuple[Dialog, Request]:
    """A request within the dialog, and the dialog after it (section 12.2.1.1). `number` repeats one, as an ACK does."""
    own = dialog.local_number + 1 if number is None else number
    uri, route = str(dialog.target), [str(hop) for hop in dialog.route]
    if route and parameter(dialog.route[0].uri.parameters, "lr") is None:  # a strict router of RFC 2543
        uri, route = str(dialog.route[0].uri), [*route[1:], f"<{dialog.target}>"]
    request = Request(
        method=method,
        uri=uri,
        headers=(
            ("Max-Forwards", "70"),
            *(("Route", hop) for hop in route),
            ("From", str(dialog.local)),
            ("To", str(dialog.remote)),
            ("Call-ID", dialog.call_id),
            ("CSeq", f"{own} {method}"),
            *extra,
        ),
        body=body,
    )
    return msgspec.structs.replace(dialog, local_number=max(own, dialog.local_number)), request


def tagged(address: Address, tag: str) -> Address:
    """The address with a tag."""
    return msgspec.structs.replace(address, parameters=with_parameter(address.parameters, "tag", tag))
