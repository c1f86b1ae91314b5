"""The report for paper: the same words, rows and pictures, as text for the typesetter."""

from html import unescape

from redstick.pages.markup import Html
from redstick.pages.paper import Paper
from redstick.simulation.ems.report.content import Content, title
from redstick.simulation.ems.report.maps import coverage_map
from redstick.simulation.ems.report.page import difference_picture, late_picture, mapped


def paper(content: Content) -> Paper:
    """The whole report."""
    heading, subtitle = content.head()
    made = Paper(heading, subtitle)
    _late(made, content)
    _posts(made, content)
    made.heading("What moving costs")
    made.table("What each plan asks of crews", *content.cost_rows())
    made.heading("What is assumed")
    made.bullets(content.assumptions())
    made.heading("How sure is this")
    made.bullets(content.certainty())
    made.paragraph(content.colophon())
    return made


def _late(made: Paper, content: Content) -> None:
    made.heading("How many calls are late")
    made.bullets(content.findings())
    figures = " ".join(f"{name}: {value}." for name, value in content.facts())
    made.picture(late_picture(content), "Calls that are late, by plan, with 95 % intervals", figures)
    difference = difference_picture(content)
    if difference is not None:
        instead = " ".join(content.findings()[1:])
        made.picture(difference, f"Difference from “{title(content.first).lower()}”, over the same calls", instead)
    made.table("Late calls, and the response in minutes and seconds", *content.late_rows())
    if content.published():
        made.paragraph(content.published())


def _posts(made: Paper, content: Content) -> None:
    made.heading("Posts and whom they reach")
    for name, one in mapped(content):
        drawn = coverage_map(content.study, one, name)
        made.picture(drawn, f"{name}: how many units reach each cell in time", _described(drawn), "76%")
    made.table("Units at each post", *content.post_rows())


def _described(figure: Html) -> str:
    """The words that the page gives the same picture."""
    return unescape(figure.partition("<desc")[2].partition(">")[2].partition("</desc>")[0])
