"""A live shift whose time passes timer by timer."""

import pytest
from tests.dispatch.live_desk import LiveDesk

from redstick.dispatch.rules.incidents import OpenIncident
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.dispatch.rules.warnings import WarningRaised


class Shift(LiveDesk):
    """Each timer is decided at the moment at which it is due."""

    def wait(self, ms):
        """Let time pass, from one due timer to the next."""
        until = self.now + ms
        while (due := self.driver.executor.next_due()) is not None and due <= until:
            super().wait(max(0, due - self.now))
        super().wait(until - self.now)

    def open_warnings(self):
        """What stands open: (what, level, unit)."""
        return [(one.what, one.level, one.unit) for one in self.state.warnings.values()]

    def raised(self):
        """What was ever warned of, in order: (what, level, unit)."""
        return [(one.what, one.level, one.unit) for one in self.happened(WarningRaised)]


def crewed(shift):
    """Engines 2 and 3 of the fire department and patrol 7 on radio, incident `i` open."""
    for name, kind, agency in (("E2", "engine", "fire"), ("E3", "engine", "fire"), ("P7", "patrol", "police")):
        shift.run(EnrollUnit(name, kind, agency), ReportStatus(name, "LOG"), ReportStatus(name, "AR"))
    shift.run(OpenIncident("i"))
    return shift


@pytest.fixture
def shift():
    return crewed(Shift())
