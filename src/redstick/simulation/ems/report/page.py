"""The report as a page that stands alone."""

from redstick.pages.charts import intervals
from redstick.pages.document import Document, Section
from redstick.pages.markup import Html, bullets
from redstick.pages.tables import table
from redstick.simulation.ems.measuring import Measured
from redstick.simulation.ems.report.content import Content, title
from redstick.simulation.ems.report.maps import coverage_map


def page(content: Content) -> Document:
    """The whole report as a document."""
    heading, subtitle = content.head()
    return Document(
        title=heading,
        subtitle=subtitle,
        facts=content.facts(),
        sections=[_late(content), _maps(content), _cost(content), _assumed(content), _sure(content)],
        footer=content.colophon(),
    )


def late_picture(content: Content) -> Html:
    """Late fractions with their intervals."""
    every = content.comparison.measured
    return intervals(
        "Calls that are late, by plan",
        [title(one) for one in every],
        [one.late.low * 100 for one in every],
        [one.late.mean * 100 for one in every],
        [one.late.high * 100 for one in every],
        "percent of calls late",
        "A dot is the mean over replications, the band its interval of 95 percent. All plans meet the same calls, so "
        "bands that overlap do not mean that plans are equal: the next picture compares them call for call.",
    )


def difference_picture(content: Content) -> Html | None:
    """Paired differences from the first plan; None where there is only one plan."""
    others = [(one, one.against) for one in content.comparison.measured[1:] if one.against is not None]
    if not others:
        return None
    return intervals(
        f"Difference from “{title(content.first).lower()}”",
        [title(one) for one, _ in others],
        [against.low * 100 for _, against in others],
        [against.mean * 100 for _, against in others],
        [against.high * 100 for _, against in others],
        "percentage points (left of zero: fewer calls late)",
        "Taken within each replication, over the same calls; a band that crosses zero may be luck.",
        reference=(0, "no difference"),
    )


def mapped(content: Content) -> list[tuple[str, Measured]]:
    """Plans whose posts differ at the start, each once, under the names of all that have them."""
    found: dict[tuple[int, ...], list[Measured]] = {}
    for one in content.comparison.measured:
        found.setdefault(one.placed, []).append(one)
    return [(_named(same), same[0]) for same in found.values()]


def _named(same: list[Measured]) -> str:
    names = [title(one) + (" at the start" if one.policy == "dmexclp" else "") for one in same]
    return ", ".join([names[0], *(name[:1].lower() + name[1:] for name in names[1:])])


def _late(content: Content) -> Section:
    head, rows = content.late_rows()
    difference = difference_picture(content)
    pictures = [late_picture(content)] + ([difference] if difference is not None else [])
    caption = "Late calls, and the response from call to arrival in minutes and seconds"
    published = [content.published()] if content.published() else []
    return Section(
        "How many calls are late",
        [bullets(content.findings()), *pictures, table(caption, head, rows, numeric=range(1, len(head))), *published],
        note=f"Mean over {content.first.replications} replications; {content.first.n_calls:,} calls under each plan.",
    )


def _maps(content: Content) -> Section:
    head, rows = content.post_rows()
    posts = table("Units at each post", head, rows, numeric=range(1, len(head)))
    note = "“Moving posts” begins as the best fixed posts and then follows the calls."
    moves = any(one.policy == "dmexclp" for one in content.comparison.measured)
    return Section(
        "Posts and whom they reach",
        [*(coverage_map(content.study, one, name) for name, one in mapped(content)), posts],
        note=note if moves else "",
    )


def _cost(content: Content) -> Section:
    head, rows = content.cost_rows()
    return Section(
        "What moving costs",
        [table("What each plan asks of crews", head, rows, numeric=range(1, len(head)))],
        note="A move is a drive to another post than the unit’s last. Empty driving is every drive to a post, under a "
        "static plan the drives home.",
    )


def _assumed(content: Content) -> Section:
    return Section("What is assumed", [bullets(content.assumptions())])


def _sure(content: Content) -> Section:
    return Section("How sure is this", [bullets(content.certainty())])
