"""What is made once in a run of tests."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace

import pytest
from tests.once import compiled_once, made_once, value_made_once


def of(worker):
    """Where a worker of a run keeps what is temporary, as pytest tells it."""
    return SimpleNamespace(getbasetemp=lambda: worker)


@pytest.fixture
def workers(tmp_path, monkeypatch):
    """Two workers of one run."""
    monkeypatch.setenv("PYTEST_XDIST_WORKER", "gw0")
    return [of(tmp_path / "popen-gw0"), of(tmp_path / "popen-gw1")]


def test_what_two_workers_need_at_once_is_made_once(workers):
    """The other waits until it is whole, and reads the same folder."""
    made, together = [], Barrier(2)

    def make(folder):
        made.append(folder)
        (folder / "words").write_text("whole")

    def needed_by(worker):
        together.wait()
        return (made_once(worker, "thing", make) / "words").read_text()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(needed_by, workers)) == ["whole", "whole"]
    assert len(made) == 1


def test_what_failed_half_way_is_made_anew(workers):
    """Nothing of the first attempt is left."""

    def fail(folder):
        (folder / "half").touch()
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        made_once(workers[0], "thing", fail)
    folder = made_once(workers[1], "thing", lambda folder: (folder / "whole").touch())
    assert [path.name for path in folder.iterdir()] == ["whole"]


def test_a_value_is_the_same_for_the_next(workers):
    """Though it is worked out for the first alone."""
    assert value_made_once(workers[0], "value", lambda: {"a": (1, 2)}) == {"a": (1, 2)}
    assert value_made_once(workers[1], "value", lambda: pytest.fail("made again")) == {"a": (1, 2)}


def test_two_folders_of_one_worker_patch_the_compiler_once(workers, tmp_path, monkeypatch):
    """The second leaves it as it is: what waits for itself waits for ever. In the end the compiler is as it was."""
    from redstick.adapters.cedar import compiling

    asked, policies = [], tmp_path / "policies"
    policies.mkdir()
    (policies / "all.cedar").touch()

    def compile_folder(folder, commands):
        asked.append((folder, commands))
        return "policy"

    monkeypatch.setattr(compiling, "compile_folder", compile_folder)
    with compiled_once(workers[0]):
        patched = compiling.compile_folder
        with compiled_once(workers[0]):
            assert compiling.compile_folder is patched is not compile_folder
            assert [patched(policies, order) for order in (["b", "a"], ["a", "b"])] == ["policy", "policy"]
        assert compiling.compile_folder is patched
    assert compiling.compile_folder is compile_folder
    assert asked == [(policies, ["a", "b"])]
