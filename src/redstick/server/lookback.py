"""Looking back beside the server: processes that follow the journal and answer, so that nothing holds the event loop.

Three of them: one follows and measures; one folds the past, one lives it again under another plan: both are started
when somebody first asks for it, and behind whatever else the machine has to do.
"""

from collections.abc import Callable

import msgspec

from redstick.dispatch.lookback.questions import AnyLooking, HowWasIt, UnderAnother, WhatDiffers, heard, packed
from redstick.kernel.values import Instant, Rejection
from redstick.server.computing import ComputingProcess, NotComputed

PATIENCE_S = 120.0  # a year's journal is folded in less
PRESENT, PAST, WHAT_IF = "lookback", "time-machine", "what-if"


class Lookback:
    """Asks them. `open_process` starts one by its name; `position` is how far the journal is durable.

    Rejections: those of the answer, `computing_unavailable` (ask again), and `busy` for a what-if of an `asker` who
    waits for one: a span is lived for minutes.
    """

    def __init__(
        self, open_process: Callable[[str], ComputingProcess], position: Callable[[], int], now: Callable[[], Instant]
    ) -> None:
        self._open, self._position, self._now = open_process, position, now
        self._present = open_process(PRESENT)
        self._apart: dict[str, ComputingProcess] = {}
        self._waiting: set[str] = set()  # askers of a what-if

    def close(self) -> None:
        """Have them end."""
        self._present.close()
        for process in self._apart.values():
            process.close()

    async def ask(self, question: AnyLooking, asker: str = "") -> bytes | Rejection:
        """The answer as of now, as JSON or as the bytes of a document. What is cancelled is not computed any more."""
        if not isinstance(question, UnderAnother):
            return await self._answer(question)
        if asker in self._waiting:
            return Rejection("busy", {"waits": WHAT_IF})
        self._waiting.add(asker)
        try:
            return await self._answer(question)
        finally:
            self._waiting.discard(asker)

    async def _answer(self, question: AnyLooking) -> bytes | Rejection:
        whole = msgspec.structs.replace(question, until=self._position(), now=self._now())
        try:
            return heard(await self._asked(question).ask(packed(whole)))
        except NotComputed as error:
            return Rejection("computing_unavailable", {"why": error.why})

    def _asked(self, question: AnyLooking) -> ComputingProcess:
        if isinstance(question, UnderAnother):
            return self._beside(WHAT_IF)
        return self._beside(PAST) if isinstance(question, HowWasIt | WhatDiffers) else self._present

    def _beside(self, name: str) -> ComputingProcess:
        if name not in self._apart:
            self._apart[name] = self._open(name)
        return self._apart[name]
