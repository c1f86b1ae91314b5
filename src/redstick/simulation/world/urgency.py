"""What waits at one life of a node: no emergency is overtaken by what came behind it and is less urgent."""

from itertools import count

from redstick.kernel.executor import Lane
from redstick.kernel.node import Redirect
from redstick.kernel.values import Outcome


class Waiting:
    """Follows who has asked and was not told, by the order in which they came."""

    def __init__(self) -> None:
        self._numbers = count()
        self._arrived: dict[str, list[tuple[int, Lane]]] = {}

    def asked(self, request: str, lane: Lane) -> None:
        """A request came, perhaps not for the first time."""
        self._arrived.setdefault(request, []).append((next(self._numbers), lane))

    def told(self, said: Outcome | Redirect) -> str:
        """Somebody is told; gives the emergency that this overtakes, "" for none. Who is sent away overtakes none."""
        arrived = self._arrived.get(said.request)
        if not arrived:
            return ""
        number, lane = arrived.pop(0)
        if not arrived:
            del self._arrived[said.request]
        if isinstance(said, Redirect) or (said.rejection is not None and said.rejection.code == "busy"):
            return ""
        return "" if lane is Lane.EMERGENCY else self._emergency_before(number)

    def _emergency_before(self, number: int) -> str:
        waiting = (
            request
            for request, arrived in self._arrived.items()
            for came, lane in arrived
            if lane is Lane.EMERGENCY and came < number
        )
        return next(waiting, "")
