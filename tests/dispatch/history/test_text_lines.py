"""Lines of text: numbered as an editor numbers them, whatever the blocks they were read in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.history import text_lines
from redstick.dispatch.history.errors import HistoryError
from redstick.dispatch.history.text_lines import TextLines, look


@given(st.lists(st.text(alphabet='aé\r,"', max_size=5), min_size=1), st.booleans(), st.integers(3, 40))
def test_blocks_change_nothing(tmp_path_factory, lines, ended, block_bytes):
    """The lines are those of the text, however small the blocks; a line end cut in two stays one."""
    text = "x\n" + "\n".join(lines) + ("\n" if ended else "")
    path = tmp_path_factory.mktemp("lines") / "text"
    path.write_bytes(text.encode())
    before, text_lines.BLOCK_BYTES = text_lines.BLOCK_BYTES, block_bytes
    try:
        source = TextLines(path)
        found = list(source)
    finally:
        text_lines.BLOCK_BYTES = before
    assert "".join(found) == text
    assert source.number == len(found)
    assert source.unterminated == (not text.endswith(("\n", "\r")))


def test_absent_files_and_folders_are_refused(tmp_path):
    """Each with one clear line."""
    with pytest.raises(HistoryError, match="no such file"):
        look(tmp_path / "absent")
    with pytest.raises(HistoryError, match="can be read"):
        look(tmp_path)
