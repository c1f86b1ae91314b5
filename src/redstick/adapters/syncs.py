"""Syncs that Linux does beside the process, told on the event loop that asked.

A thread that syncs must have the interpreter four times a batch, and at a thousand batches a second it waits for the
loop as long as for the disk. The kernel does not: see docs/decisions/0021-syncs-beside-the-loop.md. io_uring(7) comes
first, whose workers run on any core; Linux AIO (io_submit(2)), whose worker waits for the core that asked, serves where
io_uring is forbidden, as it is in many containers.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from types import ModuleType

from caio import AbstractOperation, linux_aio, linux_uring

Told = Callable[[OSError | None], None]

LENDERS: tuple[ModuleType, ...] = tuple(filter(None, (linux_uring, linux_aio)))  # what this build of caio has


class KernelSyncs:
    """One sync at a time, of any file; made on a running event loop."""

    def __init__(self, lender: ModuleType) -> None:
        """Raises OSError where the system has no such thing."""
        try:
            self._context = lender.Context(max_requests=1)
        except Exception as error:
            raise OSError(f"this system lends no {lender.__name__}: {error}") from error
        self._sync = lender.Operation.fdsync
        self._flush: Callable[[], int] | None = getattr(self._context, "flush", None)  # a ring gathers until then
        self._under_way: tuple[AbstractOperation, Told] | None = None
        self._over = self._broken = False
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._context.fileno, self._look)

    @classmethod
    def made(cls) -> "KernelSyncs | None":
        """By the first of the lenders that the system has; None where it has none."""
        for lender in LENDERS:
            with suppress(OSError):
                return cls(lender)
        return None

    def begin(self, descriptor: int, told: Told) -> bool:
        """Begin to sync an open file; `told` is called on the loop, later, with what went wrong, or None.

        False when nothing was begun: another is under way, or the file system of this one cannot.
        """
        if self._under_way is not None or self._broken:
            return False
        operation = self._sync(descriptor)
        operation.set_callback(self._ended)
        try:
            if self._context.submit(operation) != 1:
                return False
        except Exception:  # noqa: BLE001  (whichever of its errors it is, the kernel has taken nothing)
            return False
        self._under_way, self._over = (operation, told), False
        if self._flush is not None:
            self._send(self._flush)
        return True

    def close(self) -> None:
        """Look no more; may be called in any thread, once nothing is under way."""
        with suppress(RuntimeError):  # the loop is gone, and looks no more
            self._loop.call_soon_threadsafe(self._loop.remove_reader, self._context.fileno)

    def _send(self, flush: Callable[[], int]) -> None:
        """Give the ring to the kernel. Where it does not take it, what becomes of the sync is unknown: a fault."""
        try:
            flush()
        except Exception as error:  # noqa: BLE001  (whichever of its errors it is, nobody knows what was taken)
            self._broken = True
            self._loop.call_soon(self._tell, OSError(f"the kernel took no sync: {error}"))
        else:
            if self._over:  # so quick a disk
                self._loop.call_soon(self._look)

    def _ended(self, result: int) -> None:
        del result  # an unsigned one by Linux AIO; the operation knows it
        self._over = True

    def _look(self) -> None:
        with suppress(BlockingIOError):  # somebody has looked already
            self._context.poll()
        self._context.process_events()
        if self._over and self._under_way is not None:
            self._tell(_fault(self._under_way[0]))

    def _tell(self, fault: OSError | None) -> None:
        if self._under_way is not None:
            told, self._under_way = self._under_way[1], None
            told(fault)


def _fault(operation: AbstractOperation) -> OSError | None:
    try:
        operation.get_value()
    except Exception as error:  # noqa: BLE001  (it tells what the kernel said, and nothing else)
        return OSError(str(error))
    return None
