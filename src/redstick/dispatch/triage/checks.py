"""What is wrong with a question tree, before anybody is asked to sign it."""

from redstick.dispatch.triage.tree import MAX_CODE, Tree


def faults(tree: Tree) -> list[str]:
    """Every fault in words, each with its place; empty when the tree may be laid before a medical director.

    Leads to nowhere, question without answers, no way out of a circle, never reached, a code that is empty or longer
    than 8 characters, no telephone-CPR instructions where `cpr` names some.
    """
    found = _leads_nowhere(tree) + _malformed(tree)
    reached = _reached(tree)
    found += [f"{name}: never reached from {tree.first!r}" for name in _nodes(tree) if name not in reached]
    return found + _circles(tree)


def _nodes(tree: Tree) -> list[str]:
    return [*tree.questions, *tree.instructions, *tree.determinants]


def _leads_nowhere(tree: Tree) -> list[str]:
    known = set(_nodes(tree))
    found = [f"first: there is no node {tree.first!r}"] if tree.first not in known else []
    if tree.cpr and tree.cpr not in tree.instructions:
        found.append(f"cpr: there are no instructions {tree.cpr!r}")
    for name in _nodes(tree):
        found += [
            f"{name}: leads to {other!r}, which is not there" for other in tree.leads_to(name) if other not in known
        ]
    return found


def _malformed(tree: Tree) -> list[str]:
    found = [f"{name}: a question without answers" for name, one in tree.questions.items() if not one.answers]
    found += [f"{name}: instructions that say nothing" for name, one in tree.instructions.items() if not one.say]
    for name, end in tree.determinants.items():
        if not end.code.strip() or len(end.code) > MAX_CODE:
            found.append(f"{name}: the code {end.code!r}; expected 1 to {MAX_CODE} characters")
    return found


def _reached(tree: Tree) -> set[str]:
    """From the first question, and from the telephone-CPR key."""
    waiting, seen = [name for name in (tree.first, tree.cpr) if name], set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += tree.leads_to(name)
    return seen


def _circles(tree: Tree) -> list[str]:
    """Nodes from which no determinant follows whatever is answered, and nodes that lead back to themselves."""
    found: list[str] = []
    done: set[str] = set()
    for start in _nodes(tree):
        path: list[str] = []
        _walk(tree, start, path, done, found)
    return found


def _walk(tree: Tree, name: str, path: list[str], done: set[str], found: list[str]) -> None:
    """Depth first; a node on the path again closes a circle. Trees are as deep as people can be asked."""
    if name in path:
        circle = [*path[path.index(name) :], name]
        found.append(f"{name}: a circle: {' > '.join(circle)}")
        return
    if name in done:
        return
    path.append(name)
    for other in tree.leads_to(name):
        _walk(tree, other, path, done, found)
    path.pop()
    done.add(name)
