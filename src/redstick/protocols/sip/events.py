"""What an agent gives out: bytes to send, and events about calls and requests."""

import msgspec

from redstick.protocols.faults import Fault
from redstick.protocols.sip.messages import Request, Response
from redstick.protocols.sip.referring import ReferTo
from redstick.protocols.sip.transactions import Key


class Transmit(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes to send: back to a `source` as `receive` was given it, or on to the URI `hop`, resolved by the driver."""

    data: bytes
    source: str | None = None
    hop: str | None = None


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """A new call. `key` answers it; `replaces` is the call whose place it takes."""

    call: str
    key: Key
    request: Request
    source: str
    replaces: str | None = None


class Cancelled(msgspec.Struct, frozen=True, kw_only=True):
    """The caller gave up before an answer."""

    call: str
    request: Request


class Acknowledged(msgspec.Struct, frozen=True, kw_only=True):
    """Our 2xx has arrived; a late answer to our offer is in the body."""

    call: str
    request: Request


class Renewed(msgspec.Struct, frozen=True, kw_only=True):
    """A re-INVITE or an UPDATE, which `key` answers: hold, another codec, another target."""

    call: str
    key: Key
    request: Request


class Referred(msgspec.Struct, frozen=True, kw_only=True):
    """The other side asks for a transfer, which `key` answers; None for `call` when it came outside of one."""

    call: str | None
    key: Key
    refer_to: ReferTo
    request: Request


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Any other request, which `key` answers: OPTIONS, MESSAGE, INFO, NOTIFY, REGISTER."""

    key: Key
    request: Request
    source: str
    call: str | None = None


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """A provisional answer to our INVITE."""

    call: str
    key: Key
    response: Response


class Failed(msgspec.Struct, frozen=True, kw_only=True):
    """Our INVITE was refused, or nobody answered (408, no response)."""

    call: str
    key: Key
    code: int
    reason: str
    request: Request
    response: Response | None


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """An answer to a request of ours; None when none came. A 2xx to an INVITE is to be acknowledged each time."""

    key: Key
    request: Request
    response: Response | None
    call: str | None = None


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """The call is over: `them` by BYE, `nobody` when our 2xx was never acknowledged (then a BYE is due)."""

    call: str
    who: str
    reason: str
    request: Request | None


class Unread(msgspec.Struct, frozen=True, kw_only=True):
    """Something came that could not be served: its bytes, and what is wrong. It was answered where it could be."""

    data: bytes
    source: str
    faults: tuple[Fault, ...]


Event = (
    Offered | Cancelled | Acknowledged | Renewed | Referred | Asked | Progress | Failed | Told | Ended | Unread
)  # fmt: skip
Out = Transmit | Event
