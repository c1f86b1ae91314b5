"""Bytes and lines of a file: packed, marked, torn, endless."""

import codecs
import gzip
import io

import pytest

from redstick.defense.readers.event import Tally
from redstick.defense.readers.lines import as_text, bounded_lines, open_bytes

TEXT = "one\r\nzwei \u00fc\n\ud7ff\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        gzip.compress(TEXT.encode(), mtime=0),
        codecs.BOM_UTF8 + TEXT.encode(),
        gzip.compress(codecs.BOM_UTF8 + TEXT.encode(), mtime=0),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        gzip.compress(codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), mtime=0),
    ],
)
def test_a_file_gives_its_text_as_utf_8_however_it_is_packed(tmp_path, data):
    """gzip, and the marks that Windows puts before UTF-8 and UTF-16."""
    path = tmp_path / "log"
    path.write_bytes(data)
    with open_bytes(path) as stream:
        assert stream.read() == TEXT.encode()
    with open_bytes(path) as stream:
        assert list(bounded_lines(stream, Tally())) == [b"one\r\n", "zwei \u00fc\n".encode(), "\ud7ff\n".encode()]


def test_utf_16_of_odd_length_is_repaired_and_long_text_is_whole(tmp_path):
    """Text longer than a step of the decoder, with half a character at its end."""
    path = tmp_path / "log"
    path.write_bytes(codecs.BOM_UTF16_LE + ("x" * 1_500_000).encode("utf-16-le") + b"\x41")
    with open_bytes(path) as stream:
        assert stream.read() == b"x" * 1_500_000 + "\ufffd".encode()


def test_a_long_line_is_one_loss_and_its_neighbours_are_read():
    """A line of exactly the limit is kept; one more byte is too long."""
    tally = Tally()
    data = b"a" * 10 + b"\n" + b"b" * 11 + b"\n" + b"c" * 35 + b"\nd\n"
    assert list(bounded_lines(io.BytesIO(data), tally, 10)) == [b"a" * 10 + b"\n", b"d\n"]
    assert (tally.received, tally.lost) == (2, 2)


def test_a_torn_gzip_file_gives_what_it_holds_and_says_so(tmp_path):
    """Cut off, or damaged in the middle."""
    whole = gzip.compress(b"".join(b"line %d\n" % i for i in range(20_000)), compresslevel=1)
    path = tmp_path / "log.gz"
    for data in (whole[: len(whole) // 2], whole[:2000] + b"\xff" * 64 + whole[2064:], whole[:5], whole[:12]):
        path.write_bytes(data)
        tally = Tally()
        with open_bytes(path) as stream:
            lines = list(bounded_lines(stream, tally))
        assert all(line.startswith(b"l") for line in lines[:1])
        assert tally.losses == {"compressed file is torn": 1}


def test_broken_utf_8_becomes_a_sign_and_is_counted():
    """Good text is not touched and not counted."""
    tally = Tally()
    assert (as_text(b"a\xffb", tally), as_text("\u00fc".encode(), tally)) == ("a\ufffdb", "\u00fc")
    assert tally.repairs == {"broken UTF-8": 1}
