"""What Cedar's validator says of a file, and what we ask beyond it so that the table equals Cedar for everybody."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import cedarpy
from cedarpy import pst


def faults_in(name: str, text: str, schema: str) -> Iterator[str]:
    """What Cedar's validator, and our rules for the heads of policies, say against a file."""
    try:
        policies = cedarpy.PolicySet.from_str(text)
    except ValueError as unreadable:
        yield f"{name}: {unreadable}"
        return
    nodes = policies.to_pst()
    called = {
        policy_id: _called(policy_id, dict(node.annotations))
        for policy_id, node in [*nodes.static_policies.items(), *nodes.templates.items()]
    }
    for error in cedarpy.validate_policies(text, schema).errors:
        said = error.error.removeprefix(f"for policy `{error.policy_id}`").lstrip(",: ")
        yield f"{name}: {called.get(error.policy_id, error.policy_id)}: {said}"
    for policy_id in nodes.templates:
        yield f"{name}: {called[policy_id]}: a template says nothing until it is linked; write a policy"
    for policy_id, node in nodes.static_policies.items():
        if not _names_roles_only(node.principal):
            expected = 'say `principal in Role::"…"` or `Team::"…"`, or `principal` for everyone'
            yield f"{name}: {called[policy_id]}: {expected}"
        if any(isinstance(found, pst.Var) and found.name == "principal" for found in _walk(node.clauses)):
            yield f"{name}: {called[policy_id]}: roles are named in the head of a policy, not in its conditions"


def _called(policy_id: str, annotations: dict[str, Any]) -> str:
    number = int(policy_id.removeprefix("policy")) + 1 if policy_id.removeprefix("policy").isdigit() else policy_id
    title = annotations.get("id")
    return f'policy {number} "{title}"' if title else f"policy {number}"


def _names_roles_only(principal: object) -> bool:
    if isinstance(principal, pst.ScopeAny):
        return True
    entity = principal.entity if isinstance(principal, pst.ScopeIn) else None
    return isinstance(entity, pst.EntityUid) and entity.type.basename in {"Role", "Team"}


def _walk(node: object) -> Iterator[object]:
    """A node of the syntax tree and all nodes below it."""
    yield node
    below: Iterable[object] = ()
    if isinstance(node, tuple | list):
        below = node
    elif isinstance(node, Mapping):
        below = node.values()
    elif is_dataclass(node):
        below = [getattr(node, field.name) for field in fields(node)]
    for child in below:
        yield from _walk(child)
