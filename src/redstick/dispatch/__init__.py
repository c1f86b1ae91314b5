"""911 calls, incidents, units and assignments: what came in, who was sent, and how fast.

The right units, sooner, with the reason shown and nothing forgotten.
"""

from dataclasses import replace

from redstick.dispatch.reactions import REACTIONS, TIMERS
from redstick.dispatch.rules import (
    accountability,
    aid,
    alerts,
    assignments,
    bolos,
    callbacks,
    calls,
    cards,
    case_numbers,
    cautions,
    closing,
    codes,
    command_board,
    coverage,
    crews,
    exchanges,
    extents,
    follow_ups,
    groups,
    incidents,
    links,
    locations,
    moveups,
    needs,
    overdue,
    plans,
    positions,
    recipients,
    recommendations,
    retirement,
    reviews,
    rotation,
    seats,
    shifts,
    silence,
    stacking,
    status_words,
    stops,
    talkgroups,
    triage,
    units,
    warnings,
)
from redstick.dispatch.state import Dispatch
from redstick.kernel.domain import Domain, Recall

RULES = (
    calls,
    callbacks,
    incidents,
    closing,
    links,
    codes,
    extents,
    locations,
    follow_ups,
    reviews,
    assignments,
    units,
    status_words,
    crews,
    shifts,
    retirement,
    recommendations,
    recipients,
    alerts,
    needs,
    exchanges,
    stacking,
    overdue,
    groups,
    seats,
    coverage,
    aid,
    talkgroups,
    warnings,
    accountability,
    stops,
    silence,
    positions,
    moveups,
    plans,
    cautions,
    bolos,
    rotation,
    triage,
    command_board,
    cards,
    case_numbers,
)

domain = Domain(
    name="dispatch",
    state=Dispatch,
    deciders={command: decide for rules in RULES for command, decide in rules.DECIDERS.items()},
    appliers={event: apply for rules in RULES for event, apply in rules.APPLIERS.items()},
    recall=Recall(retirement.Retired, retirement.absent, retirement.restored),
    kernel_only=frozenset({retirement.Recall, *(one for rules in RULES for one in getattr(rules, "KERNEL_ONLY", ()))}),
    fold_version=2,  # 2: what was told of a wait that is over is forgotten, however it ended
    urgent=frozenset({calls.ReceiveCall, calls.AnswerCall, units.RaiseEmergency, units.AcknowledgeEmergency}),
)

# A city that is worked live: what is over retires by itself.
live = replace(domain, timers=TIMERS, reactions=REACTIONS)
