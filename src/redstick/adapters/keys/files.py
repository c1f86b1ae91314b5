r"""The key ring of one folder: a file for each class and period, each line authenticated. See docs/secrets.md.

`<class>.<period>.keys` begins with two equal lines, so that one flipped bit loses nothing: the key of the class and
period, wrapped by the root key and bound to the file's name. Each further line is one subject's data key, wrapped by
that key and bound to its id and its subject. What is destroyed is overwritten with zeros: a whole file, or the older
form of one that was written anew without a line. Held cases whose key's time has come move to
`<class>.<period>.spared`, of the same form, under a key of its own.
"""

import base64
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import NamedTuple

import msgspec

from redstick.adapters.keys.memory import new_key
from redstick.adapters.keys.whole import keep_whole, settle, wipe
from redstick.adapters.line_file import LineFile
from redstick.kernel.errors import Corruption, Unavailable
from redstick.kernel.ports import Disk
from redstick.kernel.secrets.ciphers import KEY_BYTES, Entropy, decrypt, encrypt
from redstick.kernel.secrets.ports import DataKey

LIVING, SPARED = ".keys", ".spared"
OPENING_LINES = 2
LOADED_AT_ONCE, UNWRAPPED_AT_ONCE = 32, 10_000  # files whose lines are kept in memory; data keys of one of them


class Opening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line of a file, and the second: the wrapped key of a class and period."""

    redstick_keys: int
    wrapped: str


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of a file: one subject's wrapped data key."""

    id: str
    subject: str
    wrapped: str


class Placed(NamedTuple):
    """An entry, and where its line begins."""

    entry: Entry
    byte: int


class Loaded:
    """A file of the ring, open and read: its key, its entries by id and by subject, and what cannot be read."""

    def __init__(self, file: LineFile, key: bytes) -> None:
        self.file, self.key = file, key
        self.by_id: dict[str, Placed] = {}
        self.by_subject: dict[str, Placed] = {}
        self.unwrapped: dict[str, DataKey] = {}  # those that were asked for
        self.unreadable: int | None = None  # the byte of the first line that cannot be read

    @property
    def name(self) -> str:
        """The file's name."""
        return self.file.name

    def take(self, line: bytes, byte: int) -> None:
        """One line behind the opening."""
        try:
            entry = _entry.decode(line)
        except (msgspec.MsgspecError, ValueError):  # the latter for what is not UTF-8
            self.unreadable = byte if self.unreadable is None else self.unreadable
            return
        self.by_id[entry.id] = self.by_subject[entry.subject] = Placed(entry, byte)


_entry, _opening, _encoder = msgspec.json.Decoder(Entry), msgspec.json.Decoder(Opening), msgspec.json.Encoder()


