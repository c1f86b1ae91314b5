"""An hour's worth of events with slips among them: no act differs from its preview, and nothing typed is lost."""

import random

import pytest
from tests.browser.console.floor import key_of

from .hands import Hands, world

pytestmark = pytest.mark.browser
UNITS = ["E01", "E02", "E03", "M01", "M02"]
WORDS = ["caller says door is locked", "smoke on the second floor", "two patients", "gate code 4711"]


class Hour:
    """What a script does to a dispatcher who works by lines; `events` counts both hands and world."""

    def __init__(self, hands: Hands, seed: int):
        self.hands, self.floor, self.dice = hands, hands.floor, random.Random(seed)
        self.events, self.slips, self.lost = 0, 0, []

    def live(self, events):
        """So many events, each round with one slip."""
        slips = [self.stale_selection, self.plan_that_changes, self.emergency_while_typing]
        while self.events < events:
            incident = self.floor.opened(needs=())
            self.hands.page.locator(key_of(f"incident/{incident}")).wait_for()
            unit = self.dice.choice(UNITS)
            self.events += 1
            slips[self.slips % len(slips)](incident, unit)
            self.slips += 1
            self.work(incident, unit)

    def work(self, incident, unit):
        """From sent to closed."""
        note = self.dice.choice(WORDS)
        for line in (
            f"#{incident} n {note}", f"{unit.lower()} en route", f"{unit.lower()} on scene", f"{unit.lower()} release",
            f"#{incident} close done",
        ):  # fmt: skip
            self.does(line)
        self.floor.ask("report-status", unit=unit, status="AQ")

    def does(self, line):
        """One line, done."""
        self.hands.line(line)
        self.events += 1

    def refuses(self, line):
        """Enter does nothing, and the line stays."""
        before = world(self.floor)
        assert not self.hands.enter(line)
        assert world(self.floor) == before
        self.keeps(line)
        self.events += 1

    def keeps(self, line):
        """What was typed is there."""
        there = self.hands.page.get_by_label("Command bar").input_value()
        if there != line:
            self.lost.append((line, there))

    def clears(self):
        """The line is taken out by hand, as a person does who wants another."""
        self.hands.press("Control+a", "Backspace")

    def plan_that_changes(self, incident, unit):
        """The unit goes out of service between the look and Enter; back in service it is shown anew, and sent."""
        line = f"d #{incident} {unit.lower()}"
        self.hands.compose(line)
        self.floor.ask("report-status", unit=unit, status="OOS")
        self.refuses(line)
        self.floor.ask("report-status", unit=unit, status="AQ")
        self.clears()
        self.does(line)

    def stale_selection(self, incident, unit):
        """A line without a number speaks of what is selected, which is closed before Enter: no other one is meant."""
        gone = self.floor.opened(needs=())
        self.hands.choose("F2", f"incident/{gone}")
        self.hands.compose("p1")
        self.floor.ask("close-incident", incident=gone, disposition="a prank")
        self.events += 1
        self.refuses("p1")
        self.clears()
        self.does(f"d #{incident} {unit.lower()}")

    def emergency_while_typing(self, incident, unit):
        """It is alarmed in the middle of a word: the word goes on where it was, the alarm is heard by a key."""
        line = f"d #{incident} {unit.lower()}"
        half = len(line) // 2
        hands = self.hands
        hands.press("F10")
        hands.type(line[:half])
        self.floor.ask("raise-emergency", unit="T01")
        hands.page.get_by_role("alert").filter(has_text="T01").wait_for()
        hands.type(line[half:])
        hands.await_effect(line)
        with hands.page.expect_response("**/acknowledge-emergency"):
            hands.press("Alt+h")
        self.keeps(line)
        if not hands.enter(line):  # what was shown rests on who else is free: it is shown anew
            hands.await_effect(line)
            assert hands.enter(line)
        self.events += 2
        self.floor.ask("clear-emergency", unit="T01", by="sue", reason="all is well")


@pytest.mark.parametrize("events", [24, pytest.param(120, marks=pytest.mark.slow)])
def test_of_an_hours_acts_none_differs_from_its_preview_and_nothing_typed_is_lost(town, hands, events):
    """Stale selections, plans that change before Enter, emergencies while typing; keystrokes per act are printed."""
    hour = Hour(hands(town, "dan", "/dispatch"), seed=7)
    hour.live(events)
    acts = hour.hands.acts
    assert [(act.what, act.differs) for act in acts if act.differs] == []
    assert hour.lost == []
    assert hour.events >= events
    assert hour.slips >= 3
