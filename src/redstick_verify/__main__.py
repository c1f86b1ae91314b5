"""Check a journal with nothing of Redstick's: `python -m redstick_verify FOLDER` (or `redstick-verify FOLDER`).

A journal is a folder of files `segment-<first position>.log`. Each begins with one header line and goes on with lines
`<hash> <JSON>`, where hash = SHA-256(previous hash as 32 bytes, then the JSON's bytes) in hexadecimal. Positions count
from 1 without a gap. Behind the last line there may be zeros, space taken ahead. Prints one JSON object
{ok, positions, head, first_bad}; exit code 0 when ok, 1 when not, 2 when there is nothing to check.
"""

import hashlib
import json
import re
import sys
from pathlib import Path

HEADER = re.compile(rb"redstick-journal 1 first=(\d+) previous=([0-9a-f]{64})\n")


def check(folder: Path) -> dict[str, object]:
    """Walk every segment in order; `first_bad` names file, byte and what is wrong, or is None."""
    position, previous = 0, bytes(32)
    first_bad = None
    for path in sorted(folder.glob("segment-*.log")):
        position, previous, first_bad = check_segment(path, position, previous)
        if first_bad:
            break
    return {"ok": first_bad is None, "positions": position, "head": previous.hex(), "first_bad": first_bad}


def check_segment(path: Path, position: int, previous: bytes) -> tuple[int, bytes, str | None]:
    """Check one file behind a position and its hash; gives the new ones, and the first fault if there is one."""
    data = path.read_bytes().rstrip(b"\0")
    header = HEADER.match(data)
    if not header or int(header[1]) != position + 1 or header[2].decode() != previous.hex():
        return position, previous, f"{path.name}: byte 0: the header does not follow position {position}"
    offset = header.end()
    for line in data[offset:].splitlines(keepends=True):
        body, digest = line[65:-1], hashlib.sha256(previous + line[65:-1])
        place = f"{path.name}: byte {offset}"
        if line[:64] != digest.hexdigest().encode() or line[64:65] != b" " or line[-1:] != b"\n":
            return position, previous, f"{place}: the hash does not match the line and the one before it"
        try:
            stated = json.loads(body)["position"]
        except (ValueError, KeyError, TypeError):
            return position, previous, f"{place}: the line is not an envelope"
        if stated != position + 1:
            return position, previous, f"{place}: position {stated} follows {position}"
        position, previous, offset = position + 1, digest.digest(), offset + len(line)
    return position, previous, None


def main() -> None:
    """Check the folder named on the command line."""
    if len(sys.argv) != 2 or not list(Path(sys.argv[1]).glob("segment-*.log")):
        sys.stderr.write("usage: redstick-verify FOLDER   (a folder with segment-*.log files)\n")
        sys.exit(2)
    found = check(Path(sys.argv[1]))
    sys.stdout.write(json.dumps(found) + "\n")
    sys.exit(0 if found["ok"] else 1)


if __name__ == "__main__":
    main()
