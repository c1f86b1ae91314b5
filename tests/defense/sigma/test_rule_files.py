"""Where rules come from: folders, single files, packed corpora; and what is no place for rules."""

import io
import tarfile

import pytest

from redstick.defense.sigma import rule_files as module
from redstick.defense.sigma.image import load
from redstick.defense.sigma.rule_files import MAX_RULE_BYTES, NoRules, rule_files

RULE = b"title: made\nlogsource: {product: city}\ndetection: {selection: {a: x}, condition: selection}\n"


def packed(path, members, mode="w:gz"):
    """An archive of these members: name to bytes, or to a link's target."""
    with tarfile.open(path, mode) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            if isinstance(content, str):
                info.type, info.linkname = tarfile.SYMTYPE, content
                archive.addfile(info)
            else:
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    return path


def test_a_folder_and_its_archive_are_the_same_rules(tmp_path):
    """By path relative to the place, in order; other files and links are passed over."""
    folder = tmp_path / "rules"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "b.yaml").write_bytes(RULE)
    (folder / "a.yml").write_bytes(RULE)
    (folder / "readme.md").write_text("no rule")
    archive = packed(
        tmp_path / "x.tar.gz", {"./deep/b.yaml": RULE, "a.yml": RULE, "readme.md": b"x", "l.yml": "/etc/passwd"}
    )
    assert rule_files(folder) == rule_files(archive) == {"a.yml": RULE, "deep/b.yaml": RULE}
    assert load(folder).digest == load(archive).digest
    assert rule_files(folder / "a.yml") == {"a.yml": RULE}


def test_a_place_without_rules_and_a_torn_archive_are_named(tmp_path):
    """Each with what was expected."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoRules, match="no Sigma rules here"):
        rule_files(tmp_path / "empty")
    whole = packed(tmp_path / "x.tar.gz", {f"{i}.yml": RULE * 50 for i in range(300)}).read_bytes()
    torn = tmp_path / "torn.tar.gz"
    torn.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(NoRules, match="torn"):
        rule_files(torn)


def test_a_rule_file_without_end_is_refused_by_name_and_an_archive_without_end_too(tmp_path, monkeypatch):
    """Neither is held whole."""
    long = tmp_path / "long.yml"
    long.write_bytes(b"#" * (MAX_RULE_BYTES + 1000))
    assert len(rule_files(long)["long.yml"]) == MAX_RULE_BYTES + 1
    assert load(long).rules.refusals[0].reason == f"longer than {MAX_RULE_BYTES} bytes"
    monkeypatch.setattr(module, "MAX_ARCHIVE_BYTES", 1000)
    with pytest.raises(NoRules, match="more than 1000 bytes"):
        rule_files(packed(tmp_path / "x.tar.gz", {f"{i}.yml": RULE for i in range(50)}))


def test_a_cache_that_cannot_be_written_is_said_and_costs_nothing_else(tmp_path):
    """A full disk, or a folder that is a file."""
    rules = tmp_path / "a.yml"
    rules.write_bytes(RULE)
    cache = tmp_path / "cache"
    cache.write_text("a file")
    compiled = load(rules, cache)
    assert len(compiled.rules.rules) == 1
    assert str(cache) in compiled.unsaved
    assert load(rules, tmp_path / "good").unsaved == ""
