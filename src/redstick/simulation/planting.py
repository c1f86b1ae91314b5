"""Planting faults in a domain: each of these makes, of a domain as it is, one that goes wrong in one way."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from redstick.kernel.domain import Domain
from redstick.kernel.timers import TimerRule
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection

Plant = Callable[[Domain], Domain]
Change = Callable[[list[Event], Any, Any], list[Event]]
TrueApply = Callable[[Any, Any, Instant], None]


def deciding(command: type[Command], change: Change) -> Plant:
    """`change` has its way with what a command comes to: (events, state, command) to other events."""
    return answering(command, lambda said, *of: said if isinstance(said, Rejection) else change(said, *of))


def answering(command: type[Command], change: Callable[[Any, Any, Any], Decision]) -> Plant:
    """The same, and `change` has its way with refusals too."""

    def plant(domain: Domain) -> Domain:
        decide = domain.deciders[command]

        def changed(state: Any, asked: Any, now: Instant) -> Decision:
            return change(decide(state, asked, now), state, asked)

        return replace(domain, deciders={**domain.deciders, command: changed})

    return plant


def despite(command: type[Command], code: str, instead: Callable[[Any, Any], list[Event]]) -> Plant:
    """A rejection of this code is none: `instead` (state, command) gives the events."""

    def changed(said: Any, state: Any, asked: Any) -> Decision:
        refused = isinstance(said, Rejection) and said.code == code
        return instead(state, asked) if refused else said

    return answering(command, changed)


def without(command: type[Command], *events: type[Event]) -> Plant:
    """A command does not bring about these events."""
    return deciding(command, lambda decision, *_: [one for one in decision if not isinstance(one, events)])


def applying(event: type[Event], apply: Callable[[Any, Any, Instant, TrueApply], None]) -> Plant:
    """`apply` (state, event, at, the true applier) stands for an event's applier."""

    def plant(domain: Domain) -> Domain:
        true = domain.appliers[event]
        changed = {**domain.appliers, event: lambda state, happened, at: apply(state, happened, at, true)}
        return replace(domain, appliers=changed)

    return plant


def timing(event: type[Event], rule: TimerRule) -> Plant:
    """An event starts and stops other timers than it does."""
    return lambda domain: replace(domain, timers={**domain.timers, event: rule})


def without_timer(*events: type[Event]) -> Plant:
    """These events start and stop no timer."""
    return lambda domain: replace(
        domain, timers={kind: rule for kind, rule in domain.timers.items() if kind not in events}
    )


def without_reaction(*names: str) -> Plant:
    """Nobody reacts so."""

    def plant(domain: Domain) -> Domain:
        kept = [one for one in domain.reactions if not one.name.startswith(names)]
        if len(kept) == len(domain.reactions):
            raise ValueError(f"no reaction is named {names}")
        return replace(domain, reactions=kept)

    return plant
