"""Ways to plant a fault in a domain: each gives a build that goes wrong in one way."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from redstick.dispatch.state import Dispatch
from redstick.kernel.domain import Domain
from redstick.kernel.values import Command, Event, Instant, Rejection
from redstick.simulation.museum.build import Build

Plant = Callable[[Build], Build]


def in_domain(change: Callable[[Domain], Domain]) -> Plant:
    """A build whose domain is changed."""
    return lambda build: replace(build, domain=change(build.domain))


Change = Callable[[Any, Dispatch, Any], Any]


def deciding(command: type[Command], change: Change) -> Plant:
    """`change` has its way with what a command comes to: (events, state, command) to another decision.

    What was refused stays refused.
    """
    return answering(command, lambda said, *of: said if isinstance(said, Rejection) else change(said, *of))


def answering(command: type[Command], change: Change) -> Plant:
    """The same, and `change` has its way with refusals too."""

    def planted(domain: Domain) -> Domain:
        decide = domain.deciders[command]

        def changed(state: Dispatch, asked: Any, now: Instant) -> Any:
            return change(decide(state, asked, now), state, asked)

        return replace(domain, deciders={**domain.deciders, command: changed})

    return in_domain(planted)


def without(command: type[Command], *events: type[Event]) -> Plant:
    """A command does not bring about these events."""
    return deciding(command, lambda decision, *_: [one for one in decision if not isinstance(one, events)])


def applying(event: type[Event], apply: Callable[[Dispatch, Any, Instant, Callable[..., None]], None]) -> Plant:
    """`apply` (state, event, at, the true applier) stands for an event's applier."""

    def planted(domain: Domain) -> Domain:
        true = domain.appliers[event]

        def changed(state: Dispatch, happened: Any, at: Instant) -> None:
            apply(state, happened, at, true)

        return replace(domain, appliers={**domain.appliers, event: changed})

    return in_domain(planted)


def without_timer(*events: type[Event]) -> Plant:
    """These events start and stop no timer."""
    return in_domain(
        lambda domain: replace(
            domain, timers={kind: rule for kind, rule in domain.timers.items() if kind not in events}
        )
    )


def without_reaction(*names: str) -> Plant:
    """Nobody reacts so; raises ValueError where nobody did."""

    def planted(domain: Domain) -> Domain:
        kept = [one for one in domain.reactions if not one.name.startswith(names)]
        if len(kept) == len(domain.reactions):
            raise ValueError(f"no reaction is named {names}")
        return replace(domain, reactions=kept)

    return in_domain(planted)
