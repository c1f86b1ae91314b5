"""Rule files by path: of a folder, of one file, or of a packed corpus (`.tar`, `.tar.gz`, `.tar.xz`)."""

import tarfile
import zlib
from pathlib import Path

SUFFIXES = (".yml", ".yaml")
MAX_RULE_BYTES = 4 * 1024 * 1024
MAX_ARCHIVE_BYTES = 512 * 1024 * 1024  # of rule files in one archive; the public corpus has 9 MB


class NoRules(Exception):  # noqa: N818  (named for what is the matter)
    """A place without rule files, or an archive that cannot be read."""


def rule_files(place: Path) -> dict[str, bytes]:
    """Contents of all rule files below a folder, in an archive, or of one file, by path relative to it, in order.

    What is longer than `MAX_RULE_BYTES` is cut behind it, and the compiler refuses it by name. Whatever is no plain
    file in an archive is passed over. Raises NoRules, OSError.
    """
    if place.is_dir():
        paths = sorted(p for p in place.rglob("*") if p.suffix in SUFFIXES and p.is_file())
        out = {path.relative_to(place).as_posix(): _beginning(path) for path in paths}
    elif place.suffix in SUFFIXES or not tarfile.is_tarfile(place):
        out = {place.name: _beginning(place)}
    else:
        out = _unpacked(place)
    if not out:
        raise NoRules(f"{place}: no Sigma rules here; expected files ending in {' or '.join(SUFFIXES)}")
    return out


def _beginning(path: Path) -> bytes:
    """A file, or as much of it as shows the parser that it is too long."""
    with path.open("rb") as file:
        return file.read(MAX_RULE_BYTES + 1)


def _unpacked(place: Path) -> dict[str, bytes]:
    """An archive's rule files."""
    found: dict[str, bytes] = {}
    room = MAX_ARCHIVE_BYTES
    try:
        with tarfile.open(place) as archive:
            for member in archive:
                if not member.isreg() or not member.name.endswith(SUFFIXES):
                    continue
                file = archive.extractfile(member)
                content = file.read(MAX_RULE_BYTES + 1) if file is not None else b""
                room -= len(content)
                if room < 0:
                    raise NoRules(f"{place}: more than {MAX_ARCHIVE_BYTES} bytes of rules; expected a rule corpus")
                found[member.name.removeprefix("./")] = content
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise NoRules(f"{place}: the archive is torn ({error}); fetch it again") from error
    return dict(sorted(found.items()))
