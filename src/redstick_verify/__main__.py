"""Check a journal with nothing of Redstick's: `python -m redstick_verify FOLDER` (or `redstick-verify FOLDER`).

Prints one JSON object {ok, positions, head, first_bad, faults, breaks, torn, witness}, see `journal.check`; exit code 0
when ok, 1 when not, 2 when there is nothing to check.
"""

import json
import sys
from pathlib import Path

from redstick_verify.journal import check, segments_in

__all__ = ["check", "main"]


def main() -> None:
    """Check the folder named on the command line."""
    given = [argument for argument in sys.argv[1:] if argument != "--json"]  # there is no other form of answer
    if len(given) != 1 or not segments_in(Path(given[0])):
        sys.stderr.write("usage: redstick-verify FOLDER   (a folder with segment-* files)\n")
        sys.exit(2)
    found = check(Path(given[0]))
    sys.stdout.write(json.dumps(found) + "\n")
    sys.exit(0 if found["ok"] else 1)


if __name__ == "__main__":
    main()
