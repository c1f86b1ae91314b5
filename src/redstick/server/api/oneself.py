"""Who watches from a seat is who asks: the person of the session, whatever console they sit at."""

from redstick.dispatch.rules.seats import RelieveSeat, SignOn
from redstick.kernel.values import Command, Rejection

Named = SignOn | RelieveSeat


def named(command: Command, person: str) -> Rejection | None:
    """Why a person may not ask this; None for what names nobody, or them. Rejections: `not_yourself`."""
    if isinstance(command, Named) and command.person != person:
        return Rejection("not_yourself", {"said": command.person[:80], "signed_in": person})
    return None
