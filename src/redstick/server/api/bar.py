"""The command bar over HTTP: a line is read at each key, and done at Enter as it was shown. Translation only."""

from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import Parameter

from redstick.dispatch.bar.forms import FORMS
from redstick.dispatch.bar.reading import Asked
from redstick.kernel.ids import made_at
from redstick.kernel.values import Rejection
from redstick.server.api.ports import Operations
from redstick.server.api.problems import problem_response
from redstick.server.api.reading import reader_of
from redstick.server.bar import Bar, BarOutcome, BarReading

SHOWN = "dispatch.view.incidents"  # a reading shows what stands on the floor's boards, and nothing else
TEXT_AT_MOST, NAME_AT_MOST, ID_AT_MOST = 20_000, 200, 80

Purpose = Annotated[str | None, Parameter(header="Redstick-Purpose", description="why, where law asks")]
Name = Annotated[str, msgspec.Meta(max_length=NAME_AT_MOST)]


class BarLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line as it stands at a seat. `selected` is the key of the row that is selected there, as `incident/…`."""

    text: Annotated[str, msgspec.Meta(max_length=TEXT_AT_MOST)]
    seat: Name
    selected: Name = ""


class BarEnter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Enter: the line, the `plan` that was shown, and an `id` of the act's own, made by who asks."""

    text: Annotated[str, msgspec.Meta(max_length=TEXT_AT_MOST)]
    seat: Name
    plan: Name
    id: Annotated[str, msgspec.Meta(max_length=ID_AT_MOST)]
    selected: Name = ""


class BarUndo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Take the seat's last act back; with a `plan`, only if it is still what was shown under it."""

    seat: Name
    id: Annotated[str, msgspec.Meta(max_length=ID_AT_MOST)]
    plan: Name = ""


class BarForm(msgspec.Struct, frozen=True):
    """One thing that can be said. `about` is what its verb follows: line (nothing), incident or unit."""

    name: str
    about: str
    verbs: list[str]
    examples: list[str]
    does: str
    commands: list[str]


class BarHelp(msgspec.Struct, frozen=True):
    """Everything that can be said."""

    forms: list[BarForm]


def bar_routes(operations: Operations) -> list[HTTPRouteHandler]:
    """`POST /api/bar/read`, `/api/bar/act` and `/api/bar/undo`; `GET /api/bar/help`."""
    bar = Bar(operations)

    @post("/api/bar/read", status_code=HTTPStatus.OK, operation_id="read_line", tags=["bar"],
          responses=_answers(BarReading))  # fmt: skip
    async def read(request: Request[Any, Any, Any], data: BarLine, purpose: Purpose = None) -> Response[bytes]:
        """What a line means now, and what Enter would do. Nothing is written by asking."""
        person = await reader_of(operations, request, SHOWN, purpose)
        if isinstance(person, Response):
            return person
        asked = Asked(person, data.seat, operations.now(), data.selected)
        return _told(await bar.read(data.text, asked))

    @post("/api/bar/act", status_code=HTTPStatus.OK, operation_id="act_on_line", tags=["bar"],
          responses=_answers(BarOutcome))  # fmt: skip
    async def act(request: Request[Any, Any, Any], data: BarEnter, purpose: Purpose = None) -> Response[bytes]:
        """Do what was shown under the plan; if it is not the same any more, nothing, and show it anew."""
        person = await _actor(operations, request, purpose, data.id)
        if isinstance(person, Response):
            return person
        asked = Asked(person, data.seat, operations.now(), data.selected, data.id)
        return _told(await bar.act(data.text, asked, data.plan))

    @post("/api/bar/undo", status_code=HTTPStatus.OK, operation_id="undo_last_act", tags=["bar"],
          responses=_answers(BarOutcome))  # fmt: skip
    async def undo(request: Request[Any, Any, Any], data: BarUndo, purpose: Purpose = None) -> Response[bytes]:
        """As the line `undo`; without a plan, whatever it would do now."""
        person = await _actor(operations, request, purpose, data.id)
        if isinstance(person, Response):
            return person
        asked = Asked(person, data.seat, operations.now(), act=data.id)
        plan = data.plan or (await bar.read("undo", msgspec.structs.replace(asked, act=""))).plan
        return _told(await bar.act("undo", asked, plan))

    @get("/api/bar/help", operation_id="bar_help", tags=["bar"], responses=_answers(BarHelp))
    async def help_(request: Request[Any, Any, Any], purpose: Purpose = None) -> Response[bytes]:
        """Everything that can be said at the bar, as the guide has it."""
        person = await reader_of(operations, request, SHOWN, purpose)
        return person if isinstance(person, Response) else _told(_HELP)

    return [read, act, undo, help_]


async def _actor(
    operations: Operations, request: Request[Any, Any, Any], purpose: str | None, act: str
) -> str | Response[bytes]:
    """Who acts; the answer instead where they may not, or where the id of their act is none."""
    person = await reader_of(operations, request, SHOWN, purpose)
    if isinstance(person, Response) or made_at(act) is not None:
        return person
    return problem_response(Rejection("id_unreadable", {"field": "id", "said": act}))


def _told(answer: msgspec.Struct) -> Response[bytes]:
    return Response(msgspec.json.encode(answer), media_type="application/json", status_code=HTTPStatus.OK)


def _answers(form: type) -> dict[int, ResponseSpec]:
    return {200: ResponseSpec(form, description="the answer", generate_examples=False)}


_HELP = BarHelp(
    [
        BarForm(
            one.name, one.about, list(one.verbs), list(one.examples), one.does,
            [command.command_kind for command in one.commands],
        )
        for one in FORMS
    ]
)  # fmt: skip
