"""Published indexes as the examples declare them, with what a test changes."""

from pathlib import Path

from msgspec import structs

from redstick.survey.index.model import Treat
from redstick.survey.index.model_file import read_model

EXAMPLES = Path(__file__).parents[2] / "examples" / "survey" / "published"


def open_data_index(year="2015", *, name="name", **ranking):
    """Nine weighted questions for each data set; a place is the mean of its data sets, rounded, then ranked.

    `name` is the column of a place's name, which stands in the roster: without one it is empty.
    """
    model = read_model(EXAMPLES / "open_data_index_2015.toml")
    return structs.replace(
        model,
        edition=year,
        table=structs.replace(model.table, where={"year": year}, name=name),
        ranking=structs.replace(model.ranking, **ranking),
    )


def egdi(edition="egdi"):
    """Three components, the index at five decimals; places that lack a component are not ranked."""
    return read_model(EXAMPLES / f"{edition}.toml")


def asem(*, limit=5, **changes):
    """49 indicators, eight pillars, two sub-indexes; the stages as the published example declares them."""
    model = read_model(EXAMPLES / "asem.toml")
    return structs.replace(model, treat=Treat("winsorise", limit=limit), **changes)
