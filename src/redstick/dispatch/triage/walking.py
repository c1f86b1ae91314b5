"""Where an interview stands: a pure walk along a tree by the answers so far. Fills the port `TriageProtocol`."""

from collections.abc import Sequence

from redstick.dispatch.ports import TriageStep
from redstick.dispatch.triage.tree import Tree


class OwnTree:
    """A question tree of our own as a protocol. Whether it may be used is not its own to say: see `rules/triage.py`."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self.protocol, self.version, self.digest = tree.protocol, tree.version, tree.digest

    def step(self, answers: Sequence[tuple[str, str]]) -> TriageStep:
        """What comes after these answers, each a node and what was said.

        Instructions are answered by "" once they were said. Answers to other nodes than the one that stands are passed
        over, and a word that is no answer leaves the question standing.
        """
        tree, name = self._tree, self._tree.first
        for node, said in answers:
            if node == tree.cpr and tree.cpr:
                name = tree.instructions[tree.cpr].then
            elif node == name and name in tree.questions:
                name = tree.questions[name].answers.get(said, name)
            elif node == name and name in tree.instructions:
                name = tree.instructions[name].then
        return self._shown(name)

    def cpr(self) -> TriageStep | None:
        """The telephone-CPR instructions, one key away whatever stands; None where the tree has none."""
        return self._shown(self._tree.cpr) if self._tree.cpr else None

    def _shown(self, name: str) -> TriageStep:
        tree = self._tree
        if name in tree.questions:
            question = tree.questions[name]
            return TriageStep(name, ask=question.ask, answers=tuple(question.answers))
        if name in tree.instructions:
            return TriageStep(name, say=tuple(tree.instructions[name].say))
        end = tree.determinants[name]
        return TriageStep(name, determinant=end.code, says=end.says)
