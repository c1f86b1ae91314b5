"""Configuration of the daemons: the files of this package with addresses and ports put in, in a private folder."""

import string
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path


class _Template(string.Template):
    """`@{name}`: a dollar sign is Kamailio's own."""

    delimiter = "@"


def render(kind: str, folder: Path, values: Mapping[str, object]) -> None:
    """Each file of `etc/<kind>` with its values, below `folder`, for nobody else to read."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file in (files(__package__) / "etc" / kind).iterdir():
        path = folder / file.name
        path.touch(mode=0o600)
        path.write_text(_Template(file.read_text()).substitute(values))
