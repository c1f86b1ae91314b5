"""When this happened, then ask that: what dispatch does by itself while it is live.

A replay or a what-if has no use for these: it asks for every thing that happened, and keeps all of it in view.
"""

from redstick.dispatch.alerting import new_facts, reacting
from redstick.dispatch.following_up import REACTIONS as FOLLOWING_UP
from redstick.dispatch.hearing import REACTIONS as HEARING
from redstick.dispatch.settling import REACTIONS as SETTLING
from redstick.dispatch.timers import alerting, covering, escalating, pending, retiring, reviewing, welfare, work
from redstick.dispatch.watching import REACTIONS as WATCHING
from redstick.kernel.timers import joined

TIMERS = joined(
    retiring.TIMERS,
    alerting.TIMERS,
    pending.TIMERS,
    covering.TIMERS,
    work.TIMERS,
    escalating.TIMERS,
    welfare.TIMERS,
    reviewing.TIMERS,
)
REACTIONS = [*reacting.REACTIONS, *new_facts.REACTIONS, *FOLLOWING_UP, *WATCHING, *SETTLING, *HEARING]
