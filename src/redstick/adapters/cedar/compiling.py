"""From a folder of policies to the finite table: every cell is asked of Cedar once, and what Cedar says stands there.

Three things make the table equal to Cedar for every person, also for one with several roles. Policies name roles and
teams in their heads only, so a person's decision follows from those of their roles. A cell that is denied because
something forbids it is kept apart from one that nothing permits: it stays forbidden whatever the person's other roles
permit. And where Cedar reports any error, the cell is forbidden: Cedar itself skips a policy that fails, so that a
`forbid` which reads an attribute that is not there would allow.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cedarpy

from redstick.adapters.cedar.faults import PolicyFault
from redstick.adapters.cedar.validating import faults_in
from redstick.adapters.cedar.words import FILE, Words, read_words, schema_text
from redstick.kernel.authority.policy import NO_AUDIENCE, Cells, Policy, PolicyText, Purpose, fault_in

AT_ONCE = 32  # cells asked in one go: a few ms, so that a thread that compiles lets others run between
PERMIT, FORBID, SILENT = "permit", "forbid", "silent"


@dataclass(frozen=True)
class Compiled:
    """A folder's policy as the journal holds it, the words it is written in, and its Cedar schema."""

    policy: Policy
    words: Words
    schema: str


@dataclass(frozen=True)
class Question:
    """One cell to ask Cedar about."""

    role: str
    action: str
    audience: str
    purpose: str


def compile_folder(folder: Path, commands: Iterable[str]) -> Compiled:
    """Validate a folder's policies and ask every cell. `commands` are the kinds of commands that there are.

    Raises PolicyFault with everything that is wrong; nothing is adopted then, and what was adopted stays.
    """
    kinds = sorted(set(commands))
    words = read_words(folder, kinds)
    schema = schema_text(words, kinds)
    texts = _read_texts(folder)
    faults = [fault for name, text in texts.items() for fault in faults_in(name, text, schema)]
    if faults:
        raise PolicyFault(faults)
    policies = cedarpy.PolicySet.from_str("\n".join(texts.values()))
    questions = list(every_question(words, kinds))
    answers, errors = ask(policies, cedarpy.Schema.from_str(schema), words, questions)
    if errors:
        raise PolicyFault(sorted({f"in evaluation: {error}" for error in errors}))
    policy = _policy(folder, texts, words, questions, answers)
    fault = fault_in(policy)
    if fault is not None:
        raise PolicyFault([fault])
    return Compiled(policy, words, schema)


def _read_texts(folder: Path) -> dict[str, str]:
    """Every policy file by its name, in the order of names."""
    try:
        texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.cedar"))}
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyFault([f"{folder.name}: a policy cannot be read ({error})"]) from error
    if not texts:
        raise PolicyFault([f"{folder.name}: no policies here; expected files that end in .cedar"])
    return texts


# Asking


def every_question(words: Words, commands: Iterable[str]) -> Iterator[Question]:
    """Every cell there is: commands have no audience, reads have each."""
    rows = [(kind, NO_AUDIENCE) for kind in commands]
    rows += [(read, audience) for read in sorted(words.reads) for audience in words.audiences]
    for action, audience in rows:
        for role in words.roles:
            for purpose in words.purpose_codes:
                yield Question(role, action, audience, purpose)


def ask(
    policies: cedarpy.PolicySet, schema: cedarpy.Schema, words: Words, questions: list[Question]
) -> tuple[list[str], list[str]]:
    """What Cedar says to each question (PERMIT, FORBID or SILENT), and every error that it reports on the way."""
    people = cedarpy.Entities.from_json_str(
        json.dumps([person_in([role], words, role) for role in words.roles]), schema
    )
    answers: list[str] = []
    errors: list[str] = []
    for start in range(0, len(questions), AT_ONCE):
        requests = [_request(question) for question in questions[start : start + AT_ONCE]]
        for result in cedarpy.is_authorized_batch(requests, policies, people, schema=schema):
            errors += result.diagnostics.errors
            answers.append(_answer(result))
    return answers, errors


def _answer(result: cedarpy.AuthzResult) -> str:
    if result.diagnostics.errors:
        return FORBID
    if result.allowed:
        return PERMIT
    return FORBID if result.diagnostics.reasons else SILENT  # a denial has reasons only when something forbids


def person_in(roles: list[str], words: Words, name: str) -> dict[str, Any]:
    """A person with these roles, as a Cedar entity."""
    teams = [team for team, members in words.teams.items() if not set(members).isdisjoint(roles)]
    parents = [{"type": "Role", "id": role} for role in roles] + [{"type": "Team", "id": team} for team in teams]
    return {"uid": {"type": "Person", "id": name}, "attrs": {}, "parents": parents}


def _request(question: Question) -> dict[str, Any]:
    resource = {"type": "Audience", "id": question.audience} if question.audience else {"type": "City", "id": "city"}
    return {
        "principal": {"type": "Person", "id": question.role},
        "action": {"type": "Action", "id": question.action},
        "resource": resource,
        "context": {"purpose": {"__entity": {"type": "Purpose", "id": question.purpose}}},
    }


# The policy


def _policy(folder: Path, texts: dict[str, str], words: Words, questions: list[Question], answers: list[str]) -> Policy:
    files = [FILE, *texts]
    return Policy(
        texts=[PolicyText(name, hashlib.sha256((folder / name).read_bytes()).hexdigest()) for name in files],
        roles=list(words.roles),
        audiences=list(words.audiences),
        purposes=[
            Purpose(code, reference=code in words.purposes and words.purposes[code].reference)
            for code in words.purpose_codes
        ],
        permits=_cells(questions, answers, PERMIT),
        forbids=_cells(questions, answers, FORBID),
        emergency_role=words.emergency.role if words.emergency else "",
        emergency_ms=words.emergency.minutes * 60_000 if words.emergency else 0,
    )


def _cells(questions: list[Question], answers: list[str], wanted: str) -> list[Cells]:
    """The cells with one answer, those of a role, action and audience together."""
    together: dict[tuple[str, str, str], list[str]] = {}
    for question, answer in zip(questions, answers, strict=True):
        if answer == wanted:
            together.setdefault((question.role, question.action, question.audience), []).append(question.purpose)
    return [Cells(role, action, purposes, audience) for (role, action, audience), purposes in together.items()]
