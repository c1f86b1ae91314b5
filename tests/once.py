"""What takes seconds to make is made once in a run of tests, by whichever of its workers needs it first."""

import fcntl
import hashlib
import os
import pickle
import shutil
from contextlib import contextmanager

import pytest


def made_once(factory, name, make):
    """The folder that `make(folder)` has filled in this run of tests; no test changes what is in it."""
    own = factory.getbasetemp()
    place = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "once"
    place.mkdir(exist_ok=True)
    folder, whole = place / name, place / f"{name}.whole"
    with (place / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            whole.touch()
    return folder


def value_made_once(factory, name, make):
    """The value that `make()` has given in this run of tests."""
    folder = made_once(factory, name, lambda folder: (folder / "value").write_bytes(pickle.dumps(make())))
    return pickle.loads((folder / "value").read_bytes())  # noqa: S301 (this run of tests wrote it)


@pytest.fixture(scope="session", autouse=True)
def policies_compiled_once(tmp_path_factory):
    """Policies are compiled as ever, but the same texts for the same commands once: each time takes seconds."""
    with compiled_once(tmp_path_factory):
        yield


@contextmanager
def compiled_once(factory):
    """As long as this lasts: commands import the compiler when they are called and get this one; its own tests not."""
    from redstick.adapters.cedar import compiling  # a second of imports, for those who need it

    compile_folder, known = compiling.compile_folder, {}
    if hasattr(compile_folder, "once"):  # by the fixture of another folder's tests: to wait for oneself is for ever
        yield
        return

    def compiled(folder, commands):
        commands = sorted(set(commands))
        texts = [(path.name, path.read_bytes()) for path in sorted(folder.iterdir()) if path.is_file()]
        digest = hashlib.sha256(repr((texts, commands)).encode()).hexdigest()
        if digest not in known:
            name = f"policy-{digest[:16]}"
            known[digest] = value_made_once(factory, name, lambda: compile_folder(folder, commands))
        return known[digest]

    compiled.once = True
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiling, "compile_folder", compiled)
        yield
