"""Check what Redstick wrote with nothing of Redstick's: `python -m redstick_verify` or `redstick-verify`.

    redstick-verify JOURNAL                              a journal: chain, packed segments, witness
    redstick-verify JOURNAL --proof FOLDER [--key KEY]   … held to its signed heads
    redstick-verify JOURNAL --cited-by JOURNAL --as NAME … held to what another journal wrote down of it
    redstick-verify EVIDENCE.json --key KEY              a record, or a stretch of history, proven by mail

KEY is the public key: 64 hexadecimal digits, or a file with these or PEM. Prints one JSON object with `ok` and
`first_bad`, see `journal.check`, `proofs.check_heads`, `anchors.check_anchors` and `proofs.check_evidence`; exit code 0
when ok, 1 when not, 2 when there is nothing to check.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from redstick_verify.anchors import anchors_of, check_anchors
from redstick_verify.journal import check, lines, segments_in

__all__ = ["check", "check_proof", "main"]


def check_proof(journal: Path, proof: Path, key: str | None) -> dict[str, Any]:
    """What `proofs.check_heads` says of a journal's folder and of the folder of its proof, and the `signed_by` key.

    Without a public key the first that the folder names is believed.
    """
    from redstick_verify import proofs  # noqa: PLC0415  (a chain is checked without any signature library)

    nodes = proof / "tree.nodes"
    try:
        stated = [(proof / name).read_bytes().splitlines(keepends=True) for name in ("keys.log", "heads.log")]
        keys = proofs.Keys(stated[0], proofs.public_key(key) if key else None)
    except (OSError, proofs.Fault) as error:
        return {"signed_heads": 0, "signed_position": 0, "lost": 0, "signed_by": None, "first_bad": str(error)}
    torn = bool(stated[1]) and (not stated[1][-1].endswith(b"\n") or b"\0" in stated[1][-1])  # never acknowledged
    heads = stated[1][:-1] if torn else stated[1]
    found = proofs.check_heads(lines(journal), heads, keys, proofs.leaf_in(nodes) if nodes.is_file() else None)
    return {**found, "signed_by": keys.public.hex()}


def check_file(path: Path, key: str) -> dict[str, Any]:
    """What a piece of evidence proves: {ok, first_bad} and what `proofs.check_evidence` gives."""
    from redstick_verify import proofs  # noqa: PLC0415  (a chain is checked without any signature library)

    try:
        proven = proofs.check_evidence(json.loads(path.read_bytes()), proofs.public_key(key))
    except (OSError, ValueError, RecursionError, proofs.Fault) as error:
        return {"ok": False, "first_bad": f"{path.name}: {error}"}
    return {"ok": True, **proven, "first_bad": None}


def main() -> None:
    """Check what the command line names."""
    parser = argparse.ArgumentParser(
        "redstick-verify", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("target", type=Path, metavar="JOURNAL|EVIDENCE.json")
    parser.add_argument("--proof", type=Path, help="the folder with keys.log and heads.log")
    parser.add_argument("--key", help="the public key")
    parser.add_argument("--cited-by", type=Path, help="another journal, in which this one's heads are anchored")
    parser.add_argument("--as", dest="name", help="the name by which it cites this one")
    parser.add_argument("--json", action="store_true", help="there is no other form of answer")
    given = parser.parse_args()
    if given.target.is_file():
        if not given.key:
            parser.error("evidence is checked against a public key: --key KEY")
        found = check_file(given.target, given.key)
    elif not segments_in(given.target):
        parser.error(f"{given.target}: no journal here; expected a folder with segment-* files, or evidence in JSON")
    else:
        found = _check_journal(given)
    sys.stdout.write(json.dumps(found) + "\n")
    sys.exit(0 if found["ok"] else 1)


def _check_journal(given: argparse.Namespace) -> dict[str, Any]:
    """The chain, then whatever else the journal is held to; `first_bad` is the first fault of all."""
    found = check(given.target)
    further = []
    if given.proof:
        further.append(check_proof(given.target, given.proof, given.key))
    if given.cited_by:
        anchors = anchors_of(lines(given.cited_by), given.name or "")
        further.append(check_anchors(given.name or "", lines(given.target), anchors))
    for more in further:
        bad = found["first_bad"] or more["first_bad"]
        found = {**found, **more, "ok": bad is None, "first_bad": bad}
    return found


if __name__ == "__main__":
    main()
