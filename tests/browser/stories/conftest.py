"""The console's floor with a second house of units: two medics, a chief, and an engine that a neighbour lends."""

import pytest
from tests.browser.console.conftest import founded, own_floor, sit  # noqa: F401  (fixtures of the same floor)
from tests.browser.console.floor import Floor

from .hands import POINTED, Hands

MORE = {"M01": ("MEDIC", "01"), "M02": ("MEDIC", "02"), "C01": ("CHIEF", "03"), "Z05": ("ENGINE", "02")}


@pytest.fixture
def town(founded, tmp_path):  # noqa: F811  (pytest gives it by its name)
    """A floor of its own: eight units in quarters, nothing open."""
    running = Floor(founded, tmp_path)
    for unit, (kind, station) in MORE.items():
        running.ask("enroll-unit", unit=unit, kind=kind, station=station)
        running.ask("report-status", unit=unit, status="AQ")
    running.computes()
    yield running
    running.end()


@pytest.fixture
def hands(sit, record_property):  # noqa: F811  (pytest gives it by its name)
    """Sits somebody down at a seat with a keyboard; at the end no pointer was used and the page has not complained."""
    at_work = []

    def hands(floor, name, path):
        page = sit(floor, name, path, before=POINTED)
        at_work.append(Hands(page, floor))
        return at_work[-1]

    yield hands
    for one in at_work:
        assert one.page.evaluate("window.pointed") == 0, "a pointer was used"
        record_property("keystrokes", one.told())


def pytest_terminal_summary(terminalreporter):
    """Keystrokes per act, from every worker; they are told when a test lets its fixtures go."""
    for report in terminalreporter.stats.get("", []):
        for name, told in report.user_properties:
            if name == "keystrokes":
                terminalreporter.section(report.nodeid)
                terminalreporter.write_line(told)
