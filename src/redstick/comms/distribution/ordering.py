"""The order in which callers are answered.

911 comes before every other line. Among callers of the same kind of line each stands where they came, moved back by a
handicap that was given once, when they came: that of their queue, and of a number that rings again and again in a
storm. It never changes, so:

- *no starvation*: whoever came more than a caller's handicap later is answered behind them. With a handicap of H, only
  those are answered before a caller who came before them or within H after them, however many call for however long;
- *fair order*: two callers of one queue and the same handicap are answered in the order in which they came;
- the order between two who wait never changes.

Another line waits behind 911 as long as 911 callers wait: that is meant.
"""

from typing import TYPE_CHECKING

from redstick.published.comms import LineKind

if TYPE_CHECKING:
    from redstick.comms.rules.waiting import Waiting
    from redstick.comms.state import Comms
    from redstick.kernel.values import Instant


def rank(state: "Comms", one: "Waiting") -> tuple[bool, "Instant", "Instant", str]:
    """Where a caller stands: the smaller the sooner."""
    other_line = state.legs[one.leg].arrival.line is not LineKind.EMERGENCY
    return other_line, one.since + one.handicap_ms, one.since, one.leg


def ranked(state: "Comms") -> list["Waiting"]:
    """Everybody who waits, the next one first."""
    return sorted(state.waiting.values(), key=lambda one: rank(state, one))
