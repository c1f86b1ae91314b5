"""Looking back beside the server: processes that follow the journal and answer, so that nothing holds the event loop.

Two of them: one follows and measures, the other folds the past and is started when somebody first asks for it.
"""

from collections.abc import Callable

import msgspec

from redstick.dispatch.lookback.questions import AnyLooking, HowWasIt, WhatDiffers, heard, packed
from redstick.kernel.values import Instant, Rejection
from redstick.server.computing import ComputingProcess, NotComputed

PATIENCE_S = 120.0  # a year's journal is folded in less


class Lookback:
    """Asks them. `open_process` starts one by its name; `position` is how far the journal is durable.

    Rejections: those of the answer, and `computing_unavailable` (ask again).
    """

    def __init__(
        self, open_process: Callable[[str], ComputingProcess], position: Callable[[], int], now: Callable[[], Instant]
    ) -> None:
        self._open, self._position, self._now = open_process, position, now
        self._present = open_process("lookback")
        self._past: ComputingProcess | None = None

    def close(self) -> None:
        """Have them end."""
        self._present.close()
        if self._past is not None:
            self._past.close()

    async def ask(self, question: AnyLooking) -> bytes | Rejection:
        """The answer as of now, as JSON or as the bytes of a document."""
        whole = msgspec.structs.replace(question, until=self._position(), now=self._now())
        try:
            return heard(await self._asked(question).ask(packed(whole)))
        except NotComputed as error:
            return Rejection("computing_unavailable", {"why": error.why})

    def _asked(self, question: AnyLooking) -> ComputingProcess:
        if not isinstance(question, HowWasIt | WhatDiffers):
            return self._present
        if self._past is None:
            self._past = self._open("time-machine")
        return self._past
