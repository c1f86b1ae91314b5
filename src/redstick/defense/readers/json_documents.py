"""JSON values one after another in a stream, or in one array: pretty-printed files, CloudTrail's `Records`.

Only a window of the stream is held. A value that does not fit into it, or is no JSON, is one loss; reading goes on at
the next line that begins with a brace or bracket in its first column.
"""

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from redstick.defense.readers.event import Event, Tally
from redstick.defense.readers.json_events import events_in, without_surrogates
from redstick.defense.readers.lines import MAX_LINE_BYTES, TORN
from redstick.defense.sigma.logsources import Source

STEP_BYTES = 1024 * 1024
_SPACE = re.compile(r"[\s\ufeff]*")
_RECORDS = re.compile(r'\{\s*"Records"\s*:\s*(?=\[)')
_NEXT = re.compile(r"\n(?=[{\[])")
_BROKEN = re.compile("[\udc80-\udcff]")  # a byte that is no UTF-8, as the decoder hands it through


class Window:
    """The part of a stream that is at hand as text, from `at` on."""

    def __init__(self, stream: BinaryIO, tally: Tally) -> None:
        self._stream = stream
        self._tally = tally
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self.text = ""
        self.at = 0
        self.ended = False

    def more(self) -> bool:
        """Read a step further; False at the end of the stream."""
        if self.ended:
            return False
        try:
            data = self._stream.read(STEP_BYTES)
        except TORN:
            self._tally.lose("compressed file is torn")
            data = b""
        self.ended = not data
        self.text = self.text[self.at :] + self._decoder.decode(data, self.ended)
        self.at = 0
        return True

    def skip_space(self) -> str:
        """Go to the next character that is no space, and say which it is; empty at the end."""
        while True:
            found = _SPACE.match(self.text, self.at)
            self.at = found.end() if found is not None else self.at
            if self.at < len(self.text) or not self.more():
                return self.text[self.at : self.at + 1]


def json_documents(
    stream: BinaryIO, tally: Tally, forced: Source | None = None, limit: int = MAX_LINE_BYTES
) -> Iterator[Event]:
    """Events of values with white space between them, or in arrays; `forced` sets the source of all."""
    for value in _values(Window(stream, tally), tally, limit):
        yield from events_in(without_surrogates(value), tally, forced)


def _values(window: Window, tally: Tally, limit: int) -> Iterator[Any]:
    decoder = json.JSONDecoder(parse_constant=str)
    inside = ""  # of an array, with what closes it
    while character := window.skip_space():
        if not inside and character in "[{":
            opened = _opened(window)
            if opened:
                inside = opened
                continue
        if inside and character in ",]":
            window.at += 1
            if character == "]":
                inside = _closed(window, inside)
            continue
        try:
            value, end = decoder.raw_decode(window.text, window.at)
        except (ValueError, RecursionError):
            if len(window.text) - window.at < limit and window.more():
                continue
            tally.lose("not JSON, or a document too long" if not window.ended else "not JSON")
            _go_on(window)
            inside = ""
            continue
        if _BROKEN.search(window.text, window.at, end):
            tally.repairs["broken UTF-8"] += 1
        window.at = end
        yield value


def _opened(window: Window) -> str:
    """Step into an array, bare or under `Records`, and give what closes it; empty where there is none."""
    while len(window.text) - window.at < 64 and window.more():
        pass
    if window.text[window.at] == "[":
        window.at += 1
        return "]"
    found = _RECORDS.match(window.text, window.at)
    if found is None:
        return ""
    window.at = found.end() + 1
    return "]}"


def _closed(window: Window, inside: str) -> str:
    """Step over the brace that closes `Records`."""
    if inside == "]}" and window.skip_space() == "}":
        window.at += 1
    return ""


def _go_on(window: Window) -> None:
    """Go to the next line that begins a value, reading on where there is none at hand."""
    window.at += 1
    while (found := _NEXT.search(window.text, window.at)) is None:
        window.at = max(window.at, len(window.text) - 1)  # its line end may be the last character at hand
        if not window.more():
            window.at = len(window.text)
            return
    window.at = found.end()
