"""Files of keys: there whole or not at all, and overwritten before they go."""

from redstick.kernel.ports import Disk

MAKING, GOING = ".making", ".going"


def keep_whole(disk: Disk, name: str, data: bytes) -> None:
    """Write a file under another name, make it durable, then give it its own; what bore that name is gone."""
    making = name + MAKING
    if making in disk.list():
        _overwrite(disk, making)
    file = disk.open(making, create=True)
    try:
        file.write_at(0, data)
        file.sync()
    finally:
        file.close()
    disk.rename(making, name)
    disk.sync_names()


def read_whole(disk: Disk, name: str) -> bytes:
    """All bytes of a file."""
    file = disk.open(name)
    try:
        return file.read_at(0, file.size())
    finally:
        file.close()


def wipe(disk: Disk, name: str) -> None:
    """Overwrite a file with zeros, durably, and remove it. What a medium keeps of older blocks is beyond this.

    It loses its name first, so that under its name it is whole or not there.
    """
    disk.rename(name, name + GOING)
    disk.sync_names()
    _overwrite(disk, name + GOING)


def settle(disk: Disk) -> None:
    """Finish what a crash cut short: files half made, and files half gone, are overwritten and removed."""
    for name in disk.list():
        if name.endswith((MAKING, GOING)):
            _overwrite(disk, name)


def _overwrite(disk: Disk, name: str) -> None:
    file = disk.open(name)
    try:
        file.write_at(0, bytes(file.size()))
        file.sync()
    finally:
        file.close()
    disk.remove(name)
    disk.sync_names()
