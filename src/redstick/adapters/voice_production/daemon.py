"""A program beside the server: begun in its own folder, again when it ends by itself, and ended with the server."""

import asyncio
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from redstick.kernel.errors import Unavailable

AGAIN_S, MOST_AGAIN_S = 0.5, 10.0  # until it is begun again; twice as long each time that it ends within a minute
STEADY_S, END_S = 60.0, 5.0
LOG, MOST_LOG = "log", 8 << 20  # bytes: whoever sends what cannot be read fills no disk


class Absent(Unavailable):
    """The program is not installed, and says which package brings it; or it does not come up."""


class Daemon:
    """`words` begin it; `prepared` is done before each start. Its process dies with ours, however ours ends.

    `changed` is told whether it runs, each time that this changes after it was begun first.
    """

    def __init__(
        self, words: Sequence[str], folder: Path, prepared: Callable[[], None], changed: Callable[[bool], None]
    ) -> None:
        self._words, self._folder, self._prepared, self._changed = words, folder, prepared, changed
        self._process: asyncio.subprocess.Process | None = None
        self._watching: asyncio.Task[None] | None = None
        self.starts = 0

    @property
    def pid(self) -> int | None:
        """Of the process that runs now."""
        return None if self._process is None or self._process.returncode is not None else self._process.pid

    async def start(self) -> None:
        """Begin it, and again whenever it ends."""
        await self._begin()
        self._watching = asyncio.create_task(self._watch())

    async def _begin(self) -> None:
        self._prepared()
        with (self._folder / LOG).open("ab") as out:
            self._process = await asyncio.create_subprocess_exec(
                *dying_with_us(),
                *self._words,
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,  # a key that interrupts us is not theirs
            )
        self.starts += 1

    async def _watch(self) -> None:
        loop, wait_s = asyncio.get_running_loop(), AGAIN_S
        while self._process is not None:
            began = loop.time()
            await self._process.wait()
            self._changed(False)
            self.kill()  # a program of many processes may have left some, which hold its ports
            wait_s = AGAIN_S if loop.time() - began > STEADY_S else min(MOST_AGAIN_S, 2 * wait_s)
            await asyncio.sleep(wait_s)
            with suppress(OSError):
                await self._begin()
                self._changed(True)

    def trim(self) -> None:
        """Begin its log anew when that is long; whoever runs it asks for it now and then."""
        log = self._folder / LOG
        with suppress(OSError):
            if log.stat().st_size > MOST_LOG:
                os.truncate(log, 0)

    def kill(self) -> None:
        """It hangs: end it at once, with whatever it began, to be begun again."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def stop(self) -> None:
        """End it; what does not is killed."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), END_S)
        except TimeoutError:
            self.kill()
            await process.wait()


def dying_with_us() -> tuple[str, ...]:
    """What stands before a command so that the system ends it when we are gone."""
    return (installed("setpriv", "util-linux"), "--pdeathsig", "TERM", "--")


def installed(program: str, package: str) -> str:
    """Where a program is. Raises Absent."""
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")
    if found is None:
        raise Absent(f"`{program}` is not installed; Debian's package is {package}")
    return found
