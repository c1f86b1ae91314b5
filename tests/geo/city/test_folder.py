"""The city folder: written whole or not at all, the same bytes each time, and never read when damaged."""

import dataclasses
import json

import numpy as np
import pytest

from redstick.geo.city import DamagedCity, load_city, save_city, sealed


def everything(value):
    """Any value of a city as plain lists, so that two can be compared whole."""
    if dataclasses.is_dataclass(value):
        return {field.name: everything(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, np.ndarray):
        return value.dtype.name, value.tolist()
    if isinstance(value, (list, tuple)):
        return [everything(item) for item in value]
    return dict(value) if hasattr(value, "items") else value


def test_a_city_is_read_back_exactly_as_it_was_written(tmp_path, city):
    """Every array, text, zone, hole, shift and date survives the folder."""
    written = save_city(tmp_path / "ville", city)
    assert everything(load_city(tmp_path / "ville")) == everything(written)
    assert everything(dataclasses.replace(written, digest="")) == everything(city)


def test_the_same_city_gives_the_same_bytes(tmp_path, city):
    """Two folders of one city agree in every byte, and so do the digest and a city read back and sealed again."""
    one, two = save_city(tmp_path / "one", city), save_city(tmp_path / "two", load_city(save_and(tmp_path, city)))
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name
    assert one.digest == two.digest == sealed(city).digest != ""


def save_and(tmp_path, city):
    """Save a city and return the folder."""
    save_city(tmp_path / "again", city)
    return tmp_path / "again"


def test_any_change_changes_the_digest(city):
    """The digest speaks for the content: another name, another unit, another digest."""
    digests = {
        sealed(changed).digest
        for changed in (
            city,
            dataclasses.replace(city, name="Autre"),
            dataclasses.replace(city, units=()),
            dataclasses.replace(city, time_zone="UTC"),
        )
    }
    assert len(digests) == 4


def test_a_damaged_file_is_named(tmp_path, city):
    """One flipped byte in any file that the manifest names is found, and the error says in which file."""
    folder = save_and(tmp_path, city)
    for path in [*sorted(folder.glob("[!c]*")), folder / "closures.json"]:
        whole = path.read_bytes()
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        with pytest.raises(DamagedCity) as refused:
            load_city(folder)
        assert refused.value.file == path
        assert "SHA-256" in str(refused.value)
        path.write_bytes(whole)
    load_city(folder)


def test_a_missing_file_is_named(tmp_path, city):
    """A file that the manifest names but is not there is an error of its own."""
    folder = save_and(tmp_path, city)
    (folder / "zones.npz").unlink()
    with pytest.raises(DamagedCity, match=r"zones\.npz: the file is missing"):
        load_city(folder)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda m: m | {"version": 99}, "version 99"),
        (lambda m: m | {"format": "other"}, "not the manifest"),
        (lambda m: m | {"name": "Autre"}, "digest does not fit"),
        (lambda m: m | {"files": m["files"] | {"../city.json": "0"}}, "missing"),
        (lambda m: m | {"files": {}, "digest": None}, "digest"),
    ],
)
def test_a_manifest_that_was_tampered_with_is_refused(tmp_path, city, change, message):
    """A newer format, another format, an edited name and a path out of the folder each have their reason."""
    folder = save_and(tmp_path, city)
    manifest = json.loads((folder / "city.json").read_bytes())
    (folder / "city.json").write_text(json.dumps(change(manifest)))
    with pytest.raises(DamagedCity, match=message):
        load_city(folder)


def test_a_manifest_that_is_cut_short_is_refused(tmp_path, city):
    """A torn manifest is named; a folder without one is not a city."""
    folder = save_and(tmp_path, city)
    (folder / "city.json").write_bytes((folder / "city.json").read_bytes()[:40])
    with pytest.raises(DamagedCity, match="not JSON"):
        load_city(folder)
    (folder / "city.json").unlink()
    with pytest.raises(DamagedCity, match="no such file"):
        load_city(folder)


def test_a_folder_that_is_no_city_is_never_replaced(tmp_path, city):
    """Somebody's other files stay where they are."""
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(FileExistsError, match="not a city folder"):
        save_city(tmp_path, city)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
    with pytest.raises(FileExistsError):
        save_city(tmp_path / "thesis.txt", city)


def test_a_newer_version_replaces_the_older_whole(tmp_path, city):
    """After a second save only the new version is there, and nothing of the making is left beside it."""
    folder = save_and(tmp_path, city)
    (folder / "index.sqlite").write_text("made from the old version")
    newer = save_city(folder, dataclasses.replace(city, units=()))
    assert load_city(folder).digest == newer.digest
    assert not (folder / "index.sqlite").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["again"]


def test_when_the_finish_fails_the_old_city_stands(tmp_path, city):
    """An index that cannot be built leaves the folder as it was, and no half-written one beside it."""
    folder = save_and(tmp_path, city)

    def finish(made, draft):
        assert load_city(draft).digest == made.digest
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        save_city(folder, dataclasses.replace(city, units=()), finish)
    assert load_city(folder).units == city.units
    assert [path.name for path in tmp_path.iterdir()] == ["again"]
