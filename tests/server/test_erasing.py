"""What was destroyed is erased by the server itself: at its start, when it happens, and again when the ring is back."""

import asyncio

import pytest
from tests.kernel.secrets.office import Office

from redstick.kernel.errors import Unavailable
from redstick.kernel.secrets.retention import ConfirmErasure, Expunge
from redstick.server import erasing
from redstick.server.erasing import Erasing


@pytest.fixture
def office():
    """A records office that erases nothing by itself, with a sealed note on one case."""
    office = Office(erasing=False)
    office.declare()
    office.note("case_1", "a voice")
    return office


class Watched(Erasing):
    """Erasing that says whether anything is left to do."""

    busy = True

    async def _carry_out(self):
        await super()._carry_out()
        self.busy = self._wanted.is_set() or self.failed is not None


def served(office, ring=None):
    """Run the server's erasing until nothing is left to do; gives it, and what it asked."""
    asked = []

    async def ask(request):
        asked.append(request)
        return office.driver.run([request], office.now)[0]

    async def live():
        one = Watched(ring or office.ring, lambda: {"secrets": office.state}, ask)
        one.start()
        office.driver.listen(one.note)
        async with asyncio.timeout(60):
            while one.busy:  # noqa: ASYNC110  (a ring is used in a thread, and nobody tells when all is done)
                await asyncio.sleep(0.01)
        await one.close()
        return one

    return asyncio.run(live()), asked


def test_what_was_destroyed_before_the_start_is_erased_at_the_start(office):
    """The ring lets go of the case, and the journal says so, as the house."""
    office.done(Expunge("case_1", ["call-audio/2026-11"], "Docket 26-117"))
    assert office.ring.periods_of("case_1")
    _, asked = served(office)
    assert office.ring.periods_of("case_1") == []
    assert [(type(one.command), one.actor) for one in asked] == [(ConfirmErasure, "house")]


def test_a_ring_from_a_backup_forgets_again(office):
    """Destroying again changes nothing, and what was confirmed is not confirmed twice."""
    office.done(Expunge("case_1", ["call-audio/2026-11"], "Docket 26-117"))
    served(office)
    office.note("case_2", "another voice")
    _, asked = served(office)
    assert asked == []
    assert office.ring.periods_of("case_2")


def test_a_ring_that_does_not_answer_is_asked_again(office, monkeypatch):
    """Why it failed can be seen meanwhile; nothing is confirmed that did not happen."""
    monkeypatch.setattr(erasing, "AGAIN_S", 0.01)
    office.done(Expunge("case_1", ["call-audio/2026-11"], "Docket 26-117"))
    fails = [Unavailable("the device is gone"), Unavailable("the device is gone")]

    class Returning:
        """The office's ring, that is away at first."""

        def destroy_subject(self, *arguments):
            """Gone twice, then there."""
            if fails:
                raise fails.pop()
            office.ring.destroy_subject(*arguments)

        def destroy(self, *arguments):
            """As the ring does."""
            return office.ring.destroy(*arguments)

    one, asked = served(office, Returning())
    assert (fails, one.failed) == ([], None)
    assert len(asked) == 1
    assert office.ring.periods_of("case_1") == []
