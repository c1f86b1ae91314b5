"""Question trees: what is wrong with one is said before anybody is asked to sign it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.triage.checks import faults
from redstick.dispatch.triage.tree import Unreadable, read
from redstick.dispatch.triage.walking import OwnTree

EXAMPLE = (Path(__file__).parents[3] / "examples" / "triage" / "unresponsive.toml").read_bytes()
SOUND = """
protocol = "p"
version = "1"
first = "a"
cpr = "push"
[questions.a]
ask = "Awake?"
answers = { yes = "fine", no = "push" }
[instructions.push]
say = ["Push."]
then = "arrest"
[determinants.fine]
code = "F-1"
says = "fine"
[determinants.arrest]
code = "A-1"
says = "arrest"
"""


def test_the_example_holds_together_and_says_that_nobody_approved_it():
    """It shows the form and nothing else."""
    tree = read(EXAMPLE)
    assert faults(tree) == []
    assert "NOT MEDICALLY APPROVED" in tree.approved


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('first = "a"', 'first = "z"', "first: there is no node 'z'"),
        ('yes = "fine"', 'yes = "gone"', "a: leads to 'gone', which is not there"),
        ('then = "arrest"', 'then = "a"', "a: a circle: a > push > a"),
        ('yes = "fine", ', "", "fine: never reached from 'a'"),
        ('answers = { yes = "fine", no = "push" }', "answers = {}", "a: a question without answers"),
        ('say = ["Push."]', "say = []", "push: instructions that say nothing"),
        ('code = "A-1"', 'code = "A-1234567"', "arrest: the code 'A-1234567'; expected 1 to 8 characters"),
        ('cpr = "push"', 'cpr = "fine"', "cpr: there are no instructions 'fine'"),
    ],
)
def test_each_fault_is_named_with_its_place(old, new, said):
    """Leads nowhere, circle, never reached, no answers, nothing to say, a code too long, no such instructions."""
    assert faults(read(SOUND.encode())) == []
    assert old in SOUND
    assert said in faults(read(SOUND.replace(old, new).encode()))


@pytest.mark.parametrize("text", [b"\xff", b"protocol = ", b'protocol = "p"', SOUND.replace("says", "sais").encode()])
def test_what_is_no_tree_is_unreadable(text):
    """Not text, not TOML, fields that are missing or unknown."""
    with pytest.raises(Unreadable):
        read(text)


def test_a_name_that_stands_twice_is_unreadable():
    """Nobody could say where an answer leads."""
    with pytest.raises(Unreadable, match="twice"):
        read(SOUND.replace("[determinants.fine]", "[determinants.a]").encode())


def test_every_byte_counts_for_the_signature():
    """A comment more is another text, which nobody has signed."""
    assert read(SOUND.encode()).digest != read(SOUND.encode() + b"# more\n").digest


def test_answers_lead_to_a_determinant_of_at_most_eight_characters():
    """Question, instructions, end; a word that is no answer leaves the question standing."""
    tree = OwnTree(read(SOUND.encode()))
    assert tree.step([]).ask == "Awake?"
    assert tree.step([("a", "perhaps")]).node == "a"
    assert tree.step([("a", "no")]).say == ("Push.",)
    assert tree.step([("a", "no"), ("push", "")]).determinant == "A-1"
    assert tree.step([("a", "yes")]).determinant == "F-1"


def test_telephone_cpr_is_one_key_away_from_everywhere():
    """Before the first answer, in the middle, at the end; and it goes on from there."""
    tree = OwnTree(read(EXAMPLE))
    for so_far in ([], [("awake", "no")], [("awake", "yes"), ("speaking", "yes")]):
        key = tree.cpr()
        assert key is not None
        assert key.say
        assert tree.step([*so_far, (key.node, "")]).determinant == "EX-1"


NODES = st.sampled_from(["a", "b", "c", "push", "fine", "arrest"])


@given(st.lists(st.lists(NODES, min_size=1, max_size=3), min_size=3, max_size=3), NODES)
def test_a_tree_without_faults_always_ends(edges, then):
    """Whatever is answered, an interview on a tree that passed comes to a determinant within as many steps as nodes."""
    questions = ""
    for name, leads in zip("abc", edges, strict=True):
        answers = ", ".join(f'{n} = "{to}"' for n, to in enumerate(leads))
        questions += f'[questions.{name}]\nask = "?"\nanswers = {{ {answers} }}\n'
    start, end = SOUND.index("[questions.a]"), SOUND.index("[instructions.push]")
    text = SOUND[:start] + questions + SOUND[end:].replace('then = "arrest"', f'then = "{then}"')
    tree = read(text.encode())
    if any("never reached" not in fault for fault in faults(tree)):  # what is never reached does no harm to this
        return
    walker = OwnTree(tree)
    for choice in range(3):
        said, step = [], walker.step([])
        for _ in range(6):
            if step.determinant:
                break
            said.append((step.node, step.answers[choice % len(step.answers)] if step.answers else ""))
            step = walker.step(said)
        assert step.determinant
