"""Running a command as a person does, in this process, and a small town to run it on."""

import json
import sys
from typing import NamedTuple

import pytest
from tests import small_town
from tests.once import policies_compiled_once  # noqa: F401 (pytest finds it by its name)

from redstick.cli.main import main


class Done(NamedTuple):
    """What a command left: its exit code and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        """Its standard output as one value."""
        return json.loads(self.out)


@pytest.fixture
def run(monkeypatch, capsys):
    """Runs a command line and gives what it left."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["redstick", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return Done(ended.value.code or 0, *capsys.readouterr())

    return call


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    """The town's files, and its city folder beside them; not to be changed by a test."""
    folder = small_town.write(tmp_path_factory.mktemp("town"))
    import_town(folder, folder / "city")
    return folder


def import_town(folder, out):
    """`redstick city import` of the town."""
    sources = ("--roads", "roads.geojson", "--stations", "stations.csv", "--units", "units.toml")
    named = [word if word.startswith("--") else str(folder / word) for word in sources]
    patch = pytest.MonkeyPatch()
    patch.setattr(
        sys, "argv", ["redstick", "city", "import", *named, "--time-zone", "America/Chicago", "--out", str(out)]
    )
    with pytest.raises(SystemExit) as ended:
        main()
    patch.undo()
    assert not ended.value.code
