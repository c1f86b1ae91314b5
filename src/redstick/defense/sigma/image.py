"""Compiled rules on disk: trees and prefilter databases, so that a start costs no parsing.

The file is our own: a line with format, engine and digest, then msgpack of plain values. Nothing in it is code; it is
read with a schema, and the digest finds accidents. The prefilter databases are native tables of hyperscan: an image
is to be trusted like the program itself, and so it lies in the user's own cache folder, readable by that user only.
An image of another engine, scanner or format is not an error but out of date.
"""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from redstick.defense.sigma import prefilter
from redstick.defense.sigma.databases import Databases
from redstick.defense.sigma.engine import Engine
from redstick.defense.sigma.parsing import Placeholders, read_file
from redstick.defense.sigma.rule_files import MAX_RULE_BYTES, rule_files
from redstick.defense.sigma.rules import CorrelationRule, DetectionRule, Filter, Refusal
from redstick.defense.sigma.ruleset import RuleSet, assemble

FORMAT = b"redstick-sigma-image"
ENGINE = "4"  # changes whenever trees, witnesses or patterns change their meaning

Parsed = DetectionRule | Filter | CorrelationRule | Refusal


class Entry(Struct):
    """One rule file: digest of its bytes, and what it said."""

    digest: str
    documents: list[DetectionRule | Filter | CorrelationRule]
    refusals: list[Refusal]


class Image(Struct):
    """Every rule file by path, and the prefilter databases by digest."""

    entries: dict[str, Entry]
    databases: dict[str, bytes]


class Compiled(Struct):
    """A rule set ready to run.

    `parsed` counts files that were not in the image, `digest` names the set; `unsaved` says why no image was written.
    """

    rules: RuleSet
    engine: Engine
    digest: str
    parsed: int
    unsaved: str = ""


def compile_files(
    files: Mapping[str, bytes],
    placeholders: Placeholders | None = None,
    old: Image | None = None,
    *,
    pure: bool = False,
) -> tuple[Compiled, Image]:
    """A rule set of these files; files and databases that the old image holds unchanged are taken from it."""
    known = placeholders or {}
    salt = msgspec.json.encode(sorted((name, list(values)) for name, values in known.items()))
    entries: dict[str, Entry] = {}
    parsed = 0
    for path, content in files.items():
        digest = hashlib.sha256(salt + content).hexdigest()
        entry = old.entries.get(path) if old is not None else None
        if entry is None or entry.digest != digest:
            entry = _parsed(path, content, digest, known)
            parsed += 1
        entries[path] = entry
    rules = assemble([d for e in entries.values() for d in (*e.documents, *e.refusals)])
    databases = Databases(old.databases if old is not None else {}, pure=pure)
    engine = Engine(rules.rules, databases, pure=pure)
    whole = hashlib.sha256("".join(f"{path}\0{entry.digest}\n" for path, entry in entries.items()).encode()).hexdigest()
    return Compiled(rules, engine, whole, parsed), Image(entries, {})


def _parsed(path: str, content: bytes, digest: str, placeholders: Placeholders) -> Entry:
    if len(content) > MAX_RULE_BYTES:
        return Entry(digest, [], [Refusal(path, "", f"longer than {MAX_RULE_BYTES} bytes")])
    documents = read_file(path, content, placeholders)
    good = [d for d in documents if not isinstance(d, Refusal)]
    return Entry(digest, good, [d for d in documents if isinstance(d, Refusal)])


def write_image(path: Path, image: Image) -> None:
    """Write beside and rename, for this user's eyes only."""
    body = msgspec.msgpack.encode(image)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(_head(body))
            out.write(body)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def read_image(path: Path) -> Image | None:
    """The image, or None where there is none that fits this engine, is whole, and belongs to this user."""
    try:
        if hasattr(os, "getuid") and path.stat().st_uid != os.getuid():
            return None
        data = path.read_bytes()
    except OSError:
        return None
    head, found, body = data.partition(b"\n")
    if not found or head + found != _head(body):
        return None
    try:
        return msgspec.msgpack.decode(body, type=Image)
    except (msgspec.DecodeError, RecursionError):
        return None


def _head(body: bytes) -> bytes:
    name = f"{ENGINE} {prefilter.available()} {hashlib.sha256(body).hexdigest()}"
    return FORMAT + b" " + name.encode() + b"\n"


def image_path(rules: Path, cache: Path) -> Path:
    """Where the image of the rules of one place lies."""
    return cache / f"{hashlib.sha256(str(rules.resolve()).encode()).hexdigest()[:20]}.image"


def load(
    rules: Path, cache: Path | None = None, placeholders: Placeholders | None = None, *, warm: bool = True
) -> Compiled:
    """The rules of a folder, file or archive, by way of an image in the folder `cache` if one is given.

    Only changed files are parsed. Raises NoRules for a place without rule files, OSError where they cannot be read.
    """
    files = rule_files(rules)
    place = None if cache is None else image_path(rules, cache)
    old = None if place is None else read_image(place)
    compiled, image = compile_files(files, placeholders, old)
    fresh = old is None or compiled.parsed > 0 or old.entries.keys() != image.entries.keys()
    if place is not None and fresh:
        if warm:
            compiled.engine.warm()
        image.databases = compiled.engine.databases.stored()
        try:
            write_image(place, image)
        except OSError as error:  # a full disk costs the next start its speed, and nothing else
            compiled.unsaved = f"{error.filename or place}: {error.strerror or error}"
    return compiled
