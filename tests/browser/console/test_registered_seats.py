"""No seat escapes: whatever is registered is looked at by axe, as somebody who is offered it sees it first."""

import re
from pathlib import Path

import pytest

from .conftest import CROSSED, LOOKS
from .floor import PEOPLE

pytestmark = pytest.mark.browser

SEATS = Path(__file__).parents[3] / "web" / "src" / "seats"
PHONE = [("dark", (390, 844)), ("light", (390, 844))]
ON_A_PHONE = {"field"}


def registered():
    """Each seat's name with the first of its roles that somebody of the floor has."""
    found = {}
    for file in sorted(SEATS.glob("*/seat.ts")):
        text = file.read_text(encoding="utf-8")
        name = re.search(r"name: '(\w+)'", text)[1]
        offered = re.findall(r"'(\w+)'", re.search(r"roles: \[(.*?)\]", text, re.DOTALL)[1])
        found[name] = next((person for person, role in PEOPLE.items() if role in offered), None)
    return found


def test_every_registered_seat_is_offered_to_somebody_of_the_floor():
    """Else its page would be looked at by nobody here."""
    assert {name for name, person in registered().items() if person is None} == set()
    assert {"dispatch", "calls"} <= registered().keys()


@pytest.mark.parametrize(
    ("name", "look"),
    [
        *((name, look) for name in registered() for look in (PHONE if name in ON_A_PHONE else LOOKS)),
        *(
            pytest.param(name, look, marks=pytest.mark.slow)
            for name in registered()
            if name not in ON_A_PHONE
            for look in CROSSED
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{value[0]}-{value[1][0]}",
)
def test_a_seat_as_it_first_opens_can_be_used_by_everybody(floor, sit, violations, name, look):
    """No violation of axe in both themes at its sizes; it is as wide as its window; the page complains of nothing.

    In each theme at one size; every theme at every size is slow.
    """
    page = sit(floor, registered()[name], f"/{name}", look)
    page.locator("main h1").wait_for(state="attached")
    page.wait_for_load_state("networkidle") if name in {"overview", "time"} else page.wait_for_timeout(500)
    assert page.evaluate("location.pathname") == f"/{name}"
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.complaints == []
