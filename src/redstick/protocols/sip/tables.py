"""All transactions of an agent, by key, with their deadlines in a heap: what is due is found at once."""

import heapq
from collections.abc import Iterator

from redstick.protocols.sip.transactions import Client, Key, RequestClient, Server


class Table:
    """Machines by key. `owner` is the call that a machine serves, `source` where its request came from."""

    def __init__(self) -> None:
        self._machines: dict[Key, Client | Server] = {}
        self._owners: dict[Key, str] = {}
        self._sources: dict[Key, str] = {}
        self._heap: list[tuple[int, Key]] = []
        self._waits: dict[Key, int] = {}

    def __len__(self) -> int:
        return len(self._machines)

    def add(self, key: Key, machine: Client | Server, *, owner: str = "", source: str = "") -> None:
        """A machine that has begun."""
        self._machines[key] = machine
        self._owners[key], self._sources[key] = owner, source

    def get(self, key: Key | None) -> Client | Server | None:
        """The machine of a key, None when there is none or no longer."""
        return None if key is None else self._machines.get(key)

    def owner(self, key: Key) -> str:
        """The call that it serves, empty for none."""
        return self._owners.get(key, "")

    def source(self, key: Key) -> str:
        """Where its request came from, empty for one of ours."""
        return self._sources.get(key, "")

    def own(self, key: Key, owner: str) -> None:
        """It serves this call."""
        self._owners[key] = owner

    def came_from(self, key: Key, source: str) -> None:
        """Its request came again, perhaps from elsewhere."""
        self._sources[key] = source

    def asks(self, method: str) -> bool:
        """Whether a request of ours with this method still waits for its final answer."""
        ours = (one for one in self._machines.values() if isinstance(one, RequestClient))
        return any(one.request.method == method and one.state in {"trying", "proceeding"} for one in ours)

    def settle(self, key: Key) -> None:
        """After a step: what is over is forgotten, what waits is put in line."""
        machine = self._machines.get(key)
        if machine is None:
            return
        if machine.over:
            for table in (self._machines, self._owners, self._sources, self._waits):
                table.pop(key, None)
        elif machine.next_at is not None and self._waits.get(key) != machine.next_at:
            self._waits[key] = machine.next_at
            heapq.heappush(self._heap, (machine.next_at, key))

    @property
    def next_at(self) -> int | None:
        """The nearest deadline, None when there is none."""
        while self._heap and not self._still(*self._heap[0]):
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def due(self, now: int) -> Iterator[tuple[Key, Client | Server]]:
        """The machines whose time has come."""
        while (at := self.next_at) is not None and at <= now:
            _, key = heapq.heappop(self._heap)
            self._waits.pop(key, None)
            yield key, self._machines[key]

    def _still(self, at: int, key: Key) -> bool:
        machine = self._machines.get(key)
        return machine is not None and machine.next_at == at
