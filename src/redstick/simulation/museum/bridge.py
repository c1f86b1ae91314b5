"""The form in which alerts go to devices and receipts come back: one line of JSON under a check of its bytes.

What does not verify is not read: a frame that was changed on its way is as good as lost, and the chase goes on.
"""

import json
import zlib
from dataclasses import dataclass

TITLE = b"RS1"


@dataclass(frozen=True)
class Bridge:
    """Both ends of it. `checked` is what tells a whole frame from a changed one."""

    checked: bool = True

    def frame(self, said: dict[str, str]) -> bytes:
        """What was said, as it goes over the air."""
        body = json.dumps(said, sort_keys=True).encode()
        return b"%s %08x %s\n" % (TITLE, zlib.crc32(body), body)

    def said(self, frame: bytes) -> dict[str, str] | None:
        """What a frame says; None for anything that is not as it was sent."""
        title, _, rest = frame.partition(b" ")
        check, _, body = rest.rstrip(b"\n").partition(b" ")
        if self.checked and (title != TITLE or check != b"%08x" % zlib.crc32(body) or not frame.endswith(b"\n")):
            return None
        try:
            said = json.loads(body)
        except ValueError:
            return None
        return said if isinstance(said, dict) and all(isinstance(one, str) for one in said.values()) else None


CHECKED = Bridge()
