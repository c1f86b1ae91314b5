"""The vault: the one place where plaintext becomes a handle, and a handle becomes plaintext again for a moment."""

from collections.abc import Callable

from redstick.kernel.secrets.ciphers import Entropy
from redstick.kernel.secrets.periods import period_of
from redstick.kernel.secrets.ports import KeyRing, Permits
from redstick.kernel.secrets.sealed import Place, Sealed, read_handle, seal, unseal
from redstick.kernel.secrets.state import Secrets, key_name
from redstick.kernel.values import Instant, Rejection


class Vault:
    """Seals and opens the fields of one journal.

    `state` gives the committed state of secrets: what it says is destroyed does not open, whatever the ring still has.
    Both calls raise what the ring raises.
    """

    def __init__(
        self, journal: str, ring: KeyRing, state: Callable[[], Secrets], permits: Permits, entropy: Entropy
    ) -> None:
        self._journal, self._ring, self._state = journal, ring, state
        self._permits, self._entropy = permits, entropy

    def seal(self, subject: str, field: str, retention_class: str, text: str, now: Instant) -> Sealed | Rejection:
        """Seal what is recorded now about a subject (a case, a camera) in a field, to be kept as its class says.

        Rejections: `class_unknown`, `key_unknown` (no sweep has made the period's key), `case_expunged`.
        """
        state = self._state()
        declared = state.classes.get(retention_class)
        if declared is None:
            return Rejection("class_unknown", {"class": retention_class})
        period = period_of(declared.periods, now)
        name = key_name(retention_class, period)
        if name not in state.keys or state.keys[name].destruction is not None:
            return Rejection("key_unknown", {"keys": [name]})
        if subject in state.expunged:
            return Rejection("case_expunged", {"case": subject})
        key = self._ring.key_for(retention_class, period, subject)
        return seal(Place(self._journal, subject, field), key, text, self._entropy)

    def open_sealed(self, handle: Sealed, subject: str, field: str, audience: str, purpose: str) -> str | Rejection:
        """The plaintext, for an audience that may see it for this purpose. It must not outlive the frame it is for.

        Rejections: those of the authority, then `seal_malformed`, `key_unknown`, `key_destroyed`, and `seal_broken`: it
        was changed, or was not sealed for this journal, subject and field.
        """
        refused = self._permits(audience, field, purpose)
        if refused is not None:
            return refused
        found = read_handle(handle)
        if found is None:
            return Rejection("seal_malformed", {"subject": subject, "field": field})
        name = key_name(found.retention_class, found.period)
        known = self._state().keys.get(name)
        if known is None:
            return Rejection("key_unknown", {"keys": [name]})
        key = None if known.destroyed(subject) else self._ring.find(found.retention_class, found.period, found.key)
        if key is None:
            return Rejection("key_destroyed", {"subject": subject, "key": name})
        text = unseal(Place(self._journal, subject, field), key, found)
        return Rejection("seal_broken", {"subject": subject, "field": field}) if text is None else text
