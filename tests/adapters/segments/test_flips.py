"""One bit turned anywhere in a journal's files: found and named, gone on after, and everything else is there."""

from random import Random

import pytest

from redstick_verify.journal import check

PAYLOADS = (b'{"n":1}', b'{"text":"the cat at 12 Elm sits in the tree again"}', b'{"far":[1,2,3,4,5,6,7,8,9]}')


@pytest.fixture
def written(folder):
    """Lines of a journal with sealed segments, a closed one, an open one with space ahead, and the witness."""
    journal = folder.journal()
    stored = []
    for i in range(36):
        stored += folder.append(journal, 2 + i % 3 * 2, parts=2, payload=PAYLOADS[i % 3])
        if i == 26:
            folder.tend(journal)
    folder.close()
    assert {path.suffix for path in folder.files("*")} == {".sealed", ".log", ".witness"}
    assert len(folder.files("*.log")) > 2
    return stored


def test_a_turned_bit_is_found_named_and_lived_with(folder, written):
    """60 bits anywhere: the verifier names the file; the journal goes on, and no line of it is lost."""
    random = Random(5)
    for _ in range(60):
        folder.live_with_a_turned_bit(written, random)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_three_hundred_turned_bits(folder, written, part):
    """The same for 300 more."""
    random = Random(f"part {part}")
    for _ in range(30):
        folder.live_with_a_turned_bit(written, random)


def test_the_verifier_finds_a_turned_bit_byte_after_byte(folder):
    """In a small journal of every form: every third byte of each segment, the zeros too, and some of the witness."""
    journal = folder.journal(segment_bytes=600, allocate_bytes=512)
    for _ in range(4):
        folder.append(journal)
    folder.tend(journal)
    folder.append(journal, 2)
    folder.close()
    assert check(folder.path)["ok"]
    random = Random(3)
    for path in folder.files("*"):
        whole = path.read_bytes()
        for byte in range(0, len(whole), 3 if path.name.startswith("segment") else 53):
            folder.flip(path, byte, random.randrange(8))
            found = check(folder.path)
            assert not found["ok"], (path.name, byte)
            assert found["first_bad"].startswith(path.name)
            path.write_bytes(whole)


def test_a_fault_that_cannot_be_mended_costs_its_own_command_only(folder):
    """Many bits of one line: the commands beside it are read, those lines of its own command are left out."""
    journal = folder.journal(segment_bytes=1 << 20)
    stored = [line for _ in range(6) for line in folder.append(journal, 6, parts=2)]
    folder.close()
    [path] = folder.files()
    whole = path.read_bytes()
    at = whole.index(stored[14])
    path.write_bytes(whole[: at + 80] + b"#######" + whole[at + 87 :])
    assert check(folder.path)["first_bad"].startswith(f"{path.name}: byte {at}:")
    journal = folder.journal(go_on=True)
    assert list(journal.read()) == stored[:14] + stored[16:]
    more = folder.append(journal, 2)
    assert list(folder.journal().read()) == stored[:14] + stored[16:] + more


@pytest.mark.parametrize("damage", ["sector", "cut", "header", "gone"])
@pytest.mark.parametrize("index", [0, 1, -2, -1])
def test_larger_damage_is_gone_on_after_too(folder, written, damage, index):
    """A sector of zeros, a cut file, a lost header, a lost file: what is left is read, in order and once."""
    path = folder.files("segment-*")[index]
    whole = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        sector = whole[:512] + bytes(512) + whole[1024:]
        path.write_bytes({"sector": sector, "cut": whole[:700], "header": bytes(100) + whole[100:]}[damage])
    found = check(folder.path)
    assert not found["ok"]
    journal = folder.journal(go_on=True)
    left = folder.everything(journal)
    assert [line for line in written if line in set(left)] == left
    assert len(left) >= len(written) - 24
    more = folder.append(journal, 4)
    assert list(folder.journal().read()) == left + more
    assert len(check(folder.path)["breaks"]) == 1
