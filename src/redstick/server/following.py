"""The follower beside the server: another process that reads what is durable, keeps the ledgers and takes snapshots.

It holds the server up by nothing but a short message now and then, and only when it has answered the one before.
"""

from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import NamedTuple

from redstick.server.processes import beside_the_server

STOP_S = 5.0  # how long a follower may take to end


class Followed(NamedTuple):
    """What a follower answers: the position that it has taken in, and what is wrong, if anything is."""

    position: int
    fault: str = ""


Follow = Callable[[Connection], None]


class FollowerProcess:
    """Starts `follow(connection)` in a process of its own.

    The follower is sent positions up to which the journal is durable, the newest only, and answers each with a
    `Followed`. One that has died is started again with the next position.
    """

    def __init__(self, follow: Follow) -> None:
        self.standing = Followed(0)
        self._follow, self._context = follow, beside_the_server()
        self._told = 0
        self._start()

    def tell(self, position: int) -> None:
        """Say how far the journal is durable; never waits."""
        if not self._process.is_alive():
            self.standing = Followed(self.standing.position, f"it ended with {self._process.exitcode}")
            self._start()
        try:
            while self._here.poll():
                self.standing = self._here.recv()
                self._answered = True
            if self._answered and position > self._told:
                self._here.send(position)
                self._told, self._answered = position, False
        except (EOFError, OSError) as error:
            self.standing = Followed(self.standing.position, str(error))

    def close(self) -> None:
        """Have it end."""
        self._here.close()
        self._process.join(STOP_S)
        if self._process.is_alive():
            self._process.terminate()
            self._process.join(STOP_S)
        self._process.close()

    def _start(self) -> None:
        self._here, there = self._context.Pipe()
        self._process = self._context.Process(target=self._follow, args=(there,), name="follower", daemon=True)
        self._process.start()
        there.close()
        self._told, self._answered = 0, True
