"""The rows that a batch of lines concerns: read once, changed in memory line by line, written together."""

from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter

from sqlalchemy import Connection

from redstick.adapters.ledgers.schema import StoredTable, fitting
from redstick.kernel.envelope import Envelope
from redstick.kernel.ledgers import EVER, FOREVER, Change, Key, Put, Row, Value, Version, believed, since_of

Place = tuple[str, Key]


@dataclass(slots=True)
class Held:
    """Believed versions of one row, in order: all that end behind `since`."""

    since: int
    versions: list[Version]


class Batch:
    """What is believed, as a `Known`; and what changes it, until `flush`."""

    def __init__(self, connection: Connection, tables: Mapping[str, StoredTable], held: int) -> None:
        """`held` is the position of the last line that the tables hold: what a later one began is not in them."""
        self._connection, self._tables, self._last_held = connection, tables, held
        self._held: dict[Place, Held] = {}
        self._stored_last: dict[Place, Key | None] = {}
        self._new_last: dict[Place, Key] = {}
        self._opened: dict[str, dict[tuple[Key, int, int], dict[str, Value]]] = {name: {} for name in tables}
        self._closed: dict[str, list[dict[str, Value]]] = {name: [] for name in tables}

    # Known

    def row(self, table: str, key: Key) -> Row | None:
        """The columns of a row as they hold last; None when there is no such row."""
        versions = self._versions(table, _fitting(key), FOREVER - 1)
        if not versions:
            return None
        return dict(zip(self._tables[table].declared.names, versions[-1].values, strict=True))

    def last(self, table: str, prefix: Key) -> Key | None:
        """The greatest key that begins with `prefix`, which lacks the last part; None when there is none."""
        place = (table, _fitting(prefix))
        if place not in self._stored_last:
            stored = self._tables[table]
            found = self._connection.execute(stored.last, stored.bound(place[1])).first()
            self._stored_last[place] = None if found is None else (*place[1], found[0])
        return _greater(self._stored_last[place], self._new_last.get(place))

    # Changes

    def change(self, change: Change, envelope: Envelope) -> None:
        """Believe what a line says: close what it overrules, open what it says instead."""
        table, key = self._tables[change.table].declared, _fitting(change.key)
        if None in key or len(key) != len(table.key):
            raise ValueError(f"table {table.name}: not a whole key: {change.key}")
        before = self._versions(table.name, key, EVER if isinstance(change, Put) else since_of(change, envelope))
        after = believed(table, before, change, envelope)
        if after == before:
            return
        kept = set(map(id, before)).intersection(map(id, after))
        for version in before:
            if id(version) not in kept:
                self._close(table.name, key, version, envelope)
        for number, version in enumerate(after):
            if id(version) not in kept:
                after[number] = _fitting_version(version)
                self._open(table.name, key, after[number])
        self._held[table.name, key].versions = after
        if after:
            place = (table.name, key[:-1])
            self._new_last[place] = _greater(self._new_last.get(place), key) or key

    def flush(self) -> None:
        """Write everything that changed."""
        for name, stored in self._tables.items():
            if self._closed[name]:
                self._connection.execute(stored.close, self._closed[name])
            if self._opened[name]:
                self._connection.execute(stored.insert, list(self._opened[name].values()))

    # Inside

    def _versions(self, table: str, key: Key, since: int) -> list[Version]:
        """Believed versions of a row, in order, at least all that end behind `since`."""
        held = self._held.get((table, key))
        if held is None:
            held = self._held[table, key] = Held(EVER if self._begun_since(table, key) else FOREVER, [])
        if since < held.since:
            stored = self._tables[table]
            span = {**stored.bound(key), "since": since, "until": held.since}
            rows = self._connection.execute(stored.tail, span)
            held.versions = [
                *(Version(a, b, line, when, who, tuple(rest)) for a, b, line, when, who, *rest in rows),
                *held.versions,
            ]
            held.since = since
        return held.versions

    def _begun_since(self, table: str, key: Key) -> bool:
        """Whether no stored row can have this key."""
        line = self._tables[table].declared.line
        begun = None if line is None else key[line]
        return self._last_held == 0 or (isinstance(begun, int) and begun > self._last_held)

    def _open(self, table: str, key: Key, version: Version) -> None:
        declared = self._tables[table].declared
        self._opened[table][key, version.valid_from, version.position_from] = {
            **dict(zip(declared.key_names, key, strict=True)),
            **dict(zip(declared.names, version.values, strict=True)),
            "valid_from": version.valid_from,
            "valid_to": version.valid_to,
            "position_from": version.position_from,
            "position_to": FOREVER,
            "recorded_from": version.recorded_from,
            "recorded_to": FOREVER,
            "recorded_by": fitting(version.recorded_by),
        }

    def _close(self, table: str, key: Key, version: Version, envelope: Envelope) -> None:
        """A version that the same line opened was never believed; one of this batch is closed before it is written."""
        place = (key, version.valid_from, version.position_from)
        fresh = self._opened[table].get(place)
        if fresh is None:
            parameters = self._tables[table].bound(key)
            parameters |= {"from_": version.valid_from, "line_": version.position_from}
            self._closed[table].append(
                {**parameters, "position_": envelope.position, "recorded_": envelope.recorded_at}
            )
        elif version.position_from == envelope.position:
            del self._opened[table][place]
        else:
            fresh |= {"position_to": envelope.position, "recorded_to": envelope.recorded_at}


def _greater(one: Key | None, other: Key | None) -> Key | None:
    """The greater of two keys that differ in their last part; the parts of one column are of one kind."""
    if one is None or other is None:
        return other if one is None else one
    return max(one, other, key=itemgetter(-1))


def _fitting(key: Key) -> Key:
    return tuple(fitting(part) for part in key)


def _fitting_version(version: Version) -> Version:
    values = tuple(int(value) if isinstance(value, bool) else fitting(value) for value in version.values)
    return version if values == version.values else version._replace(values=values)
