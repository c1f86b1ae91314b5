"""How often somebody may try a wrong password: by user at a source, by source, by user. The time is handed in.

A right password is never counted. Who tries too often rests, and is told for how long; whoever is registered already
from where he asks is stopped only by his own wrong tries, so that nobody locks another one's phone out from elsewhere.
"""

from collections import OrderedDict

import msgspec

MOST_KEPT = 20_000
Key = tuple[str, str]


class Limit(msgspec.Struct, frozen=True):
    """So many wrong tries within a time, and for how long whoever had them rests."""

    tries: int
    within_ms: int = 60_000
    rest_ms: int = 60_000


OWN = Limit(5)
SOURCE = Limit(30)
USER = Limit(50, 300_000, 300_000)


class Attempts:
    """Wrong tries so far. What is oldest is forgotten first where too many are kept."""

    def __init__(self, own: Limit = OWN, source: Limit = SOURCE, user: Limit = USER) -> None:
        self._own, self._source, self._user = own, source, user
        self._wrong: OrderedDict[Key, list[int]] = OrderedDict()
        self._rests: OrderedDict[Key, int] = OrderedDict()

    def rests_ms(self, user: str, host: str, now: int, *, known: bool = False) -> int:
        """For how long nobody may try as `user` from `host`; 0 where one may. `known` is registered from there."""
        keys = [(user, host), *([] if known else [("", host), (user, "")])]
        return max(0, *(self._rests.get(key, 0) - now for key in keys))

    def wrong(self, user: str, host: str, now: int) -> bool:
        """One more; whether from now on somebody rests who did not before."""
        began = [
            self._count((user, host), self._own, now),
            self._count(("", host), self._source, now),
            self._count((user, ""), self._user, now),
        ]
        return any(began)

    def right(self, user: str, host: str) -> None:
        """The user of this source knows the password: its own tries are forgotten."""
        self._wrong.pop((user, host), None)

    def _count(self, key: Key, limit: Limit, now: int) -> bool:
        tries = [at for at in self._wrong.pop(key, []) if at > now - limit.within_ms]
        self._wrong[key] = [*tries, now]
        _keep(self._wrong)
        if len(tries) + 1 < limit.tries:
            return False
        del self._wrong[key]
        rested = self._rests.pop(key, 0) > now
        self._rests[key] = now + limit.rest_ms
        _keep(self._rests)
        return not rested


def _keep(table: OrderedDict[Key, list[int]] | OrderedDict[Key, int]) -> None:
    while len(table) > MOST_KEPT:
        table.popitem(last=False)
