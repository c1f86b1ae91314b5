"""A tiny domain for the kernel's own tests: counters that may be raised, and one command that is broken on purpose."""

from redstick.kernel.domain import Domain
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

LIMIT = 1000


@event("counter.raised", subjects=("name",))
class Raised(Event, frozen=True):
    """A counter went up."""

    name: str
    by: int


@event("counter.marked", subjects=("name",))
class Marked(Event, frozen=True):
    """A counter's round value was marked."""

    name: str
    total: int


@event("counter.cursed")
class Cursed(Event, frozen=True):
    """An event whose applier fails."""


@command("counter.raise")
class Raise(Command, frozen=True):
    """Raise a counter; at a multiple of ten a mark follows in the same command."""

    name: str
    by: int = 1


@command("counter.curse")
class Curse(Command, frozen=True):
    """Make an event that cannot be applied."""


def decide_raise(state: dict[str, int], asked: Raise, now: Instant) -> Decision:
    """Rejections: `too_high`."""
    del now
    total = state.get(asked.name, 0) + asked.by
    if total > LIMIT:
        return Rejection("too_high", {"total": total})
    if asked.by == 0:
        return []
    raised: list[Event] = [Raised(asked.name, asked.by)]
    return [*raised, Marked(asked.name, total)] if total % 10 == 0 else raised


def apply_raised(state: dict[str, int], happened: Raised, at: Instant) -> None:
    """Add."""
    del at
    state[happened.name] = state.get(happened.name, 0) + happened.by


def apply_cursed(state: dict[str, int], happened: Cursed, at: Instant) -> None:
    """Dirty the state, then fail."""
    state["dirty"] = 1
    raise RuntimeError("cursed")


def make_domain() -> Domain:
    """The counters' registration."""
    return Domain(
        "counter",
        dict,
        {Raise: decide_raise, Curse: lambda state, asked, now: [Cursed()]},
        {Raised: apply_raised, Marked: lambda state, happened, at: None, Cursed: apply_cursed},
    )
