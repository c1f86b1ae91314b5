"""`redstick types`: the console's types are those of the interface."""

import subprocess
import sys
from pathlib import Path

REDSTICK = str(Path(sys.executable).with_name("redstick"))
TYPES = Path(__file__).parents[2] / "web" / "src" / "api" / "types.ts"


def test_the_console_has_the_types_of_this_interface(tmp_path):
    """Made anew they are the same; a file in which one field is another is told by its path."""
    wrong = tmp_path / "types.ts"
    wrong.write_text(TYPES.read_text().replace("  incident: string;", "  incident: number;", 1))
    codes = {}
    for path in (TYPES, wrong):
        done = subprocess.run(
            [REDSTICK, "types", "--out", str(path), "--check"], capture_output=True, text=True, timeout=60
        )
        codes[path] = (done.returncode, str(path) in done.stderr)
    assert codes == {TYPES: (0, False), wrong: (1, True)}


def test_a_tuple_of_fixed_length_is_one():
    """A box of a city has four numbers, not any number of them."""
    assert "  box: [number, number, number, number];\n" in TYPES.read_text()
