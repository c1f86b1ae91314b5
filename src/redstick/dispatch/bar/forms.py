"""The table of everything that can be said at the bar, and of the commands that cannot, with the reason."""

from redstick.dispatch.bar import on_incidents, on_units, sending
from redstick.dispatch.bar.form import INCIDENT, LINE, UNIT, Form

FORMS: tuple[Form, ...] = (*sending.FORMS, *on_units.FORMS, *on_incidents.FORMS)

LINE_VERBS = {verb: form for form in FORMS if form.about == LINE for verb in form.verbs}
INCIDENT_VERBS = {verb: form for form in FORMS if form.about == INCIDENT for verb in form.verbs}
UNIT_VERBS = {verb: form for form in FORMS if form.about == UNIT for verb in form.verbs}
STATUS = next(form for form in FORMS if form.name == "status")
