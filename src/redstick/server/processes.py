"""How processes beside the server begin: out of one that has imported what all of them need, and shares its memory.

Begun one by one they would each import the same again: a second of CPU and forty megabytes apiece.
"""

import ctypes
import gc
from contextlib import suppress
from functools import cache
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from multiprocessing.forkserver import ensure_running

EVERY_ONE = ("redstick.bootstrap",)
OF_A_CITY = ("redstick.dispatch.lookback.desk", "redstick.adapters.city_folder", "redstick.adapters.city_map")
HELD_STILL = "redstick.server.held_still"  # imported last


@cache
def beside_the_server() -> ForkServerContext:
    """The context to begin processes with; safe beside threads, since nothing of the server itself is copied."""
    context = get_context("forkserver")
    context.set_forkserver_preload([*EVERY_ONE, HELD_STILL])
    return context


def share(*modules: str) -> None:
    """Have these imported once for all processes that need them; only what is said before the first begins counts."""
    beside_the_server().set_forkserver_preload([*EVERY_ONE, *modules, HELD_STILL])


def come_up() -> None:
    """Have the process that they begin out of come up by now: the first that begins would wait for it."""
    beside_the_server()
    ensure_running()


def give_back() -> None:
    """Give the machine the memory back that loading took and nothing needs any more, where its library can."""
    gc.collect()
    with suppress(OSError, AttributeError):  # another C library than glibc
        ctypes.CDLL(None).malloc_trim(0)
