"""Published indexes as models: what their own methodology pages declare, built from the third-party tables."""

import csv

from redstick.survey.index.model import (
    Aggregate,
    Group,
    Impute,
    IndexModel,
    Indicator,
    Normalise,
    Ranking,
    Table,
    Treat,
    Uncertainty,
)

ODI_WEIGHTS = {
    "openlicense": 30, "free": 15, "machinereadable": 15, "bulk": 10, "uptodate": 10,
    "public": 5, "digital": 5, "online": 5, "exists": 5,
}  # fmt: skip
ANSWERS = {"Yes": 1.0, "No": 0.0, "Unsure": 0.0}


def open_data_index(year, **ranking):
    """Nine weighted questions for each data set; a place is the mean of its data sets, rounded, then ranked."""
    questions = [Indicator(name, "entry", weight=weight, levels=ANSWERS) for name, weight in ODI_WEIGHTS.items()]
    return IndexModel(
        name="Global Open Data Index",
        edition=year,
        table=Table(id="place", repeated_by="dataset", where={"year": year}),
        indicator=tuple(questions),
        group=(
            Group("entry", "index", method="sum", weights_sum=100, repeated=True, missing_as=0.0),
            Group("index", missing_as=0.0),
        ),
        ranking=Ranking(**{"rounding": "half-up", "digits": 0, "on": "rounded", **ranking}),
        uncertainty=Uncertainty(weights=0.5, weights_on="indicators"),
    )


def egdi(weights, **ranking):
    """Three components, the index at five decimals; places that lack a component are not ranked."""
    return IndexModel(
        name="E-Government Development Index",
        table=Table(id="country-code", name="country-name"),
        indicator=tuple(
            Indicator(name, "index", weight=w) for name, w in zip(("osi", "hci", "tii"), weights, strict=True)
        ),
        group=(Group("index"),),
        aggregate=Aggregate(data_share=1.0),
        ranking=Ranking(**{"rounding": "half-even", "digits": 5, "on": "rounded", **ranking}),
    )


def asem(meta_path, *, limit=5, uncertainty=None):
    """49 indicators, eight pillars, two sub-indexes; the stages as the published example declares them."""
    columns = {"Den_Pop": "Population", "Den_Area": "Area", "Den_Energy": "Energy", "Den_GDP": "GDP"}
    with meta_path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    indicators = [
        Indicator(
            row["IndCode"], row["Agg1"], name=row["IndName"], direction=int(float(row["Direction"])),
            denominator=columns.get(row["Denominator"], ""),
        )
        for row in rows
    ]  # fmt: skip
    pillars = dict.fromkeys((row["Agg1"], row["Agg2"]) for row in rows)
    groups = [Group(pillar, parent) for pillar, parent in pillars]
    groups += [Group("Conn", "Index"), Group("Sust", "Index"), Group("Index")]
    return IndexModel(
        name="ASEM Sustainable Connectivity",
        table=Table(id="UnitCode", name="UnitName"),
        indicator=tuple(indicators),
        group=tuple(groups),
        impute=Impute("group-mean", group="Group_EurAsia"),
        treat=Treat("winsorise", limit=limit),
        normalise=Normalise("min-max"),
        uncertainty=uncertainty or Uncertainty(),
    )
