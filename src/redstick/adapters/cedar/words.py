"""The words that policies are written in: `words.toml`, and the Cedar schema that follows from it.

The schema is made, not written: its actions are the commands that the software has, so that a policy can name no
command that does not exist, and a command that no policy names is refused to everyone.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from redstick.adapters.cedar.faults import PolicyFault
from redstick.kernel.authority.policy import NO_PURPOSE

FILE = "words.toml"
NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
COMMANDS, READS = "commands", "reads"


class PurposeWord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why someone asks, in a sentence; `reference` says that a case, incident or request must be named."""

    says: str
    reference: bool = False


class Emergency(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What breaking the glass gives, and for how many minutes."""

    role: str
    minutes: int


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Roles, audiences (what shows most first), purposes, reads, each with a sentence; groups of roles and actions."""

    roles: dict[str, str]
    audiences: dict[str, str]
    reads: dict[str, str]
    purposes: dict[str, PurposeWord] = {}
    teams: dict[str, list[str]] = {}
    groups: dict[str, list[str]] = {}
    services: dict[str, list[str]] = {}
    emergency: Emergency | None = None

    @property
    def purpose_codes(self) -> list[str]:
        """Every purpose, that of giving none first."""
        return [NO_PURPOSE, *self.purposes]


def read_words(folder: Path, commands: Iterable[str]) -> Words:
    """The words of a folder, checked against the commands that there are. Raises PolicyFault."""
    path = folder / FILE
    try:
        words = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Words)
    except OSError as error:
        raise PolicyFault([f"{FILE}: cannot be read ({error.strerror}); a folder of policies has one"]) from error
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise PolicyFault([f"{FILE}: {error}"]) from error
    faults = [f"{FILE}: {fault}" for fault in _faults(words, set(commands))]
    if faults:
        raise PolicyFault(faults)
    return words


def _faults(words: Words, commands: set[str]) -> Iterator[str]:
    actions = {*commands, *words.reads}
    tables: dict[str, Mapping[str, object]] = {
        "roles": words.roles, "audiences": words.audiences, "purposes": words.purposes, "reads": words.reads,
        "teams": words.teams, "groups": words.groups, "services": words.services,
    }  # fmt: skip
    for table, entries in tables.items():
        for name in entries:
            if not NAME.fullmatch(name):
                yield f"[{table}] {name!r} is no name: small letters, digits and _, parts joined by dots"
    for name in sorted(commands.intersection(words.reads)):
        yield f"[reads] {name!r} is a command"
    for name in sorted((actions | _standing_groups(actions)).intersection(words.groups)):
        yield f"[groups] {name!r} is taken: an action or a standing group has that name"
    if NO_PURPOSE in words.purposes:
        yield f"[purposes] {NO_PURPOSE!r} is what it is called when no purpose is given"
    known = {"teams": (words.teams, {*words.roles}), "services": (words.services, {*words.roles}),
             "groups": (words.groups, actions)}  # fmt: skip
    for table, (entries_of, allowed) in known.items():
        for name, members in entries_of.items():
            for stray in sorted(set(members) - allowed):
                yield f"[{table}] {name} names {stray!r}, which does not exist"
    if words.emergency is not None and (words.emergency.role not in words.roles or words.emergency.minutes < 1):
        yield "[emergency] needs a role that exists and at least one minute"


def schema_text(words: Words, commands: Iterable[str]) -> str:
    """The Cedar schema of a folder: everything finite, so that a misspelt name cannot be validated."""
    kinds = sorted(set(commands))
    actions = [*kinds, *sorted(words.reads)]
    groups = {**words.groups, **{name: _members(name, kinds, words) for name in _standing_groups(actions)}}
    lines = [
        "// Made from words.toml and the commands of this version by `redstick policy schema`; not written by hand.",
        "",
        _enumeration("Role", words.roles),
        _enumeration("Team", words.teams) if words.teams else "entity Team;",
        _enumeration("Audience", words.audiences),
        _enumeration("Purpose", words.purpose_codes),
        'entity City enum ["city"];',
        "entity Person in [Role, Team];",
        "",
        "type Asked = { purpose: Purpose };",
        "",
        *(f'action "{name}";' for name in sorted(groups)),
        "",
    ]
    for action in actions:
        within = ", ".join(f'"{name}"' for name in sorted(groups) if action in groups[name])
        resource = "Audience" if action in words.reads else "City"
        applies = f"{{ principal: Person, resource: {resource}, context: Asked }}"
        lines.append(f'action "{action}" in [{within}]\n  appliesTo {applies};')
    return "\n".join(lines) + "\n"


def _standing_groups(actions: Iterable[str]) -> set[str]:
    domains = {action.partition(".")[0] for action in actions}
    return {COMMANDS, READS, *(f"{domain}.{kind}" for domain in domains for kind in (COMMANDS, READS))}


def _members(group: str, commands: list[str], words: Words) -> list[str]:
    domain, _, kind = group.rpartition(".")
    of_kind = commands if kind == COMMANDS else [*words.reads]
    return [action for action in of_kind if not domain or action.startswith(f"{domain}.")]


def _enumeration(entity: str, names: Iterable[str]) -> str:
    quoted = ", ".join(f'"{name}"' for name in names)
    return f"entity {entity} enum [{quoted}];"
