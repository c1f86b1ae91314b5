"""What T.140 shows: characters, ends of lines, erasing; what else it can say is left out. And text in pieces to keep.

Whatever stands for an end of a line becomes a line feed, erasing stays a backspace, the missing-text mark stays.
"""

BOM, MISSING, ERASE, LINE_END = "\ufeff", "\ufffd", "\b", "\n"
_ENDS = frozenset("\n\u2028\u2029\u0085")
_START, _STOP, _CONTROL = "\u0098", "\u009c", "\u009b"  # SOS and ST around what is for programs; CSI before rendition
MOST_APART = 255  # characters of something for programs that has no end
PIECE_MS, MOST_PIECE = 700.0, 200


class Presenter:
    """Text of one stream as it is shown; whatever spans two pieces is known in both."""

    def __init__(self) -> None:
        self._after_return = False
        self._apart = ""  # what is being left out
        self._length = 0

    def show(self, text: str) -> str:
        """The next of it."""
        return "".join(filter(None, map(self._one, text)))

    def _one(self, sign: str) -> str:
        returned, self._after_return = self._after_return, False
        if self._apart:
            return self._within(sign)
        if sign in (_START, _CONTROL):
            self._apart, self._length = sign, 0
            return ""
        if sign == "\r":
            self._after_return = True
            return LINE_END
        if sign == "\n" and returned:
            return ""
        if sign in _ENDS:
            return LINE_END
        return sign if sign in (ERASE, "\t") or (sign >= " " and sign != BOM and not "\x7f" <= sign <= "\x9f") else ""

    def _within(self, sign: str) -> str:
        self._length += 1
        ends = sign == _STOP if self._apart == _START else "\x40" <= sign <= "\x7e"
        if ends or self._length >= MOST_APART:
            self._apart = ""
        return ""


class Pieces:
    """Text that is typed, cut so that it can be kept: at the end of a line, after 700 ms, at 200 characters.

    A journal has then a line or two a second of somebody who types, and a reader nothing to wait for.
    """

    def __init__(self) -> None:
        self._typed, self._since = "", 0.0

    @property
    def due_ms(self) -> float | None:
        """When `take` has something, None while nothing is typed."""
        if not self._typed:
            return None
        whole = LINE_END in self._typed or len(self._typed) >= MOST_PIECE
        return self._since if whole else self._since + PIECE_MS

    def add(self, text: str, now_ms: float) -> None:
        """More was typed."""
        if text and not self._typed:
            self._since = now_ms
        self._typed += text

    def take(self, now_ms: float) -> list[str]:
        """The pieces that are due now; of what ends a line, up to there."""
        due = self.due_ms
        if due is None or now_ms < due:
            return []
        late = now_ms >= self._since + PIECE_MS
        cut = len(self._typed) if late or len(self._typed) >= MOST_PIECE else self._typed.rfind(LINE_END) + 1
        said, self._typed = self._typed[:cut], self._typed[cut:]
        self._since = now_ms
        return [said[at : at + MOST_PIECE] for at in range(0, len(said), MOST_PIECE)]

    def flush(self) -> list[str]:
        """Everything: nothing comes any more."""
        return self.take(float("inf"))
