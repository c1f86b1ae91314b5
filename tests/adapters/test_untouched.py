"""A disk that is only looked at: it behaves like the one below it, which never changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.adapters.disk import PosixDisk
from redstick.adapters.segments import SegmentJournal
from redstick.adapters.untouched import UntouchedDisk
from redstick.dispatch import domain
from redstick.dispatch.rules.units import EnrollUnit
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Executor
from redstick.kernel.values import Request

names = st.sampled_from(["a", "b", "c"])
sizes = st.integers(0, 40)
deeds = st.lists(
    st.one_of(
        st.tuples(st.just("create"), names),
        st.tuples(st.just("write_at"), names, sizes, st.binary(max_size=20)),
        st.tuples(st.just("truncate"), names, sizes),
        st.tuples(st.just("remove"), names),
        st.tuples(st.just("rename"), names, names),
    ),
    max_size=12,
)


def done(disk, deed):
    """What became of a deed: its kind of error, or None."""
    what, name, *rest = deed
    try:
        if what in ("remove", "rename"):
            getattr(disk, what)(name, *rest)
        else:
            file = disk.open(name, create=what == "create")
            if what != "create":
                getattr(file, what)(*rest)
            file.sync()
            file.close()
        disk.sync_names()
    except OSError as error:
        return type(error)
    return None


def contents(disk):
    """Every file's bytes, by name."""
    found = {}
    for name in disk.list():
        file = disk.open(name)
        found[name] = (file.size(), file.read_at(0, 1000), file.read_at(3, 4))
        file.close()
    return found


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return iter(lambda: tmp_path_factory.mktemp("disk"), None)


@given(st.dictionaries(names, st.binary(max_size=30)), deeds)
def test_it_behaves_like_the_disk_and_leaves_it_alone(folders, stored, asked):
    """Whatever is done, files read as on a real disk of the same content; below, nothing has changed."""
    below, real = next(folders), PosixDisk(next(folders))
    for name, data in stored.items():
        (below / name).write_bytes(data)
        (real.folder / name).write_bytes(data)
    looked_at = UntouchedDisk(PosixDisk(below))
    for deed in asked:
        assert done(looked_at, deed) == done(real, deed)
        assert contents(looked_at) == contents(real)
    assert {path.name: path.read_bytes() for path in below.iterdir()} == stored


def test_a_journal_opens_as_it_would_and_stays_as_it_is(tmp_path):
    """While another process has it, torn tail and all: the lines are there, the folder's bytes are the same."""
    owned = SegmentJournal(PosixDisk(tmp_path))
    driver = SynchronousDriver(Executor([domain]), owned)
    driver.run([Request(f"r{n}", EnrollUnit(f"E{n}"), "tester") for n in range(5)], 1_700_000_000_000)
    [segment] = [path for path in tmp_path.iterdir() if path.name.startswith("segment")]
    lines, size = list(owned.read()), len(segment.read_bytes().rstrip(b"\0"))
    with segment.open("r+b") as file:
        file.seek(size)
        file.write(b"half a batch that was being wr")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    looked_at = SegmentJournal(UntouchedDisk(PosixDisk(tmp_path)))
    assert list(looked_at.read()) == lines
    looked_at.append(*next_line(looked_at))
    assert len(list(looked_at.read())) == 6
    looked_at.close()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    owned.close()


def next_line(journal):
    """What `append` takes for one more line."""
    driver = SynchronousDriver(Executor([domain]), journal)
    driver.executor.submit(Request("more", EnrollUnit("E9"), "tester"))
    driver.executor.decide(1_700_000_000_000)
    batch = driver.executor.take()
    return batch.lines, batch.after, batch.head
