"""What came of reading the text of a plan: heavy, so computed outside, and small, so that a command can carry it."""

from __future__ import annotations

import hashlib
import tomllib

import msgspec

from redstick.dispatch.plans.accepting import accepted
from redstick.dispatch.plans.faults import Fault, PlanTextError, Severity
from redstick.dispatch.plans.linter import lint
from redstick.dispatch.plans.text import read_toml

FAULTS_TOLD = 20
HEAD_CHARACTERS = 8_192  # of a text, within which its version stands


class TextReading(msgspec.Struct, frozen=True, omit_defaults=True):
    """Of the text with this digest: its head, and how many findings of the linter; or `n` faults, some of them told."""

    digest: str
    version: str = ""
    title: str = ""
    errors: int = 0
    warnings: int = 0
    faults: tuple[Fault, ...] = ()
    n: int = 0


def digest_of(text: str) -> str:
    """The SHA-256 of a plan's text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def reading_of(text: str) -> TextReading:
    """Read and lint a text."""
    found = read_toml(text)
    try:
        plan = accepted(found, "the text")
    except PlanTextError as error:
        return TextReading(digest_of(text), faults=error.faults[:FAULTS_TOLD], n=len(error.faults))
    weights = [one.severity for one in lint(plan, found.lines)]
    errors, warnings = weights.count(Severity.ERROR), weights.count(Severity.WARNING)
    return TextReading(digest_of(text), plan.version, plan.title, errors, warnings)


def version_in_head(text: str) -> str | None:
    """The version that a text says of itself before its first table; None when it says none there.

    Reads a bounded part of the text, however long that is.
    """
    lines: list[str] = []
    for line in text[:HEAD_CHARACTERS].splitlines():
        if line.lstrip().startswith("["):
            break
        lines.append(line)
    try:
        version = tomllib.loads("\n".join(lines)).get("version")
    except tomllib.TOMLDecodeError:
        return None
    return version if isinstance(version, str) else None
