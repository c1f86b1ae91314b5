"""The kernel's own events: outcomes that no domain has an event for, and the suspension of a domain."""

from redstick.kernel.values import Event, event


@event("kernel.rejected")
class Rejected(Event, frozen=True):
    """A command was refused: a stable code, and the data that explains it as JSON text."""

    command: str
    code: str
    data: str


@event("kernel.nothing_changed")
class NothingChanged(Event, frozen=True):
    """A command was accepted and there was nothing to do: its outcome is kept like any other."""

    command: str


@event("kernel.domain_suspended")
class DomainSuspended(Event, frozen=True):
    """A domain's own code failed on a command; the domain takes no commands until it is refolded. The node goes on."""

    domain: str
    command: str
    error: str


SYSTEM_EVENTS: tuple[type[Event], ...] = (Rejected, NothingChanged, DomainSuspended)
