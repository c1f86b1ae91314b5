"""What an administrator looks at: people and roles, who may do what, the plan with its findings, the city's words.

Changes are commands like any other: `enroll-person`, `grant-role`, `draft-plan`, `adopt-codes`, `close-road`.
"""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import Parameter

from redstick.dispatch.codes.table import CodeTable
from redstick.dispatch.computing.answers import PlanFindings
from redstick.dispatch.rules.plans import Activation, PlanVersion, active_plan
from redstick.dispatch.status_table import StatusTable
from redstick.kernel.authority.policy import Cells, Purpose
from redstick.kernel.errors import Unavailable
from redstick.kernel.values import Instant, Rejection
from redstick.server.api.callers import from_elsewhere, token_of
from redstick.server.api.ports import Operations
from redstick.server.api.problems import problem_response

PEOPLE, POLICY = "access.view.people", "access.view.policy"
PLANS, CODES = "dispatch.view.plans", "dispatch.view.codes"

Why = Annotated[str | None, Parameter(header="Redstick-Purpose", description="why, where law asks")]


class PersonKnown(msgspec.Struct, frozen=True):
    """Somebody who is enrolled; `name` is what they sign in with, "" for a machine of the house."""

    person: str
    name: str
    roles: list[str]
    service: bool
    suspended: bool
    emergency_until: Instant | None
    signed_on: list[str]


class PeopleKnown(msgspec.Struct, frozen=True):
    """Everybody, by name."""

    people: list[PersonKnown]


class PolicyKnown(msgspec.Struct, frozen=True):
    """Who may do and see what: one cell a role, an action, an audience; what is forbidden stays so."""

    roles: list[str]
    audiences: list[str]
    purposes: list[Purpose]
    permits: list[Cells]
    forbids: list[Cells]


class PlanKnown(msgspec.Struct, frozen=True):
    """A version of the response plan whole, whether it counts, when any was activated, and what the linter finds."""

    version: PlanVersion
    active: bool
    activations: list[Activation]
    lint: PlanFindings


class WordsKnown(msgspec.Struct, frozen=True):
    """The city's own words."""

    codes: CodeTable
    statuses: StatusTable


def admin_routes(operations: Operations) -> list[HTTPRouteHandler]:
    """Every one of them."""
    return [*_access_routes(operations), *_plan_routes(operations)]


def _access_routes(operations: Operations) -> list[HTTPRouteHandler]:
    @get("/api/admin/people", operation_id="people", tags=["admin"], responses=_answers(PeopleKnown))
    async def people(request: Request[Any, Any, Any], purpose: Why = None) -> Response[bytes]:
        """Who is enrolled, in which roles, at which seats; names too."""
        refused = await _refused(operations, request, PEOPLE, purpose)
        if refused is not None:
            return problem_response(refused)
        try:
            names = await operations.names()
        except Unavailable:
            return problem_response(Rejection("busy"))
        states = operations.states()
        seats = states["dispatch"].seats.values()
        found = [
            PersonKnown(
                one.id, names.get(one.id, ""), list(one.roles), one.service, one.suspended, one.emergency_until,
                [seat.id for seat in seats if seat.person == one.id],
            )
            for one in states["access"].people.values()
        ]  # fmt: skip
        return _told(PeopleKnown(sorted(found, key=lambda one: (one.service, one.name, one.person))))

    @get("/api/admin/policy", operation_id="policy", tags=["admin"], responses=_answers(PolicyKnown))
    async def policy(request: Request[Any, Any, Any], purpose: Why = None) -> Response[bytes]:
        """The policy in force as a table; it is no secret."""
        refused = await _refused(operations, request, POLICY, purpose)
        known = operations.states()["access"].policy
        if refused is not None or known is None:
            return problem_response(refused or Rejection("policy_unknown"))
        return _told(PolicyKnown(known.roles, known.audiences, known.purposes, known.permits, known.forbids))

    return [people, policy]


def _plan_routes(operations: Operations) -> list[HTTPRouteHandler]:
    @get("/api/admin/plans/{plan:str}", operation_id="plan_whole", tags=["admin"], responses=_answers(PlanKnown))
    async def plan(request: Request[Any, Any, Any], plan: str, purpose: Why = None) -> Response[bytes]:
        """One version: its text, its check, its replays, and every finding of the linter with its place."""
        refused = await _refused(operations, request, PLANS, purpose)
        state = operations.states()["dispatch"]
        version = state.plans.get(plan)
        if refused is None and version is None:
            refused = Rejection("plan_unknown", {"plan": plan[:80], "plans": sorted(state.plans)})
        if refused is not None or version is None or operations.desk is None:
            return problem_response(refused or Rejection("computing_unavailable"))
        told = await operations.desk.findings_of(version.text)
        if isinstance(told, Rejection):
            return problem_response(told)
        active = active_plan(state)
        lint = msgspec.json.decode(told, type=PlanFindings)
        counts = active is not None and active.id == plan
        return _told(PlanKnown(version, counts, [one for one in state.plan_activations if one.version == plan], lint))

    @get("/api/admin/words", operation_id="words", tags=["admin"], responses=_answers(WordsKnown))
    async def words(request: Request[Any, Any, Any], purpose: Why = None) -> Response[bytes]:
        """Types of incidents, dispositions, and statuses, each as the city says it."""
        refused = await _refused(operations, request, CODES, purpose)
        state = operations.states()["dispatch"]
        return problem_response(refused) if refused is not None else _told(WordsKnown(state.codes, state.statuses))

    return [plan, words]


async def _refused(
    operations: Operations, request: Request[Any, Any, Any], read: str, purpose: str | None
) -> Rejection | None:
    """Why the asker is not shown it as drawn for whoever sees most of it; None when they are."""
    person = operations.person_of(token_of(request) or "")
    if person is None:
        return Rejection("not_signed_in")
    if from_elsewhere(request):
        return Rejection("from_another_site")
    return (await operations.admit(person, read, None, purpose)).rejection


def _told(answer: msgspec.Struct) -> Response[bytes]:
    return Response(msgspec.json.encode(answer), media_type="application/json")


def _answers(form: type) -> dict[int, ResponseSpec]:
    return {200: ResponseSpec(form, description="the answer", generate_examples=False)}
