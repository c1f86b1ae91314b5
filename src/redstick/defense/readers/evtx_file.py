"""Windows event log files (EVTX), by the `evtx` library; a broken chunk or record is counted, the others are read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from evtx import PyEvtxParser

from redstick.defense.readers.event import Event, Tally
from redstick.defense.readers.json_events import loose_json
from redstick.defense.readers.json_sources import classify

MAGIC = b"ElfFile\0"
MAX_FAULTS = 10_000  # a file that is nothing but faults is given up here


def evtx_events(path: Path, tally: Tally) -> Iterator[Event]:
    """Events of one EVTX file, in the order of its chunks."""
    try:
        records = iter(PyEvtxParser(str(path), number_of_threads=1).records_json())
    except (RuntimeError, OSError, ValueError) as error:
        tally.lose(f"not an EVTX file: {' '.join(str(error).split())[:120]}")
        return
    faults = 0
    while faults < MAX_FAULTS:
        try:
            record = next(records)
        except StopIteration:
            return
        except (RuntimeError, OSError, ValueError):
            tally.lose("broken EVTX record or chunk")
            faults += 1
            continue
        yield from _event(record, tally)
    tally.lose(f"more than {MAX_FAULTS} broken records: the rest was given up")


def _event(record: dict[str, Any] | None, tally: Tally) -> Iterator[Event]:
    text = (record or {}).get("data", "")
    try:
        document = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        document = loose_json(text.encode("utf-8", "replace"), tally)
    if not isinstance(document, dict):
        tally.lose("EVTX record is no event")
        return
    tally.received += 1
    tally.decoded += 1
    source, fields = classify(document)
    yield Event(source, fields, tally.received)
