"""What every alert path promises, whatever carries it: against a real server on loopback, which may be in any mood."""

import asyncio

import pytest
from tests.contracts.alert_providers import BUSY, HANG_UP, OK, REFUSE, MailProvider, WebhookProvider

from redstick.adapters.alerts.email import EmailPath
from redstick.adapters.alerts.webhook import Webhook
from redstick.dispatch.alerting.paths import PathKind, Step
from redstick.dispatch.ports import Outgoing
from redstick.kernel.errors import Unavailable

pytestmark = pytest.mark.sockets

MESSAGE = Outgoing("i/E2/1/dispatch/s/0", "i", "i/E2/1/dispatch/s", PathKind.PAGER, "crew@example.org", "E2 | fire ‖ ü")
PATHS = {
    "webhook": (WebhookProvider, lambda port: Webhook(f"http://127.0.0.1:{port}/hook?a=1", "a token", timeout_s=5)),
    "e-mail": (MailProvider, lambda port: EmailPath("127.0.0.1", port, "cad@city.example", starttls=False)),
}


def hand_over(kind, *moods, message=MESSAGE):
    """What the path answers in each mood, and the server as it is then."""

    async def run():
        provider, client = PATHS[kind]
        async with provider() as server:
            answers = []
            for mood in moods:
                server.mood = mood
                try:
                    answers.append(await client(server.port).hand_over(message))
                except Unavailable as unavailable:
                    answers.append(unavailable)
            return answers, server

    return asyncio.run(run())


@pytest.mark.parametrize("kind", PATHS)
def test_what_the_provider_took_is_sent_and_no_more(kind):
    """That is all that a hand-over proves; the text arrives as it was, with the provider's words as evidence."""
    [answer], server = hand_over(kind, OK)
    assert answer.step is Step.SENT
    assert answer.evidence
    [text] = server.taken.values()
    assert MESSAGE.text in text


@pytest.mark.parametrize("kind", PATHS)
def test_the_same_key_again_is_the_same_message(kind):
    """A provider that keeps keys tells people once."""
    answers, server = hand_over(kind, OK, OK)
    assert [answer.step for answer in answers] == [Step.SENT, Step.SENT]
    assert len(server.taken) == 1


@pytest.mark.parametrize("kind", PATHS)
def test_a_refusal_for_good_is_a_failure(kind):
    """Nobody waits for it to be silent."""
    [answer], server = hand_over(kind, REFUSE)
    assert answer.step is Step.FAILED
    assert server.taken == {}


@pytest.mark.parametrize("kind", PATHS)
def test_busy_and_gone_are_asked_again(kind):
    """Nobody can say whether it arrived, and the same key makes asking again harmless."""
    answers, server = hand_over(kind, BUSY, HANG_UP, OK)
    assert [isinstance(answer, Unavailable) for answer in answers] == [True, True, False]
    assert len(server.taken) == 1


@pytest.mark.parametrize("kind", PATHS)
def test_nobody_there_is_asked_again(kind):
    """A server that is down is no refusal."""
    with pytest.raises(Unavailable):
        asyncio.run(PATHS[kind][1](9).hand_over(MESSAGE))  # the discard port, where nothing listens


def test_a_line_break_in_an_address_forges_no_header():
    """It is a failure, and nothing leaves."""
    forged = Outgoing("k", "i", "a", PathKind.EMAIL, "a@b.example\nBcc: c@d.example", "text")
    [answer], server = hand_over("e-mail", OK, message=forged)
    assert answer.step is Step.FAILED
    assert server.letters == []


def test_a_token_goes_to_its_own_provider_only():
    """A recipient whose address is a URL of its own is not sent the city's token."""
    own = Outgoing("k", "i", "a", PathKind.WEBHOOK, "http://127.0.0.1:9/else", "text")
    [answer], _ = hand_over("webhook", OK, message=own)
    assert answer.step is Step.FAILED


def test_mail_says_that_a_machine_wrote_it():
    """RFC 3834: no holiday note answers an alert; the subject is one line."""
    _, server = hand_over("e-mail", OK)
    [letter] = server.letters
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Subject"].startswith("E2 | fire")
