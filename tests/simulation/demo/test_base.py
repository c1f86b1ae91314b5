"""What every demo begins from is made once, and made anew when what makes it has changed."""

import pytest

from redstick.simulation.demo import base
from redstick.simulation.demo.base import COMPILED_BY, MADE_BY, digest_of, open_base


def nothing(words):
    """Nobody is told."""


def test_it_is_made_once_and_is_the_same_when_it_is_read(tmp_path, monkeypatch):
    """The second time nothing is made, and city and policy are what they were; what an older build left is gone."""
    (tmp_path / "small-0123456789abcdef").mkdir()
    first = open_base("small", nothing, tmp_path)

    def refuse(*_):
        raise AssertionError("made again")

    monkeypatch.setattr(base, "_make_city", refuse)
    monkeypatch.setattr(base, "_make_policy", refuse)
    second = open_base("small", nothing, tmp_path)
    assert second.parish.city.digest == first.parish.city.digest
    assert second.authorities == first.authorities
    assert second.parish.hospital == first.parish.hospital
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("parts", [MADE_BY, COMPILED_BY])
def test_another_file_another_word_another_base(parts, tmp_path, monkeypatch):
    """A changed byte in any part, and a command more, lead to another digest; the same bytes to the same."""
    for part in parts:
        place = tmp_path / part
        if place.suffix:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text("as it was")
        else:
            place.mkdir(parents=True, exist_ok=True)
            (place / "a.py").write_text("as it was")
    monkeypatch.setattr(base, "PACKAGE", tmp_path)
    before = digest_of(parts, "words")
    assert digest_of(parts, "words") == before
    assert digest_of(parts, "other words") != before
    (tmp_path / parts[0] / "a.py").write_text("as it is")
    assert digest_of(parts, "words") != before
