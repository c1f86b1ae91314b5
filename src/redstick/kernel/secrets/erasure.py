"""Erasure: what the journal says was destroyed, the ring lets go of; again and again, until it is so and said so."""

from collections.abc import Iterator

from redstick.kernel.secrets.ports import KeyRing
from redstick.kernel.secrets.retention import ConfirmErasure
from redstick.kernel.secrets.state import Secrets
from redstick.kernel.values import Request

ACTOR = "secrets:erasure"


def carry_out(state: Secrets, ring: KeyRing) -> Iterator[Request]:
    """Let the ring go of everything that the committed state says was destroyed; gives the confirmations to ask for.

    Called when a key was destroyed, and at every start: a ring restored from a backup forgets again. Doing it again
    changes nothing. Raises what the ring raises.
    """
    for name, key in sorted(state.keys.items()):
        for case, destruction in sorted(key.cases.items()):
            ring.destroy_subject(key.retention_class, key.period, case)
            if destruction.complete_at is None:
                confirm = ConfirmErasure(key.retention_class, key.period, case)
                yield Request(f"{ACTOR}:{name}:{case}", confirm, ACTOR)
        if key.destruction is not None:
            spared = ring.destroy(key.retention_class, key.period, key.spared)
            if key.destruction.complete_at is None:
                confirm = ConfirmErasure(key.retention_class, key.period, "", spared)
                yield Request(f"{ACTOR}:{name}:", confirm, ACTOR)
