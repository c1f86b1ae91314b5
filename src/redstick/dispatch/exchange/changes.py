"""Which incidents a fact has changed for those outside: each of them is told anew."""

from redstick.dispatch.reads.views import touched
from redstick.dispatch.state import Dispatch
from redstick.kernel.fold import Fact


def changed_incidents(state: Dispatch, fact: Fact) -> list[str]:
    """Ids of the live incidents that a fact touched, in a fixed order; `state` is the one after it.

    A retired incident is no longer there and changes no more.
    """
    return [name for name in dict.fromkeys(touched(state, fact)) if name in state.incidents]
