"""The embedded journal: append-only segment files over a `Disk`. Format: docs/journal-format.md."""

from redstick.adapters.segments.form import Break, Broken
from redstick.adapters.segments.journal import SegmentJournal

__all__ = ["Break", "Broken", "SegmentJournal"]
