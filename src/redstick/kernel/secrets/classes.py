"""Retention classes: how long what is kept, by which law; and the keys of their periods, made ahead of need."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from redstick.kernel.secrets.periods import end_of, period_of
from redstick.kernel.secrets.state import PeriodKey, RetentionClass, key_name
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event
from redstick.kernel.window import DAY_MS

if TYPE_CHECKING:
    from redstick.kernel.secrets.state import Secrets

NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
AHEAD_MS = 2 * DAY_MS  # a period's key is there before the period is


@event("secrets.class_declared")
class ClassDeclared(Event, frozen=True):
    """Things of this class are kept so long from here on, those already there too."""

    declared: RetentionClass


@event("secrets.key_made")
class KeyMade(Event, frozen=True):
    """Fields may be sealed under the key of this class and period."""

    retention_class: str
    period: str
    ends_at: Instant


@command("secrets.declare_class")
class DeclareClass(Command, frozen=True):
    """Say how long a class of things is kept, or change it."""

    declared: RetentionClass


def decide_declare_class(state: Secrets, asked: DeclareClass, now: Instant) -> Decision:
    """Rejections: `class_name_invalid`, `duration_invalid`, `authority_missing`."""
    declared = asked.declared
    if not NAME.fullmatch(declared.name):
        return Rejection("class_name_invalid", {"expected": NAME.pattern})
    if declared.keep_ms < 0 or declared.backups_ms < 0:
        return Rejection("duration_invalid", {"keep_ms": declared.keep_ms, "backups_ms": declared.backups_ms})
    if not declared.authority:
        return Rejection("authority_missing", {"class": declared.name})
    if state.classes.get(declared.name) == declared:
        return []
    return [ClassDeclared(declared), *keys_needed(state, declared, now)]


def keys_needed(state: Secrets, declared: RetentionClass, now: Instant) -> list[Event]:
    """The keys that a class lacks for what will be recorded from now until `AHEAD_MS` later."""
    made: list[Event] = []
    at = now
    while at <= now + AHEAD_MS:
        period, ends_at = period_of(declared.periods, at), end_of(declared.periods, at)
        if key_name(declared.name, period) not in state.keys:
            made.append(KeyMade(declared.name, period, ends_at))
        at = ends_at
    return made


def apply_class_declared(state: Secrets, happened: ClassDeclared, at: Instant) -> None:
    """It holds for every key of the class."""
    del at
    state.classes[happened.declared.name] = happened.declared


def apply_key_made(state: Secrets, happened: KeyMade, at: Instant) -> None:
    """The key may be used."""
    del at
    name = key_name(happened.retention_class, happened.period)
    state.keys[name] = PeriodKey(happened.retention_class, happened.period, happened.ends_at)
