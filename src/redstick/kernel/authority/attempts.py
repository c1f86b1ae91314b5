"""How often one may fail: a fixed number of counters, whatever is thrown at them.

Only failures count, and they count before the answer is known, so that a thousand attempts at once are not a thousand
answers. Who signs in from an address that is known for the account is counted apart from strangers: nobody can lock a
dispatcher out of the own console by failing in the dispatcher's name from elsewhere.
"""

from dataclasses import dataclass, field
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address

from redstick.kernel.values import Instant

COUNTERS = 65_536
QUARTER_HOUR_MS = 15 * 60_000


@dataclass(frozen=True)
class Allowance:
    """So many failures at once, and as many again in `per_ms`."""

    failures: int
    per_ms: int = QUARTER_HOUR_MS

    @property
    def each_ms(self) -> int:
        """The time after which one failure is forgotten."""
        return self.per_ms // self.failures


ACCOUNT = Allowance(10)
ADDRESS = Allowance(30)


@dataclass
class Attempts:
    """Counters by a salted hash of what they count; names that share one by chance share its allowance.

    A counter is the time at which all its failures will be forgotten (the generic cell rate algorithm).
    """

    salt: bytes
    _clear_at: dict[int, Instant] = field(default_factory=dict)

    def charge(self, key: str, allowance: Allowance, now: Instant) -> int:
        """Count a failure beforehand and give 0; or count nothing and give the ms until another may be made."""
        counter = self._counter(key)
        clear_at = max(now, self._clear_at.get(counter, 0)) + allowance.each_ms
        excess_ms = clear_at - now - allowance.per_ms
        if excess_ms > 0:
            return excess_ms
        self._clear_at[counter] = clear_at
        return 0

    def refund(self, key: str, allowance: Allowance) -> None:
        """It was no failure."""
        counter = self._counter(key)
        self._clear_at[counter] = self._clear_at.get(counter, 0) - allowance.each_ms

    def _counter(self, key: str) -> int:
        return int.from_bytes(blake2b(key.encode(), key=self.salt, digest_size=8).digest()) % COUNTERS


def account_key(name: str, address: str, *, known: bool) -> str:
    """What failures for an account are counted under: for each known address apart, for strangers together."""
    return f"known:{address}:{name}" if known else f"strangers:{name}"


def address_key(address: str) -> str:
    """What failures from an address are counted under; one subscriber of IPv6 has 2^64 addresses and one counter."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return f"address:{address}"
    return f"address:{int(found) >> 64:x}/64" if isinstance(found, IPv6Address) else f"address:{found}"
