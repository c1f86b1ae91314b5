"""Copies of a log that are kept elsewhere, and whether to believe one."""

from collections.abc import Sequence

from redstick.kernel.envelope import Head, unseal
from redstick.kernel.errors import Corruption


def verified(lines: Sequence[bytes], heads: Sequence[Head]) -> bool:
    """Whether lines are a chain, and one on which every head lies that was written down outside."""
    digests, previous = [], Head().hash
    try:
        for line in lines:
            previous, _ = unseal(previous, line)
            digests.append(previous)
    except Corruption:
        return False
    return all(head.position == 0 or digests[head.position - 1 : head.position] == [head.hash] for head in heads)
