"""`redstick keys`: the folder with the key that signs and the ring that seals; outside the data and its backups."""

import json
import secrets
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from redstick.cli.errors import Failure, Misuse

if TYPE_CHECKING:
    from redstick.adapters.keys.files import FileKeyRing
    from redstick.kernel.ports import Disk
    from redstick.kernel.proof.statements import Ed25519Signer

app = typer.Typer(
    add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True,
    help="The key that signs heads, and the ring that seals personal fields: make, show, check, change.",
)  # fmt: skip

Folder = Annotated[Path, typer.Argument(help="the keys' folder: not in the data, and not in its backups")]
Json = Annotated[bool, typer.Option("--json", help="for machines")]


class Keys(NamedTuple):
    """An open folder of keys."""

    disk: "Disk"
    signer: "Ed25519Signer"
    root: bytes

    def ring(self) -> "FileKeyRing":
        """The ring, claimed; raises Unavailable when somebody else has it."""
        from redstick.adapters.keys.files import FileKeyRing

        return FileKeyRing(self.disk, self.root, secrets.token_bytes)


@app.command()
def create(folder: Folder, json_out: Json = False) -> None:
    """Make the key that signs heads and the root key of the ring. Give the public key to whoever shall check."""
    from redstick.adapters.keys.private import PrivateDisk, make_root, make_signer
    from redstick.kernel.errors import Unavailable

    try:
        disk = PrivateDisk(folder)
        signer = make_signer(disk, secrets.token_bytes)
        make_root(disk, secrets.token_bytes)
    except (FileExistsError, Unavailable) as error:
        raise Misuse(f"{folder}: {error}") from error
    _tell(signer, {}, json_out=json_out)


@app.command()
def show(folder: Folder, json_out: Json = False) -> None:
    """The public key, and under which classes and periods the ring has keys."""
    from redstick.adapters.keys.files import LIVING, SPARED

    keys = open_keys(folder)
    ring = {suffix[1:]: [name.removesuffix(suffix) for name in keys.disk.list() if name.endswith(suffix)]
            for suffix in (LIVING, SPARED)}  # fmt: skip
    _tell(keys.signer, ring, json_out=json_out)


@app.command()
def check(folder: Folder, json_out: Json = False) -> None:
    """Open every key of the ring, which no server may have open; says which is not what was written."""
    from redstick.adapters.keys.files import FileKeyRing
    from redstick.kernel.errors import Unavailable

    keys = open_keys(folder)
    try:
        ring = FileKeyRing(keys.disk, keys.root, secrets.token_bytes)
        faults = list(ring.check())
        ring.close()
    except Unavailable as error:
        raise Failure(f"{folder}: {error}") from error
    if json_out:
        typer.echo(json.dumps({"ok": not faults, "faults": faults}))
    if faults:
        raise Failure(f"{folder}: {faults[0]}; restore that file from a backup of the ring that has not expired")
    if not json_out:
        typer.echo("every key is what was written")


@app.command()
def rotate(
    folder: Folder,
    data: Annotated[
        list[Path], typer.Option("--data", help="a data directory whose journal is signed; repeat for all")
    ],
    json_out: Json = False,
) -> None:
    """Let another key sign from here on, by a statement that the old one signs. No server may have the data open."""
    from redstick.adapters.keys.private import NEXT, make_signer, promote_signer, read_signer

    keys = open_keys(folder)
    if NEXT in keys.disk.list():  # an earlier attempt was cut short
        successor = read_signer(keys.disk, NEXT)
    else:
        successor = make_signer(keys.disk, secrets.token_bytes, NEXT)
    for one in data:
        _let_speak(one, keys.signer, successor)
    promote_signer(keys.disk)
    _tell(successor, {}, json_out=json_out)


def open_keys(folder: Path) -> Keys:
    """The keys in a folder; raises Misuse when there are none, Failure when they are not what was written."""
    from redstick.adapters.keys.private import PrivateDisk, read_root, read_signer
    from redstick.adapters.keys.whole import settle
    from redstick.kernel.errors import Corruption, Unavailable

    if not folder.is_dir():
        raise Misuse(f"{folder}: no keys here; `redstick keys create` makes them")
    try:
        disk = PrivateDisk(folder)
        with suppress(Unavailable):  # a server has the ring, and settled it when it began
            disk.claim()
            settle(disk)
            disk.release()
        return Keys(disk, read_signer(disk), read_root(disk))
    except FileNotFoundError as error:
        raise Misuse(f"{folder}: no keys here ({error.filename}); `redstick keys create` makes them") from error
    except (Corruption, Unavailable) as error:
        raise Failure(f"{folder}: {error}") from error


def now_ms() -> int:
    """Milliseconds since the epoch, UTC."""
    return int(time.time() * 1000)


def _let_speak(data: Path, signer: "Ed25519Signer", successor: "Ed25519Signer") -> None:
    """Let the successor speak for a journal, unless it does already, or nothing was signed yet."""
    from redstick.adapters.disk import PosixDisk
    from redstick.adapters.heads import KEYS, FileHeads, proof_folder
    from redstick.cli.proof import open_notary
    from redstick.cli.verify import journal_in
    from redstick.kernel.proof.statements import KeyHistory

    journal = journal_in(data)
    if not (proof_folder(journal) / KEYS).is_file():
        return
    with closing(FileHeads(PosixDisk(proof_folder(journal)))) as heads:
        lines = heads.keys()
    if lines and KeyHistory(json.loads(lines[0][129:])["journal"], lines).public == successor.public:
        return
    with open_notary(journal, signer) as notary:
        notary.rotate(successor, now_ms())


def _tell(signer: "Ed25519Signer", more: dict[str, list[str]], *, json_out: bool) -> None:
    from redstick.kernel.proof.statements import key_id

    told = {"key": key_id(signer.public), "public": signer.public.hex(), **more}
    if json_out:
        typer.echo(json.dumps(told))
        return
    typer.echo(f"key {told['key']}, public {told['public']}")
    for kind, names in more.items():
        typer.echo(f"{kind}: {', '.join(names) or 'none'}")