class FileKeyRing:
    """A `KeyRing` over a `Disk`, which it claims until it is closed; `root` is the key that wraps the others."""

    def __init__(self, disk: Disk, root: bytes, entropy: Entropy) -> None:
        """Raises Unavailable when somebody else has claimed the disk."""
        self._disk, self._root, self._entropy = disk, root, entropy
        self._loaded: OrderedDict[str, Loaded] = OrderedDict()
        self._known: set[str] | None = None  # names of files, until one of them fails
        disk.claim()

    def close(self) -> None:
        """Let go of the files and of the disk."""
        for name in list(self._loaded):
            self._let_go(name)
        self._disk.release()

    def key_for(self, retention_class: str, period: str, subject: str) -> DataKey:
        """The data key of a subject; made, and durable, when there is none yet."""
        name = f"{retention_class}.{period}{LIVING}"
        loaded = self._load(name) or self._begin(name, [])
        known = loaded.by_subject.get(subject)
        if known is not None:
            with (
                suppress(Corruption),
                self._changing(loaded),
            ):  # a damaged key is lost; what is recorded now must not be
                loaded.file.settle()
                return self._unwrapped(loaded, known)
        made = new_key(retention_class, period, subject, self._entropy)
        self._append(loaded, made)
        return made

    def find(self, retention_class: str, period: str, key_id: str) -> DataKey | None:
        """A data key by its id; None when it was destroyed or never made.

        Raises Corruption rather than None while there is a damaged line that may be that key's.
        """
        for loaded in self._both(retention_class, period):
            if key_id in loaded.by_id:
                return self._unwrapped(loaded, loaded.by_id[key_id])
        for loaded in self._both(retention_class, period):
            for fault in self._faults(loaded):
                raise Corruption(f"{fault}; it may be that of {key_id}")
        return None

    def periods_of(self, subject: str) -> list[tuple[str, str]]:
        """(class, period) of every data key of a subject, sorted."""
        found = set()
        for name in sorted(self._names):
            loaded = self._load(name)
            if loaded is not None and subject in loaded.by_subject:
                found.add(_class_and_period(name))
        return sorted(found)

    def destroy(self, retention_class: str, period: str, spared: Sequence[str]) -> list[str]:
        """Destroy the key of a class and period, and every data key but those of the `spared`; gives these, sorted.

        Raises Corruption, and destroys nothing, when a line cannot be read that may be that of a spared subject.
        """
        living, kept = (f"{retention_class}.{period}{suffix}" for suffix in (LIVING, SPARED))
        if spared:
            self._spare(living, kept, spared)
        if living in self._names:
            self._wipe(living)
        left = self._load(kept)
        if left is None:
            return []
        self._without(left, {name for name, placed in left.by_id.items() if placed.entry.subject not in spared})
        return sorted(set(left.by_subject).intersection(spared))

    def destroy_subject(self, retention_class: str, period: str, subject: str) -> None:
        """Destroy one subject's data keys in a class and period, wherever they are."""
        for loaded in self._both(retention_class, period):
            self._without(loaded, {name for name, placed in loaded.by_id.items() if placed.entry.subject == subject})

    def check(self) -> Iterator[str]:
        """Every file and line that is not what was written, with its place; nothing when all is well."""
        for name in sorted(self._names):
            self._let_go(name)  # what stands in the file is looked at, not what was read of it before
            try:
                loaded = self._load(name)
            except Corruption as error:
                yield str(error)
            else:
                yield from self._faults(loaded) if loaded else ()

    # Destroying

    def _spare(self, living: str, kept: str, spared: Sequence[str]) -> None:
        """Wrap the data keys of spared subjects by a key of their own, durably."""
        loaded, there = self._load(living), self._load(kept)
        if loaded is None:
            return
        for fault in self._faults(loaded):
            raise Corruption(f"{fault}; it may be that of a held case")
        known = {} if there is None else there.by_id
        held = [placed for name, placed in loaded.by_id.items() if placed.entry.subject in spared and name not in known]
        keys = [self._unwrapped(loaded, placed) for placed in held]
        if there is not None:
            with self._changing(there):
                there.file.settle()
            for key in keys:
                self._append(there, key)
        elif keys:
            self._begin(kept, keys)

    def _without(self, loaded: Loaded, gone: set[str]) -> None:
        """Write a file anew without the entries of these ids; what it replaces is overwritten."""
        if not gone:
            return
        if loaded.name.endswith(SPARED) and gone.issuperset(loaded.by_id):
            self._wipe(loaded.name)
            return
        places = {loaded.by_id[name].byte for name in gone}
        kept, byte = [], 0
        for line in loaded.file.lines():
            if byte not in places:
                kept.append(line)
            byte += len(line)
        self._let_go(loaded.name)
        with self._changing():
            keep_whole(self._disk, loaded.name, b"".join(kept))

    def _wipe(self, name: str) -> None:
        self._let_go(name)
        with self._changing():
            wipe(self._disk, name)
        self._names.discard(name)

    # Reading and wrapping

    def _faults(self, loaded: Loaded) -> Iterator[str]:
        if loaded.unreadable is not None:
            yield f"{loaded.name}: byte {loaded.unreadable}: not the line that was written"
        for placed in loaded.by_id.values():
            try:
                self._unwrapped(loaded, placed)
            except Corruption as error:
                yield str(error)

    def _both(self, retention_class: str, period: str) -> Iterator[Loaded]:
        for suffix in (LIVING, SPARED):
            loaded = self._load(f"{retention_class}.{period}{suffix}")
            if loaded is not None:
                yield loaded

    def _load(self, name: str) -> Loaded | None:
        """A file of the ring, read; None when there is none."""
        if name in self._loaded:
            self._loaded.move_to_end(name)
            return self._loaded[name]
        if name not in self._names:
            return None
        with self._changing():
            file = LineFile(self._disk, name)
            lines = file.lines()
        try:
            loaded = Loaded(file, self._opened(name, lines[:OPENING_LINES]))
        except Corruption:
            file.close()
            raise
        byte = sum(map(len, lines[:OPENING_LINES]))
        for line in lines[OPENING_LINES:]:
            loaded.take(line, byte)
            byte += len(line)
        return self._remembered(loaded)

    def _begin(self, name: str, keys: Iterable[DataKey]) -> Loaded:
        """Write a file with a key of its own, and these data keys in it."""
        own = self._entropy(KEY_BYTES)
        wrapped = _text(encrypt(self._root, own, _opening_of(name), self._entropy))
        opening = _encoder.encode(Opening(1, wrapped)) + b"\n"
        lines = [opening] * OPENING_LINES + [self._line(own, key) for key in keys]
        with self._changing():
            keep_whole(self._disk, name, b"".join(lines))
        self._names.add(name)
        made = self._load(name)
        if made is None:
            raise Unavailable(f"{name} was written and is not there")
        return made

    def _append(self, loaded: Loaded, key: DataKey) -> None:
        line = self._line(loaded.key, key)
        with self._changing(loaded):
            loaded.take(line, loaded.file.add(line))

    def _remembered(self, loaded: Loaded) -> Loaded:
        self._loaded[loaded.name] = loaded
        while len(self._loaded) > LOADED_AT_ONCE:
            self._loaded.popitem(last=False)[1].file.close()
        return loaded

    def _let_go(self, name: str) -> None:
        if name in self._loaded:
            self._loaded.pop(name).file.close()

    def _opened(self, name: str, lines: Sequence[bytes]) -> bytes:
        for line in lines:
            try:
                key = decrypt(self._root, _bytes(_opening.decode(line).wrapped), _opening_of(name))
            except (msgspec.MsgspecError, ValueError):
                continue
            if key is not None:
                return key
        raise Corruption(f"{name}: byte 0: the root key does not open what this file begins with")

    def _line(self, wrapping: bytes, key: DataKey) -> bytes:
        bound = _entry_of(key.id, key.subject)
        wrapped = _text(encrypt(wrapping, key.secret, bound, self._entropy))
        return _encoder.encode(Entry(key.id, key.subject, wrapped)) + b"\n"

    def _unwrapped(self, loaded: Loaded, placed: Placed) -> DataKey:
        entry = placed.entry
        if entry.id in loaded.unwrapped:
            return loaded.unwrapped[entry.id]
        try:
            secret = decrypt(loaded.key, _bytes(entry.wrapped), _entry_of(entry.id, entry.subject))
        except ValueError:
            secret = None
        if secret is None:
            raise Corruption(f"{loaded.name}: byte {placed.byte}: not the data key that was written")
        key = DataKey(*_class_and_period(loaded.name), entry.id, entry.subject, secret)
        if len(loaded.unwrapped) < UNWRAPPED_AT_ONCE:
            loaded.unwrapped[entry.id] = key
        return key

    @property
    def _names(self) -> set[str]:
        """The files of the ring."""
        if self._known is None:
            with self._changing():
                settle(self._disk)
                self._known = {name for name in self._disk.list() if name.endswith((LIVING, SPARED))}
        return self._known

    @contextmanager
    def _changing(self, loaded: Loaded | None = None) -> Iterator[None]:
        """What fails while something changes leaves it unknown: the folder, and the file, are read anew then."""
        try:
            yield
        except OSError as error:
            self._known = None
            raise Unavailable(f"the key ring: {error}") from error
        except Unavailable:
            self._known = None
            if loaded is not None:
                self._let_go(loaded.name)
            raise


def _class_and_period(name: str) -> tuple[str, str]:
    retention_class, period, _ = name.split(".")
    return retention_class, period


def _opening_of(name: str) -> bytes:
    return _encoder.encode(["redstick period key 1", name])


def _entry_of(key_id: str, subject: str) -> bytes:
    return _encoder.encode(["redstick data key 1", key_id, subject])


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
