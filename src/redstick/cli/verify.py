"""`redstick verify DATA`: check a journal, its signed heads and its node file, with the independent verifier."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from redstick.cli.errors import Failure, Misuse
from redstick_verify.__main__ import check, check_proof
from redstick_verify.journal import lines, segments_in


def command(
    data: Annotated[Path, typer.Argument(help="the data directory, or the journal folder in it")],
    key: Annotated[str | None, typer.Option(help="the public key that you trust; else the first that is named")] = None,
    json_out: Annotated[bool, typer.Option("--json", help="{ok, positions, head, first_bad, …}")] = False,
) -> None:
    """Check every line against the chain and its signed heads; the verifier imports nothing of Redstick."""
    folder = journal_in(data)
    found = check(folder)
    for more in _proof_of(folder, key):
        bad = found["first_bad"] or more["first_bad"]
        found = {**found, **more, "ok": bad is None, "first_bad": bad}
    if json_out:
        typer.echo(json.dumps(found))
    elif found["ok"]:
        typer.echo(f"{found['positions']} positions, each as it was written; head {found['head']}")
        if found.get("signed_heads"):
            typer.echo(f"{found['signed_heads']} signed heads, the last at position {found['signed_position']}")
    if not found["ok"]:
        raise Failure(f"{folder}: {found['first_bad']}. Keep the folder as it is and restore from a copy.")


def journal_in(data: Path) -> Path:
    """The journal's folder in a data directory, or that folder itself; raises Misuse when there is none."""
    folder = data / "journal" if (data / "journal").is_dir() else data
    if not segments_in(folder):
        raise Misuse(f"{data}: no journal here; expected a folder with segment-* files, or one holding `journal`")
    return folder


def _proof_of(folder: Path, key: str | None) -> list[dict[str, Any]]:
    """What the signed heads and the node file say of a journal, where there are any."""
    from redstick.adapters.disk import PosixDisk
    from redstick.adapters.heads import HEADS, proof_folder
    from redstick.kernel.proof.nodes import NAME, Nodes

    proof = proof_folder(folder)
    if not (proof / HEADS).is_file() and not key:
        return []
    found = [check_proof(folder, proof, key)]
    if (proof / NAME).is_file() and found[0]["signed_position"]:
        nodes = Nodes(PosixDisk(proof))
        found.append({"first_bad": nodes.fault(lines(folder), found[0]["signed_position"])})
        nodes.close()
    return found
