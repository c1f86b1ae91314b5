"""Syncs that the kernel does beside the loop: each is told once, on the loop, and what cannot be is not begun."""

import asyncio
import os

import pytest

from redstick.adapters import syncs as lending
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


@pytest.fixture(params=lending.LENDERS, ids=lambda lender: lender.__name__.partition(".")[2])
def lender(request, monkeypatch):
    """Each thing of Linux that syncs, as if it were the only one."""
    monkeypatch.setattr(lending, "LENDERS", (request.param,))
    return request.param


@pytest.fixture
def ring(monkeypatch):
    """io_uring and nothing else: what gathers until it is sent."""
    monkeypatch.setattr(lending, "LENDERS", (lending.linux_uring,))


def on_a_loop(work):
    """Run `work` with the syncs of a running loop; skips where the system has none."""

    async def live():
        syncs = KernelSyncs.made()
        if syncs is None:
            pytest.skip(f"this system lends no {lending.LENDERS[0].__name__}")
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


@pytest.mark.usefixtures("lender")
def test_a_sync_is_told_on_the_loop_when_it_is_done(descriptor):
    """Not before control has gone back to the loop; with None, once, as often as is asked."""

    async def work(syncs):
        return [await synced(syncs.begin, descriptor) for _ in range(50)]

    assert on_a_loop(work) == [None] * 50


@pytest.mark.usefixtures("lender")
def test_one_at_a_time(descriptor):
    """Another is not begun while one is under way, and is afterwards."""

    async def work(syncs):
        told = asyncio.get_running_loop().create_future()
        assert syncs.begin(descriptor, told.set_result)
        assert not syncs.begin(descriptor, pytest.fail)
        await told
        return await synced(syncs.begin, descriptor)

    assert on_a_loop(work) is None


@pytest.mark.usefixtures("lender")
@pytest.mark.parametrize("closed", [False, True], ids=["a pipe", "a closed file"])
def test_what_the_kernel_refuses_is_no_sync(descriptor, closed):
    """It is not begun, or told as a fault; the next is begun all the same."""

    async def work(syncs):
        reading, writing = os.pipe()
        if closed:
            os.close(writing)
        told = asyncio.get_running_loop().create_future()
        if syncs.begin(writing, told.set_result):
            assert isinstance(await told, OSError)
        os.close(reading)
        if not closed:
            os.close(writing)
        return await synced(syncs.begin, descriptor)

    assert on_a_loop(work) is None


@pytest.mark.usefixtures("ring")
def test_a_ring_that_the_kernel_does_not_take_is_a_fault_and_not_used_again(descriptor, monkeypatch):
    """Nobody waits for what was never begun, and nobody takes a later sync for it."""

    async def work(syncs):
        monkeypatch.setattr(syncs, "_flush", _refused)
        fault = await synced(syncs.begin, descriptor)
        monkeypatch.undo()
        return fault, syncs.begin(descriptor, pytest.fail)

    fault, begun = on_a_loop(work)
    assert "the kernel took no sync" in str(fault)
    assert not begun


@pytest.mark.usefixtures("ring")
def test_a_sync_that_is_over_while_it_begins_is_told_all_the_same(descriptor, monkeypatch):
    """A disk may be done before the ring is looked at: the end is seen then, told later, and told once."""

    async def work(syncs):
        flush, context = syncs._flush, syncs._context

        def slowly():
            flush()
            return context.process_events(min_requests=1, timeout=10)

        monkeypatch.setattr(syncs, "_flush", slowly)
        return [await synced(syncs.begin, descriptor) for _ in range(3)]

    assert on_a_loop(work) == [None] * 3


@pytest.mark.usefixtures("lender")
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
    monkeypatch.setattr(lending, "LENDERS", ())

    async def ask():
        disk = PosixDisk(tmp_path)
        file = disk.open("file", create=True)
        assert [file.begin_sync(pytest.fail) for _ in range(2)] == [False, False]
        file.sync()
        file.close()

    asyncio.run(ask())


def _refused():
    raise OSError(11, "try again")
