"""Alerts as a server sends them: a real journal in memory behind the real driver, real providers on loopback."""

import asyncio

import pytest
from tests.contracts.alert_providers import HANG_UP, OK, REFUSE, MailProvider, WebhookProvider

from redstick.adapters.alerts.email import EmailPath
from redstick.adapters.alerts.webhook import Webhook
from redstick.adapters.memory import MemoryJournal
from redstick.dispatch import live
from redstick.dispatch.alerting.paths import Path, PathKind, Step
from redstick.dispatch.rules.assignments import AssignUnits
from redstick.dispatch.rules.incidents import OpenIncident
from redstick.dispatch.rules.recipients import EnrollRecipient
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.kernel.asynchronous import AsyncDriver
from redstick.kernel.executor import Executor
from redstick.kernel.values import Request
from redstick.server.alerting import Alerting

pytestmark = pytest.mark.sockets

NOON = 1_700_000_000_000
PAGER, MAIL = Path(PathKind.PAGER, "4711"), Path(PathKind.EMAIL, "e2@city.example")


class City:
    """A live dispatch with alerting beside it. Its clock stands still unless it is moved, so no deadline passes."""

    def __init__(self, hook, mail, journal=None):
        self.now, self.closed = NOON, False
        self.journal = MemoryJournal()
        if journal is not None:  # what the first left, opened anew
            self.journal.append(list(journal.read()), self.journal.head(), journal.head())
        self.driver = AsyncDriver(
            "test", Executor([live]), lambda: self.journal, lambda: self.now, lambda: self.now - NOON
        )
        paths = {
            PathKind.PAGER: Webhook(f"http://127.0.0.1:{hook.port}/", timeout_s=5),
            PathKind.EMAIL: EmailPath("127.0.0.1", mail.port, "cad@city.example", starttls=False),
        }
        self.alerting = Alerting(paths, lambda: self.driver.executor.committed, self.driver.ask, lambda: self.now)
        self.heard = asyncio.Event()

    async def start(self):
        """Come up."""
        await self.driver.start()
        self.alerting.start()
        self.driver.listen(self.alerting.note)
        self.driver.listen(lambda _: self.heard.set())

    async def close(self):
        """Go down; once more is harmless."""
        if not self.closed:
            self.closed = True
            await self.alerting.close()
            await self.driver.close()

    async def send_unit(self):
        """Engine 2 is sent; the commands are durable."""
        commands = [
            EnrollUnit("E2"),
            ReportStatus("E2", "AQ"),
            EnrollRecipient("crew", "E2", [PAGER, MAIL]),
            OpenIncident("i"),
            AssignUnits("i", ["E2"]),
        ]
        for number, command in enumerate(commands):
            outcome = await self.driver.ask(Request(f"c{number}", command, "tester"))
            assert outcome.accepted

    async def until(self, *steps):
        """Wait for the event that makes the attempts stand so."""
        while (found := self.steps()) != list(steps):
            self.heard.clear()
            await asyncio.wait_for(self.heard.wait(), 30)
        return found

    def steps(self):
        """How far each attempt has come."""
        incident = self.driver.executor.committed["dispatch"].incidents.get("i")
        return [a.step for alert in incident.alerts.values() for a in alert.attempts] if incident else []


def run(story, *, hook_mood=OK):
    """A story with both providers up."""

    async def told():
        async with WebhookProvider() as hook, MailProvider() as mail:
            hook.mood = hook_mood
            city = City(hook, mail)
            await city.start()
            try:
                return await story(city, hook, mail)
            finally:
                await city.close()

    return asyncio.run(told())


def test_a_unit_that_is_sent_is_on_its_pager_and_the_journal_says_sent():
    """From command to provider and back, with the provider's words as evidence."""

    async def story(city, hook, mail):
        await city.send_unit()
        await city.until(Step.SENT)
        assert list(hook.taken) == ["i/E2/1/dispatch/crew/0"]
        assert mail.taken == {}

    run(story)


def test_a_provider_that_refuses_is_left_for_the_next_at_once():
    """No deadline passes: the clock stands still."""

    async def story(city, hook, mail):
        await city.send_unit()
        await city.until(Step.FAILED, Step.SENT)
        [letter] = mail.letters
        assert letter["To"] == "e2@city.example"

    run(story, hook_mood=REFUSE)


def test_an_adapter_that_is_broken_is_a_failure_and_not_the_end():
    """Whatever it raises, the alert goes on to its next path."""

    async def story(city, hook, mail):
        class Broken:
            async def hand_over(self, message):
                raise KeyError(message.key)

        city.alerting._paths = {**city.alerting._paths, PathKind.PAGER: Broken()}
        await city.send_unit()
        await city.until(Step.FAILED, Step.SENT)

    run(story)


def test_a_provider_that_hangs_up_is_asked_again_under_the_same_key():
    """When it is back it has one message, not two."""

    async def story(city, hook, mail):
        await city.send_unit()
        hook.mood = OK
        city.now += 5_000
        await city.until(Step.SENT)
        assert len(hook.taken) == 1

    run(story, hook_mood=HANG_UP)


def test_a_server_that_was_lost_hands_over_what_waited():
    """Another begins on the same journal: the provider that hung up on the first gets it from the second."""

    async def story(city, hook, mail):
        await city.send_unit()
        await city.until(Step.QUEUED)
        await city.close()
        hook.mood = OK
        second = City(hook, mail, city.journal)
        second.now = NOON + 1
        await second.start()
        try:
            await second.until(Step.SENT)
        finally:
            await second.close()
        assert list(hook.taken) == ["i/E2/1/dispatch/crew/0"]

    run(story, hook_mood=HANG_UP)
