"""G.711 by tables (ITU-T G.711, tables 1a to 2b): each octet as a 16-bit sample, each sample as an octet.

The standard library's own goes away with Python 3.13. Tables of decision values are made once, when this is loaded.
"""

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import msgspec

RATE = 8_000  # samples a second
PACKET_SAMPLES = 160  # 20 ms
LOUDEST = 32_768
_BIAS = 33  # of mu-law, in its 14-bit scale


def _mu_sample(octet: int) -> int:
    """Table 2b: sign, segment and step, all bits turned over; 14 bits, put to the left of 16."""
    turned = ~octet & 0xFF
    segment, step = turned >> 4 & 7, turned & 15
    magnitude = ((2 * step + _BIAS) << segment) - _BIAS
    return 4 * (-magnitude if turned & 0x80 else magnitude)


def _a_sample(octet: int) -> int:
    """Table 1b: even bits turned over; 13 bits, put to the left of 16. A set sign bit is positive here."""
    turned = octet ^ 0x55
    segment, step = turned >> 4 & 7, turned & 15
    magnitude = 2 * step + 1 if segment == 0 else (2 * step + 33) << (segment - 1)
    return 8 * (magnitude if turned & 0x80 else -magnitude)


class Law(msgspec.Struct, frozen=True, eq=False):
    """One law: `samples` and their squares by octet, `silence`, and what encodes."""

    name: str
    payload_type: int
    samples: tuple[int, ...]
    squares: tuple[int, ...]
    silence: int
    _sorted: tuple[tuple[int, int], ...]
    _middles: tuple[float, ...]

    def encode(self, samples: tuple[int, ...]) -> bytes:
        """The octet nearest to each sample; beyond the loudest there is the loudest."""
        return bytes(self._sorted[bisect_left(self._middles, sample)][1] for sample in samples)

    def decode(self, octets: bytes) -> tuple[int, ...]:
        """16-bit samples."""
        return tuple(self.samples[octet] for octet in octets)


def _law(name: str, payload_type: int, samples: tuple[int, ...]) -> Law:
    """Between two values that neighbour each other the decision lies in the middle."""
    octet_of = {sample: octet for octet, sample in enumerate(samples)}  # of two zeros the last: 0xFF in mu-law
    ordered = tuple(sorted(octet_of.items()))
    middles = tuple((low + high) / 2 for (low, _), (high, _) in pairwise(ordered))
    quiet = min(ordered, key=lambda pair: abs(pair[0]))[1]
    return Law(name, payload_type, samples, tuple(sample * sample for sample in samples), quiet, ordered, middles)


PCMU = _law("PCMU", 0, tuple(_mu_sample(octet) for octet in range(256)))
PCMA = _law("PCMA", 8, tuple(_a_sample(octet) for octet in range(256)))
LAWS = {("pcmu", RATE): PCMU, ("pcma", RATE): PCMA}


@lru_cache(maxsize=4)
def table_between(one: Law, other: Law) -> bytes:
    """For `bytes.translate`: octets of one law as those of another."""
    return bytes(range(256)) if one is other else other.encode(one.samples)


def mixed(parts: Sequence[tuple[bytes, Law]], law: Law) -> bytes:
    """Several at once, in one law: samples added, the loudest where that is too loud."""
    octets, most = _octets_of(law), LOUDEST - 1
    together = zip(*(map(one.samples.__getitem__, payload) for payload, one in parts), strict=True)
    return bytes(octets[max(-LOUDEST, min(most, sum(samples)))] for samples in together)


@lru_cache(maxsize=2)
def _octets_of(law: Law) -> bytes:
    """The octet of each 16-bit sample, the negative ones behind the others as indices of Python go."""
    return law.encode((*range(LOUDEST), *range(-LOUDEST, 0)))
