"""Stopwatches at the doors of rooms: where the time of a run goes, told apart by who was entered last."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

Rooms = Sequence[tuple[str, Any, str]]  # a room's name, and a door to it: an attribute of an owner


@contextmanager
def watched(rooms: Rooms, spent: dict[str, float]) -> Iterator[None]:
    """Add up CPU seconds by room; time in an inner room is not counted for the outer one."""
    inside: list[list[float]] = []
    before = [(owner, name, getattr(owner, name)) for _, owner, name in rooms]
    for room, owner, name in rooms:
        setattr(owner, name, _timed(getattr(owner, name), room, spent, inside))
    try:
        yield
    finally:
        for owner, name, original in before:
            setattr(owner, name, original)


def _timed(
    original: Callable[..., Any], room: str, spent: dict[str, float], inside: list[list[float]]
) -> Callable[..., Any]:
    def timed(*args: Any, **options: Any) -> Any:
        inside.append([0.0])
        began = time.process_time()
        try:
            return original(*args, **options)
        finally:
            took = time.process_time() - began
            spent[room] += took - inside.pop()[0]
            if inside:
                inside[-1][0] += took

    return timed
