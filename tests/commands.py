"""Commands of ours run to their end in this process: a process of its own imports for most of a second."""

import sys
from contextlib import redirect_stdout
from io import StringIO

import pytest

from redstick.cli.main import run


def redstick(*arguments, words=""):
    """What a command says, given some words on its stdin; it must succeed."""
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(StringIO()) as said:
        patch.setattr(sys, "stdin", StringIO(words))
        try:
            code = run(list(map(str, arguments)))
        except SystemExit as ended:
            code = ended.code
    assert not code, f"redstick {' '.join(map(str, arguments))} ended with {code}"
    return said.getvalue()
