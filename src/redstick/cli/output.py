"""What every command does with what it made: progress for people on stderr, files that are whole or not there."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from redstick.cli.errors import Failure, Misuse

Tell = Callable[[str], None]


@contextmanager
def progress(what: str, *, quiet: bool = False) -> Iterator[Tell]:
    """A line on stderr while a long step runs, for a person at a terminal only; the yielded call changes its words."""
    if quiet or not sys.stderr.isatty():
        yield _say_nothing
        return
    from rich.console import Console

    with Console(stderr=True).status(f"{what} …") as status:
        yield lambda words: status.update(f"{words} …")


def _say_nothing(words: str) -> None:
    """Nobody is at the terminal."""
    del words


def refuse_page(page: Path | None, source: Path) -> None:
    """What can be known to fail is refused before an hour of work, not after it; raises Misuse."""
    if page is None:
        return
    if not page.resolve().parent.is_dir():
        raise Misuse(f"--out {page}: there is no folder {page.resolve().parent}")
    if page.is_dir():
        raise Misuse(f"--out {page}: this is a folder; expected the name of the file to write")
    if page.resolve() == source.resolve():
        raise Misuse(f"--out {page}: this is the export itself")


def write_files(texts: Mapping[Path, str]) -> None:
    """All files beside their names first, then all renamed; what was begun is removed if one cannot be written.

    Raises Failure that names the file.
    """
    begun: list[Path] = []
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(f".{path.name}.part")
            begun.append(beside)
            beside.write_bytes(text.encode("utf-8"))
        for beside, path in zip(begun, texts, strict=True):
            beside.replace(path)
    except OSError as error:
        for beside in begun:
            beside.unlink(missing_ok=True)
        raise Failure(f"{error.filename}: cannot be written ({error.strerror}); choose another place") from error
