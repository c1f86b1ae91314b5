"""The table of everything that can be said at the bar, and of the commands that cannot, with the reason."""

from redstick.dispatch.bar import (
    finding,
    floor,
    known,
    on_calls,
    on_incidents,
    on_units,
    opening,
    scene,
    sending,
    undoing,
)
from redstick.dispatch.bar.form import INCIDENT, LINE, UNIT, Form
from redstick.dispatch.bar.reader import Reader
from redstick.dispatch.bar.reading import Candidate


def read_help(r: Reader, said: str) -> None:
    """`?`, `?d`: what can be said, or how one thing is."""
    shown = [one for one in FORMS if not said or said in one.verbs]
    shown = shown or [one for one in FORMS if said in one.name]
    if not shown:
        r.problem("form_unknown", "nothing is said so; ? alone shows all", said)
    r.candidates += [
        Candidate("help", example, f"{example}: {one.does}", example) for one in shown for example in one.examples
    ]


HELP = Form.of_line(
    "help",
    ("?", "help"),
    ("?", "?d"),
    "Shows what can be said, or how one thing is.",
    (),
    lambda r, rest: read_help(r, rest.first),
)

FORMS: tuple[Form, ...] = (
    *opening.FORMS,
    *sending.FORMS,
    *on_units.FORMS,
    *on_incidents.FORMS,
    *on_calls.FORMS,
    *scene.FORMS,
    *floor.FORMS,
    *known.FORMS,
    *finding.FORMS,
    *undoing.FORMS,
    HELP,
)

LINE_VERBS = {verb: form for form in FORMS if form.about == LINE for verb in form.verbs}
INCIDENT_VERBS = {verb: form for form in FORMS if form.about == INCIDENT for verb in form.verbs}
UNIT_VERBS = {verb: form for form in FORMS if form.about == UNIT for verb in form.verbs}
STATUS = next(form for form in FORMS if form.name == "status")
