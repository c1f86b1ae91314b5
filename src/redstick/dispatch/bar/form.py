"""A form: one thing that can be said at the bar, with its help and what reads it. The table of all is `forms`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from redstick.dispatch.bar.line import Words
    from redstick.dispatch.bar.reader import Reader
    from redstick.dispatch.rules.incidents import Incident
    from redstick.dispatch.rules.units import Unit
    from redstick.kernel.values import Command

LINE, INCIDENT, UNIT = "line", "incident", "unit"


class Form(NamedTuple):
    """`verbs` begin it: on a line of their own, behind an incident (`#12 …`, or the selected one) or behind a unit.

    `commands` are those that it may ask; `read` understands what follows the verb, with it where `keeps_verb`.
    """

    name: str
    about: str
    verbs: tuple[str, ...]
    examples: tuple[str, ...]
    does: str
    commands: tuple[type[Command], ...]
    read: Callable[..., None]
    keeps_verb: bool = False

    @classmethod
    def of_line(
        cls, name: str, verbs: tuple[str, ...], examples: tuple[str, ...], does: str,
        commands: tuple[type[Command], ...], read: Callable[[Reader, Words], None], **more: Any,
    ) -> Form:  # fmt: skip
        """A form that begins a line."""
        return cls(name, LINE, verbs, examples, does, commands, read, **more)

    @classmethod
    def of_incident(
        cls, name: str, verbs: tuple[str, ...], examples: tuple[str, ...], does: str,
        commands: tuple[type[Command], ...], read: Callable[[Reader, Incident, Words], None], **more: Any,
    ) -> Form:  # fmt: skip
        """A form that follows an incident."""
        return cls(name, INCIDENT, verbs, examples, does, commands, read, **more)

    @classmethod
    def of_unit(
        cls, name: str, verbs: tuple[str, ...], examples: tuple[str, ...], does: str,
        commands: tuple[type[Command], ...], read: Callable[[Reader, Unit, Words], None], **more: Any,
    ) -> Form:  # fmt: skip
        """A form that follows a unit."""
        return cls(name, UNIT, verbs, examples, does, commands, read, **more)
