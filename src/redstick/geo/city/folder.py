"""A city as a folder of plain files: the same city gives the same bytes, and a damaged file is named.

`city.json` is the manifest: a format version, the name, the time zone, the credits and the SHA-256 of every other file.
Whole numbers stand in uncompressed `.npz` files, written without pickle, text in `.json` files with sorted keys. Files
that the manifest does not name (an index that can be made again) are left alone by the reader.
"""

import hashlib
import json
import shutil
import uuid
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from redstick.geo.city.encode import city_from_files, city_to_files
from redstick.geo.city.model import City

FORMAT = "redstick-city"
VERSION = 1
MANIFEST = "city.json"


class DamagedCity(Exception):  # noqa: N818  (named for what is the matter)
    """A city folder cannot be read: `file` names what is wrong, `expected` what should be there."""

    def __init__(self, file: Path, found: str, expected: str) -> None:
        super().__init__(f"{file}: {found}; expected {expected}")
        self.file = file
        self.found = found
        self.expected = expected


def json_bytes(value: object) -> bytes:
    """A value as JSON whose bytes depend on nothing but the value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def sealed(city: City) -> City:
    """The same city with its digest filled in."""
    return replace(city, digest=_digest(_manifest(city, city_to_files(city))))


def save_city(folder: Path, city: City, finish: Callable[[City, Path], object] | None = None) -> City:
    """Write a city as `folder`, whole or not at all, and return it with its digest.

    Everything is written to a new folder beside, `finish(city, folder)` (say, the building of an index) runs there, and
    the folder is then renamed. An older city at the same place is replaced; a folder that is not a city is refused with
    FileExistsError.
    """
    folder = Path(folder)
    if folder.exists() and any(folder.iterdir() if folder.is_dir() else [folder]) and not (folder / MANIFEST).is_file():
        raise FileExistsError(f"{folder} exists and is not a city folder (it has no {MANIFEST}); it is left as it is")
    files = city_to_files(city)
    manifest = _manifest(city, files)
    whole = replace(city, digest=_digest(manifest))
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.with_name(f".{folder.name}.{uuid.uuid4().hex}.part")
    draft.mkdir()
    try:
        for name, content in files.items():
            (draft / name).write_bytes(content)
        (draft / MANIFEST).write_bytes(json_bytes({**manifest, "digest": whole.digest}) + b"\n")
        if finish is not None:
            finish(whole, draft)
        _swap(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return whole


def load_city(folder: Path) -> City:
    """Read a city folder, checking every file against the manifest.

    Raises DamagedCity naming the file that is missing, altered or of a newer format.
    """
    folder = Path(folder)
    manifest = _read_manifest(folder)
    files: dict[str, bytes] = {}
    for name, digest in manifest["files"].items():
        path = folder / name
        if Path(name).name != name or not path.is_file():
            raise DamagedCity(path, "the file is missing", f"the file that {MANIFEST} names")
        files[name] = path.read_bytes()
        found = hashlib.sha256(files[name]).hexdigest()
        if found != digest:
            raise DamagedCity(path, f"its SHA-256 is {found[:16]}…", f"{digest[:16]}… as {MANIFEST} says")
    if _digest(manifest) != manifest["digest"]:
        raise DamagedCity(folder / MANIFEST, "its digest does not fit its content", f"{_digest(manifest)[:16]}…")
    try:
        return city_from_files(manifest, files)
    except (KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
        raise DamagedCity(folder, f"its content does not fit together ({error})", f"format {VERSION}") from error


def _manifest(city: City, files: Mapping[str, bytes]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "name": city.name,
        "time_zone": city.time_zone,
        "attribution": list(city.attribution),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    }


def _digest(manifest: Mapping[str, Any]) -> str:
    return hashlib.sha256(json_bytes({key: manifest[key] for key in manifest if key != "digest"})).hexdigest()


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    if not path.is_file():
        raise DamagedCity(path, "there is no such file", "a folder made by `redstick city import` or `city generate`")
    try:
        manifest = json.loads(path.read_bytes())
    except ValueError as error:
        raise DamagedCity(path, f"it is not JSON ({error})", "the manifest of a city") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise DamagedCity(path, "it is not the manifest of a city", f'"format": "{FORMAT}"')
    if manifest.get("version") != VERSION:
        raise DamagedCity(path, f"it has format version {manifest.get('version')!r}", f"version {VERSION}")
    wanted = {"name": str, "time_zone": str, "attribution": list, "files": dict, "digest": str}
    for key, kind in wanted.items():
        if not isinstance(manifest.get(key), kind):
            raise DamagedCity(path, f"its {key!r} is {manifest.get(key)!r}", f"a {kind.__name__}")
    return manifest


def _swap(draft: Path, folder: Path) -> None:
    """Put `draft` at `folder`; what stood there is set aside first.

    A reader sees the old one whole, the new one whole, or, between the two renames, none.
    """
    if not folder.exists():
        draft.rename(folder)
        return
    aside = folder.with_name(f".{folder.name}.{uuid.uuid4().hex}.old")
    folder.rename(aside)
    try:
        draft.rename(folder)
    except OSError:
        aside.rename(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)
