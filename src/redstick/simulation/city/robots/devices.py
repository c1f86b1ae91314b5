"""Pagers and station printers: they carry alerts to crews and send receipts; now and then one is silent."""

from redstick.dispatch.alerting.chase import Purpose, Standing
from redstick.dispatch.alerting.paths import Step
from redstick.dispatch.rules.alerts import AlertQueued, AlertSettled, ReportReceipt
from redstick.dispatch.rules.assignments import UnitAssigned
from redstick.simulation.city.dice import Dice
from redstick.simulation.city.floor import Floor
from redstick.simulation.city.robots.crews import Crew

ACTOR = "alerting"
DELIVERED_MS = 700
SILENT_PERCENT = 1.0


class Devices:
    """Every device of the city."""

    def __init__(self, floor: Floor, crews: dict[str, Crew], seed: int) -> None:
        self._floor, self._crews = floor, crews
        self._dice = Dice(seed, "devices")
        floor.listen(AlertQueued, self._queued)
        floor.listen(AlertSettled, self._settled)
        floor.listen(UnitAssigned, self._assigned)

    def _queued(self, happened: AlertQueued) -> None:
        if not self._dice.happens(SILENT_PERCENT):
            self._floor.later(self._dice.about(DELIVERED_MS, 0.5), lambda: self._deliver(happened))

    def _deliver(self, happened: AlertQueued) -> None:
        receipt = ReportReceipt(happened.incident, happened.alert, happened.key, Step.DELIVERED, "received")
        self._floor.ask(ACTOR, [receipt])
        known = self._floor.state.incidents.get(happened.incident)
        alert = known.alerts.get(happened.alert) if known is not None else None
        if alert is not None and alert.purpose is Purpose.DISPATCH:
            self._tell(happened.unit, happened.incident)

    def _settled(self, happened: AlertSettled) -> None:
        """What a person has voiced is heard too."""
        if happened.standing is Standing.VOICED:
            self._floor.later(0, lambda: self._tell(happened.unit, happened.incident))

    def _assigned(self, happened: UnitAssigned) -> None:
        """A city without devices works by radio alone."""
        if happened.alerted and not self._floor.state.recipients:
            self._floor.later(self._dice.about(4_000), lambda: self._tell(happened.unit, happened.incident))

    def _tell(self, unit: str, incident: str) -> None:
        known, crew = self._floor.state.units.get(unit), self._crews.get(unit)
        if crew is not None and known is not None and incident in known.work:
            crew.told(incident)
