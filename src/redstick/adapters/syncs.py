"""Syncs that Linux does beside the process (io_submit(2), `IOCB_CMD_FDSYNC`), told on the event loop that asked.

A thread that syncs must have the interpreter four times a batch, and at a thousand batches a second it waits for the
loop as long as for the disk. The kernel does not: see docs/decisions/0021-syncs-beside-the-loop.md.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Self

from caio import AbstractOperation, linux_aio

Told = Callable[[OSError | None], None]


class KernelSyncs:
    """One sync at a time, of any file; made on a running event loop."""

    def __init__(self) -> None:
        """Raises OSError where the system has no such thing."""
        if linux_aio is None:
            raise OSError("this system has no AIO")
        try:
            self._context = linux_aio.Context(max_requests=1)
        except Exception as error:
            raise OSError(f"this system lends no AIO: {error}") from error
        self._under_way: tuple[AbstractOperation, Told] | None = None
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._context.fileno, self._look)

    @classmethod
    def made(cls) -> Self | None:
        """None where the system has no such thing."""
        try:
            return cls()
        except OSError:
            return None

    def begin(self, descriptor: int, told: Told) -> bool:
        """Begin to sync an open file; `told` is called on the loop with what went wrong, or None.

        False when nothing was begun: another is under way, or the file system of this one cannot.
        """
        if self._under_way is not None:
            return False
        operation = linux_aio.Operation.fdsync(descriptor)
        try:
            if self._context.submit(operation) != 1:
                return False
        except Exception:  # noqa: BLE001  (whichever of its errors it is, the kernel has taken nothing)
            return False
        self._under_way = operation, told
        return True

    def close(self) -> None:
        """Look no more; may be called in any thread, once nothing is under way."""
        with suppress(RuntimeError):  # the loop is gone, and looks no more
            self._loop.call_soon_threadsafe(self._loop.remove_reader, self._context.fileno)

    def _look(self) -> None:
        with suppress(BlockingIOError):  # somebody has looked already
            self._context.poll()
        if self._context.process_events() and self._under_way is not None:
            (operation, told), self._under_way = self._under_way, None
            told(_fault(operation))


def _fault(operation: AbstractOperation) -> OSError | None:
    try:
        operation.get_value()
    except Exception as error:  # noqa: BLE001  (it tells what the kernel said, and nothing else)
        return OSError(str(error))
    return None
