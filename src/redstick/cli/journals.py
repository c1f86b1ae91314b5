"""Journals on the command line: found in a data folder, and read without touching them, whoever writes them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from redstick.cli.errors import Failure, Misuse

if TYPE_CHECKING:
    from redstick.adapters.segments import SegmentJournal


@contextmanager
def looked_at(data: Path) -> Iterator["SegmentJournal"]:
    """The journal of a data folder, or of the journal folder itself; nothing in it is changed.

    Raises Misuse where there is none, Failure when it is not as it was written.
    """
    from redstick.adapters.disk import PosixDisk
    from redstick.adapters.segments import SegmentJournal
    from redstick.adapters.untouched import UntouchedDisk
    from redstick.kernel.errors import Corruption, Unavailable

    folder = journal_folder(data)
    try:
        journal = SegmentJournal(UntouchedDisk(PosixDisk(folder)))
        try:
            yield journal
        finally:
            journal.close()
    except (Corruption, Unavailable) as error:
        raise Failure(f"{folder}: {error}; see `redstick verify {data}`, and keep the folder as it is") from error


def journal_folder(data: Path) -> Path:
    """Where the segments are; raises Misuse where there are none."""
    from redstick.bootstrap import JOURNAL_FOLDER

    for folder in (data / JOURNAL_FOLDER, data):
        if folder.is_dir() and any(folder.glob("segment-*")):
            return folder
    raise Misuse(f"{data}: no journal here; expected a folder `{JOURNAL_FOLDER}` with segments in it")
