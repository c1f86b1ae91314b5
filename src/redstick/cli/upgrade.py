"""`redstick upgrade --check DATA`: what this version would do to a journal; it reads before anything is written."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from redstick.cli.errors import Failure, Misuse
from redstick.cli.journals import looked_at
from redstick.cli.output import progress

if TYPE_CHECKING:
    from redstick.kernel.house import House
    from redstick.kernel.readiness import Readiness


def command(
    data: Annotated[Path, typer.Argument(help="the data directory, or the journal folder in it")],
    check: Annotated[bool, typer.Option("--check", help="read everything, write nothing")] = False,
    json_out: Annotated[bool, typer.Option("--json", help="the account for machines")] = False,
) -> None:
    """Read a journal as this version would: what it cannot read, what it would convert, what it may not write yet."""
    from redstick.bootstrap import LIVE
    from redstick.kernel.house import House
    from redstick.kernel.readiness import readiness

    if not check:
        raise Misuse("there is `redstick upgrade --check DATA`; to upgrade, start the new version once that is well")
    house = House(LIVE)
    with looked_at(data) as journal, progress("reading every line", quiet=json_out):
        found = readiness(house, journal.read(), journal.gaps)
    snapshots = _snapshots(house, data, found)
    if json_out:
        typer.echo(json.dumps(as_json(found, snapshots)))
    else:
        typer.echo("\n".join(in_words(found, snapshots)))
    if not found.ok:
        raise Failure(f"{data}: this version must not take this journal over; {_way_out(found)}")


def _snapshots(house: "House", data: Path, found: "Readiness") -> dict[str, str]:
    """Each snapshot, and why it would not be used; "" when it would."""
    from redstick.adapters.disk import PosixDisk
    from redstick.adapters.snapshots import SnapshotFiles
    from redstick.adapters.untouched import UntouchedDisk
    from redstick.bootstrap import SNAPSHOT_FOLDER
    from redstick.kernel.readiness import snapshot_fault

    folder = data / SNAPSHOT_FOLDER
    if not folder.is_dir():
        return {}
    names = SnapshotFiles(UntouchedDisk(PosixDisk(folder))).names()
    return {name: snapshot_fault(house, (folder / name).read_bytes(), found.head) for name in names}


def as_json(found: "Readiness", snapshots: dict[str, str]) -> dict[str, Any]:
    """The account for machines; fields are added, never renamed."""
    import msgspec

    told: dict[str, Any] = msgspec.to_builtins(found)
    head = {"positions": found.head.position, "head": found.head.hash.hex()}
    del told["head"]
    usable = [{"snapshot": name, "usable": not fault, "why": fault} for name, fault in snapshots.items()]
    return {"ok": found.ok, **head, **told, "snapshots": usable}


def in_words(found: "Readiness", snapshots: dict[str, str]) -> list[str]:
    """The account for people."""
    unreadable = sum(one.lines for one in found.unreadable)
    lines = [f"{found.head.position:,} positions; this version reads {'all but ' if unreadable else 'all of them'}"]
    lines[0] += f"{unreadable:,}" if unreadable else ""
    for one in found.unreadable:
        lines.append(f"  cannot be read: {one.kind} {one.version}, {one.lines:,} lines from position {one.first} on")
        lines.append(f"    ({one.why})")
    lines += [f"  cannot be folded: {domain}, {why}" for domain, why in found.broken.items()]
    if found.upcast:
        lines.append("converted each time they are read:")
        lines += [f"  {one.kind} {one.version} to {one.to}: {one.lines:,} lines" for one in found.upcast]
    if found.nodes:
        lines.append(f"nodes: {', '.join(found.nodes)}")
    for waiting in found.not_active:
        whom = f"; unknown to {', '.join(waiting.unknown_to)}" if waiting.unknown_to else ": all nodes know it"
        active = f"version {waiting.active} is active" if waiting.active else "not active"
        lines.append(f"  may not be written yet: {waiting.kind} {waiting.version} ({active}{whom})")
    for name, fault in snapshots.items():
        lines.append(f"{name}: {f'would not be used: {fault}' if fault else 'would be used'}")
    if snapshots and all(snapshots.values()):
        lines.append("no snapshot would be used: the first start folds every line")
    return lines


def _way_out(found: "Readiness") -> str:
    if found.unreadable:
        kinds = ", ".join(f"{one.kind} {one.version}" for one in found.unreadable[:5])
        return f"stay on the version that wrote {kinds}, or take one that knows them"
    return f"stay on the version that you have, and report the fault in {', '.join(found.broken)}"
