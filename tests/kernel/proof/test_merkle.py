"""The tree is that of RFC 6962: by its published vectors, and by the definition itself for every small size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernel.proof import naive

from redstick.kernel.proof import paths
from redstick.kernel.proof.merkle import Tree, leaf_hash
from redstick_verify import proofs

# The vectors that Certificate Transparency's reference implementation was published with (merkle_tree_test.cc).
LEAVES = [
    bytes.fromhex(digits)
    for digits in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
AUDIT_PATHS = {  # (leaf from 0, size): path
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {  # (old, new): path
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
SIZES = range(1, 42)
MANY = [b"line %d" % number for number in range(max(SIZES))]
ROOT_OF = {size: naive.root(MANY[:size]) for size in range(max(SIZES) + 1)}


def node_of(lines):
    """Hashes of complete subtrees, straight from the definition."""
    return lambda level, index: naive.root(lines[index << level : (index + 1) << level])


def grown(lines):
    """A tree of these lines."""
    tree = Tree()
    for line in lines:
        tree.append(line)
    return tree


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots(size):
    """Each of the published trees of 0 to 8 leaves has its published root, here and in the verifier."""
    roots = proofs.Roots()
    for line in LEAVES[:size]:
        roots.add(proofs.leaf_of(line))
    assert grown(LEAVES[:size]).root().hex() == roots.root().hex() == ROOTS[size]


@pytest.mark.parametrize(("place", "path"), AUDIT_PATHS.items())
def test_the_published_audit_paths(place, path):
    """The published inclusion proofs are made and accepted."""
    index, size = place
    made = paths.inclusion(node_of(LEAVES), index, size)
    assert [step.hex() for step in made] == path
    assert proofs.included(leaf_hash(LEAVES[index]), index, size, made, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("sizes", "path"), CONSISTENCY.items())
def test_the_published_consistency_proofs(sizes, path):
    """The published consistency proofs are made and accepted."""
    old, new = sizes
    made = paths.consistency(node_of(LEAVES), old, new)
    assert [step.hex() for step in made] == path
    assert proofs.continued(old, new, made, bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new]))


def test_every_small_tree_is_that_of_the_definition():
    """Root, every inclusion proof and every consistency proof of every small size equal the recursive definition."""
    for size in SIZES:
        lines, node = MANY[:size], node_of(MANY)
        assert grown(lines).root() == paths.root_of(node, 0, size) == ROOT_OF[size]
        for index in range(size):
            path = paths.inclusion(node, index, size)
            assert path == naive.path(index, lines)
            assert proofs.included(leaf_hash(lines[index]), index, size, path, ROOT_OF[size])
            proof = paths.consistency(node, index + 1, size)
            assert proof == naive.proof(index + 1, lines)
            assert proofs.continued(index + 1, size, proof, ROOT_OF[index + 1], ROOT_OF[size])


@given(st.data())
def test_an_inclusion_proof_holds_for_nothing_else(data):
    """One wrong bit, one step more or less, another leaf, place, size or root: the verifier refuses it."""
    size = data.draw(st.sampled_from(SIZES))
    index = data.draw(st.integers(0, size - 1))
    path, leaf = paths.inclusion(node_of(MANY), index, size), leaf_hash(MANY[index])
    for step in range(len(path)):
        bit = data.draw(st.integers(0, 255))
        wrong = [*path[:step], flipped(path[step], bit), *path[step + 1 :]]
        assert not proofs.included(leaf, index, size, wrong, ROOT_OF[size])
        assert not proofs.included(leaf, index, size, [*path[:step], *path[step + 1 :]], ROOT_OF[size])
    assert not proofs.included(leaf, index, size, [*path, ROOT_OF[1]], ROOT_OF[size])
    assert not proofs.included(leaf, index, size, path, flipped(ROOT_OF[size], data.draw(st.integers(0, 255))))
    assert not proofs.included(flipped(leaf, data.draw(st.integers(0, 255))), index, size, path, ROOT_OF[size])
    elsewhere = data.draw(st.integers(-1, size + 1).filter(lambda other: other != index))
    assert not proofs.included(leaf, elsewhere, size, path, ROOT_OF[size])


@given(st.data())
def test_a_consistency_proof_holds_for_nothing_else(data):
    """One wrong bit, one step more or less, another old or new root: the verifier refuses it."""
    new = data.draw(st.sampled_from(SIZES))
    old = data.draw(st.integers(1, new))
    path = paths.consistency(node_of(MANY), old, new)
    for step in range(len(path)):
        wrong = [*path[:step], flipped(path[step], data.draw(st.integers(0, 255))), *path[step + 1 :]]
        assert not proofs.continued(old, new, wrong, ROOT_OF[old], ROOT_OF[new])
        assert not proofs.continued(old, new, [*path[:step], *path[step + 1 :]], ROOT_OF[old], ROOT_OF[new])
    assert not proofs.continued(old, new, [*path, ROOT_OF[1]], ROOT_OF[old], ROOT_OF[new])
    bit = data.draw(st.integers(0, 255))
    assert not proofs.continued(old, new, path, flipped(ROOT_OF[old], bit), ROOT_OF[new])
    assert not proofs.continued(old, new, path, ROOT_OF[old], flipped(ROOT_OF[new], bit))
    assert not proofs.continued(0, new, path, ROOT_OF[0], ROOT_OF[new])
    assert not proofs.continued(new + 1, new, path, ROOT_OF[old], ROOT_OF[new])


@given(st.lists(st.binary(max_size=8), max_size=70), st.integers(0, 70))
def test_a_tree_goes_on_from_its_peaks(lines, cut):
    """Size and peaks are the whole state, at most one hash a bit of the size; what grows from them is the same tree."""
    first = grown(lines[:cut])
    again = Tree(first.size, first.peaks)
    for line in lines[cut:]:
        again.append(line)
    assert len(first.peaks) == first.size.bit_count()
    assert (again.size, again.root()) == (len(lines), naive.root(lines))


def test_peaks_of_another_size_are_refused():
    """A state that is not one of a tree raises ValueError."""
    with pytest.raises(ValueError, match="complete subtrees"):
        Tree(5, grown(MANY[:7]).peaks)


def test_what_is_not_in_a_tree_has_no_proof():
    """A leaf outside, and an older tree that is larger, raise ValueError."""
    for index, size in ((-1, 3), (3, 3), (0, 0)):
        with pytest.raises(ValueError, match="not one of"):
            paths.inclusion(node_of(MANY), index, size)
    for old, new in ((0, 3), (4, 3)):
        with pytest.raises(ValueError, match="not the beginning"):
            paths.consistency(node_of(MANY), old, new)


def flipped(value, bit):
    """The same bytes with one bit turned."""
    return value[: bit // 8] + bytes([value[bit // 8] ^ (1 << bit % 8)]) + value[bit // 8 + 1 :]
