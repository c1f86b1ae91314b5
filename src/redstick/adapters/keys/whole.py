"""Files of keys: there whole or not at all, and overwritten before they go, whenever power is lost.

A new file is written under another name (`.making`) and made durable; what it replaces steps aside (`.going`); then it
takes its name, and what has stepped aside is overwritten and removed. `settle` finishes what a crash cut short.
"""

from redstick.kernel.ports import Disk

MAKING, GOING = ".making", ".going"


def keep_whole(disk: Disk, name: str, data: bytes) -> None:
    """Make a file, or replace one; durable on return."""
    file = disk.open(name + MAKING, create=True)
    try:
        file.write_at(0, data)
        file.sync()
    finally:
        file.close()
    disk.sync_names()
    replaced = name in disk.list()
    if replaced:
        _step_aside(disk, name)
    _take_name(disk, name)
    if replaced:
        _overwrite(disk, name + GOING)


def read_whole(disk: Disk, name: str) -> bytes:
    """All bytes of a file."""
    file = disk.open(name)
    try:
        return file.read_at(0, file.size())
    finally:
        file.close()


def wipe(disk: Disk, name: str) -> None:
    """Overwrite a file with zeros, durably, and remove it. What a medium keeps of older blocks is beyond this."""
    _step_aside(disk, name)
    _overwrite(disk, name + GOING)


def settle(disk: Disk) -> None:
    """Finish what a crash cut short. A change of names that nobody knows to be durable is made so."""
    disk.sync_names()
    for making in [name for name in disk.list() if name.endswith(MAKING)]:
        name = making.removesuffix(MAKING)
        if name + GOING in disk.list() and name not in disk.list():
            _take_name(disk, name)
        else:
            _overwrite(disk, making)
    for going in [name for name in disk.list() if name.endswith(GOING)]:
        _overwrite(disk, going)


def _step_aside(disk: Disk, name: str) -> None:
    disk.rename(name, name + GOING)
    disk.sync_names()


def _take_name(disk: Disk, name: str) -> None:
    disk.rename(name + MAKING, name)
    disk.sync_names()


def _overwrite(disk: Disk, name: str) -> None:
    file = disk.open(name)
    try:
        file.write_at(0, bytes(file.size()))
        file.sync()
    finally:
        file.close()
    disk.remove(name)
    disk.sync_names()
