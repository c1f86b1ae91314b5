"""What always holds of secrets, whatever happened: checked by the simulator, usable in production."""

from collections.abc import Iterator

from redstick.kernel.secrets.state import RETENTION, Secrets, key_name


def broken(state: Secrets) -> Iterator[str]:
    """Each invariant that does not hold, in words with the names it concerns; nothing when all is well."""
    for name, key in state.keys.items():
        if name != key_name(key.retention_class, key.period) or key.retention_class not in state.classes:
            yield f"key {name} is that of {key.retention_class} in {key.period}"
        if key.spared and key.destruction is None:
            yield f"key {name} lives and has spared {key.spared}"
        if key.destruction is not None and key.destruction.reason != RETENTION:
            yield f"key {name} was destroyed because of {key.destruction.reason}, and not by the schedule"
        twice = sorted(set(key.spared) & set(key.cases))
        if twice:
            yield f"key {name} was destroyed for {twice} and spares them"
        for destruction in [*key.cases.values(), *([key.destruction] if key.destruction else [])]:
            if destruction.complete_at is not None and destruction.complete_at < destruction.destroyed_at:
                yield f"key {name} was complete before it was destroyed"
    for hold in state.holds.values():
        if hold.case in state.expunged:
            yield f"case {hold.case} is held by {hold.id} and was expunged"
