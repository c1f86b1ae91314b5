"""The table of forms as the guide has it: one row an example, in the order of the help."""

from collections.abc import Iterator

from redstick.dispatch.bar.exceptions import EXCEPTIONS
from redstick.dispatch.bar.forms import FORMS

BEGIN, END = "<!-- forms: made from the table of the bar -->", "<!-- end of the forms -->"


def table() -> str:
    """Everything that can be said, and the commands that cannot, as Markdown between two marks."""
    return "\n".join([BEGIN, "", *_forms(), "", "## What has no line, and why", "", *_exceptions(), "", END])


def with_table(guide: str) -> str:
    """A guide with the table as it is now between its marks; raises ValueError where it has none."""
    before, begin, rest = guide.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the guide has no place for the table")
    return f"{before}{table()}{after}"


def _forms() -> Iterator[str]:
    yield "| type | does | asks |"
    yield "|---|---|---|"
    for form in FORMS:
        lines = "<br>".join(f"`{example}`" for example in form.examples)
        asks = ", ".join(command.command_kind.partition(".")[2] for command in form.commands)
        yield f"| {lines} | {form.does} | {asks or 'nothing'} |"


def _exceptions() -> Iterator[str]:
    yield "| command | why |"
    yield "|---|---|"
    for kind, why in EXCEPTIONS.items():
        yield f"| {kind.partition('.')[2]} | {why} |"
