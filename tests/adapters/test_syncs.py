"""Syncs that the kernel does beside the loop: each is told once, on the loop, and what cannot be is not begun."""

import asyncio
import os

import pytest

from redstick.adapters.disk import PosixDisk
from redstick.adapters.syncs import KernelSyncs

pytestmark = pytest.mark.sockets  # an event loop has a socket pair of its own


@pytest.fixture
def descriptor(tmp_path):
    """An open file with something in it."""
    opened = os.open(tmp_path / "file", os.O_RDWR | os.O_CREAT)
    os.write(opened, b"line\n")
    yield opened
    os.close(opened)


def on_a_loop(work):
    """Run `work` with the syncs of a running loop; skips where the system has none."""

    async def live():
        syncs = KernelSyncs.made()
        if syncs is None:
            pytest.skip("this system lends no AIO: the journal's thread syncs")
        try:
            return await asyncio.wait_for(work(syncs), 60)
        finally:
            syncs.close()
            await asyncio.sleep(0)

    return asyncio.run(live())


async def synced(begin, *given):
    """What is told of one sync; AssertionError when it is not begun."""
    told = asyncio.get_running_loop().create_future()
    assert begin(*given, told.set_result)
    assert not told.done()
    return await told


def test_a_sync_is_told_on_the_loop_when_it_is_done(descriptor):
    """Not before control has gone back to the loop; with None, once, as often as is asked."""

    async def work(syncs):
        return [await synced(syncs.begin, descriptor) for _ in range(50)]

    assert on_a_loop(work) == [None] * 50


def test_one_at_a_time(descriptor):
    """Another is not begun while one is under way, and is afterwards."""

    async def work(syncs):
        told = asyncio.get_running_loop().create_future()
        assert syncs.begin(descriptor, told.set_result)
        assert not syncs.begin(descriptor, pytest.fail)
        await told
        return await synced(syncs.begin, descriptor)

    assert on_a_loop(work) is None


def test_what_the_kernel_refuses_is_not_begun(descriptor):
    """A descriptor that is not open, and one of what cannot be synced; the next is begun all the same."""

    async def work(syncs):
        reading, writing = os.pipe()
        assert not syncs.begin(writing, pytest.fail)
        os.close(reading)
        os.close(writing)
        assert not syncs.begin(writing, pytest.fail)
        return await synced(syncs.begin, descriptor)

    assert on_a_loop(work) is None


def test_a_disk_lends_its_files_syncs_as_long_as_it_is_claimed(tmp_path):
    """Made when first asked for, on that loop; after a release another disk on the folder does it anew."""

    async def twice():
        for _ in range(2):
            disk = PosixDisk(tmp_path)
            disk.claim()
            file = disk.open("file", create="file" not in disk.list())
            file.write_at(0, b"line\n")
            assert await synced(file.begin_sync) is None
            file.close()
            disk.release()

    on_a_loop(lambda _: twice())


def test_a_system_without_them_says_so(tmp_path, monkeypatch):
    """The file's answer is False, each time, and `sync` does it."""
    monkeypatch.setattr("redstick.adapters.syncs.linux_aio", None)

    async def ask():
        disk = PosixDisk(tmp_path)
        file = disk.open("file", create=True)
        assert [file.begin_sync(pytest.fail) for _ in range(2)] == [False, False]
        file.sync()
        file.close()

    asyncio.run(ask())
