"""A key ring in memory: the reference that other rings must equal, and the one for what-ifs and simulations."""

from collections.abc import Sequence

from redstick.kernel.ids import ENTROPY_BITS, ENTROPY_CHARACTERS, base32
from redstick.kernel.secrets.ciphers import KEY_BYTES, Entropy
from redstick.kernel.secrets.ports import DataKey


class MemoryKeyRing:
    """Keeps data keys as they are, for as long as the process lives."""

    def __init__(self, entropy: Entropy) -> None:
        self._entropy = entropy
        self._keys: dict[tuple[str, str, str], DataKey] = {}  # by class, period, subject

    def key_for(self, retention_class: str, period: str, subject: str) -> DataKey:
        """The data key of a subject; made when there is none yet."""
        place = (retention_class, period, subject)
        if place not in self._keys:
            self._keys[place] = new_key(retention_class, period, subject, self._entropy)
        return self._keys[place]

    def find(self, retention_class: str, period: str, key_id: str) -> DataKey | None:
        """A data key by its id; None when it was destroyed or never made."""
        return next((key for key in self._of(retention_class, period) if key.id == key_id), None)

    def periods_of(self, subject: str) -> list[tuple[str, str]]:
        """(class, period) of every data key of a subject, sorted."""
        return sorted(place[:2] for place in self._keys if place[2] == subject)

    def destroy(self, retention_class: str, period: str, spared: Sequence[str]) -> list[str]:
        """Forget every data key of a class and period but those of the `spared`; gives those that there were."""
        kept = []
        for key in self._of(retention_class, period):
            if key.subject in spared:
                kept.append(key.subject)
            else:
                del self._keys[retention_class, period, key.subject]
        return sorted(kept)

    def destroy_subject(self, retention_class: str, period: str, subject: str) -> None:
        """Forget one subject's data key."""
        self._keys.pop((retention_class, period, subject), None)

    def _of(self, retention_class: str, period: str) -> list[DataKey]:
        return [key for place, key in self._keys.items() if place[:2] == (retention_class, period)]


def new_key(retention_class: str, period: str, subject: str, entropy: Entropy) -> DataKey:
    """A data key that nobody has seen."""
    name = base32(int.from_bytes(entropy(ENTROPY_BITS // 8)), ENTROPY_CHARACTERS)
    return DataKey(retention_class, period, name, subject, entropy(KEY_BYTES))
