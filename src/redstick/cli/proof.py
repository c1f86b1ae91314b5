"""`redstick proof DATA`: evidence that fits a mail, for one record or for the history since some day."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redstick.cli.errors import Failure, Misuse
from redstick.cli.output import write_files
from redstick.cli.verify import journal_in

if TYPE_CHECKING:
    from redstick.kernel.proof.evidence import Consistency, Inclusion
    from redstick.kernel.proof.nodes import Nodes
    from redstick.kernel.proof.notary import Notary
    from redstick.kernel.proof.statements import KeyHistory, Signer


def command(
    data: Annotated[Path, typer.Argument(help="the data directory, or the journal folder in it")],
    position: Annotated[int | None, typer.Option(min=1, help="prove the record at this position")] = None,
    since: Annotated[
        Path | None, typer.Option(help="prove that nothing was rewritten since this evidence, or signed head, was made")
    ] = None,
    sign: Annotated[
        Path | None, typer.Option(metavar="KEYS", help="first sign where a journal stands that no server has open")
    ] = None,
    name: Annotated[str, typer.Option(help="what the journal is called, when it is signed for the first time")] = "",
    out: Annotated[Path | None, typer.Option(help="write the evidence here instead of printing it")] = None,
    json_out: Annotated[bool, typer.Option("--json", help="evidence is JSON already; kept for scripts")] = False,
) -> None:
    """Make evidence that `redstick-verify EVIDENCE.json --key KEY` checks anywhere, with the public key alone."""
    del json_out
    journal = journal_in(data)
    if position is None and since is None and sign is None:
        raise Misuse("say what to prove: --position N, --since FILE, or --sign KEYS for a head alone")
    if sign is not None:
        _sign(journal, sign, name)
    text = _evidence(journal, position, since)
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_files({out: text})


def _sign(journal: Path, folder: Path, name: str) -> None:
    """Sign a head of everything that is durable."""
    from redstick.cli.keys import now_ms, open_keys

    with open_notary(journal, open_keys(folder).signer, name) as notary:
        if notary.sign(now_ms()) is None:
            raise Failure(f"{journal}: nothing was signed: {notary.failed or 'it is empty'}")


@contextmanager
def open_notary(journal: Path, signer: "Signer", name: str = "") -> "Iterator[Notary]":
    """A notary over a journal that no server has open; raises Failure in one line."""
    from redstick.adapters.disk import PosixDisk
    from redstick.adapters.heads import FileHeads, proof_folder
    from redstick.adapters.segments import SegmentJournal
    from redstick.kernel.errors import Corruption, Unavailable
    from redstick.kernel.proof.notary import Notary

    try:
        with ExitStack() as held:
            kept = SegmentJournal(PosixDisk(journal))
            held.callback(kept.close)
            disk = PosixDisk(proof_folder(journal))
            heads = FileHeads(disk)
            held.callback(heads.close)
            called = _name_of(heads.keys()) or name or journal.name
            notary = Notary(called, kept, disk, heads, signer, go_on=bool(kept.gaps))
            held.callback(notary.close)
            yield notary
    except (Corruption, Unavailable) as error:
        raise Failure(f"{journal}: {error}") from error


def _evidence(journal: Path, position: int | None, since: Path | None) -> str:
    """The text of the evidence, checked as its reader will check it; a signed head alone when neither is asked."""
    from redstick.adapters.disk import PosixDisk
    from redstick.adapters.heads import HEADS, FileHeads, proof_folder
    from redstick.kernel.proof.evidence import as_json
    from redstick.kernel.proof.nodes import Nodes
    from redstick.kernel.proof.statements import KeyHistory
    from redstick_verify.proofs import check_evidence

    folder = proof_folder(journal)
    if not (folder / HEADS).is_file():
        raise Failure(f"{journal}: nothing was signed yet; `--sign KEYS` signs, `redstick keys create` makes a key")
    disk = PosixDisk(folder)
    with closing(FileHeads(disk)) as heads, closing(Nodes(disk)) as nodes, _told(journal):
        keys = KeyHistory(_name_of(heads.keys()), heads.keys())
        newest = next(heads.newest(), b"")
        reach = keys.head(newest).position
        if position is None and since is None:
            return newest.decode()
        if position is not None and position > reach:
            raise Failure(f"position {position} is not signed yet, only up to {reach}; wait, or sign with --sign KEYS")
        made = _proven(journal, position, since, newest, nodes, keys)
        check_evidence(json.loads(as_json(made)), keys.first)
        return as_json(made).decode()


@contextmanager
def _told(journal: Path) -> Iterator[None]:
    """What is wrong with a proof is told in one line that says what to do."""
    from redstick.kernel.errors import Corruption
    from redstick_verify.proofs import Fault

    try:
        yield
    except (Corruption, Fault, ValueError) as error:
        raise Failure(f"{journal}: {error}; `redstick verify` says if it is journal, heads or nodes") from error


def _proven(
    journal: Path, position: int | None, since: Path | None, newest: bytes, nodes: "Nodes", keys: "KeyHistory"
) -> "Inclusion | Consistency":
    from redstick.adapters.disk import PosixDisk
    from redstick.adapters.segments.beside import SegmentReader
    from redstick.kernel.proof.evidence import prove_consistency, prove_inclusion

    if since is not None:
        return prove_consistency(_head_in(since), newest, nodes, keys)
    if position is None:
        raise Misuse("there is neither a position nor an older head to prove")
    line = next(SegmentReader(PosixDisk(journal), position).read(position - 1), None)
    if line is None:
        raise Failure(f"{journal}: position {position} cannot be read; `redstick verify` names what is wrong")
    return prove_inclusion(position, line, newest, nodes, keys)


def _head_in(path: Path) -> bytes:
    """The signed head in a piece of evidence, or in a file that holds nothing else."""
    try:
        text = path.read_text(encoding="utf-8")
        evidence = json.loads(text) if text.startswith("{") else {"head": text}
        return str(evidence.get("new", evidence.get("head", ""))).encode()
    except (OSError, ValueError) as error:
        raise Misuse(f"{path}: neither evidence nor a signed head: {error}") from error


def _name_of(key_lines: list[bytes]) -> str:
    """The journal that statements of keys speak of; "" without any."""
    return str(json.loads(key_lines[0][129:])["journal"]) if key_lines else ""
