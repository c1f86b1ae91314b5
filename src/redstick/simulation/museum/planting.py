"""The ways to plant a fault in a domain (`simulation/planting.py`), each as a build that goes wrong in one way."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import ParamSpec

from redstick.simulation import planting
from redstick.simulation.museum.build import Build

Given = ParamSpec("Given")
Plant = Callable[[Build], Build]


def in_domain(change: planting.Plant) -> Plant:
    """A build whose domain is changed."""
    return lambda build: replace(build, domain=change(build.domain))


def _in_build(way: Callable[Given, planting.Plant]) -> Callable[Given, Plant]:
    """A way to change a domain as a way to change a build."""

    @wraps(way)
    def planted(*arguments: Given.args, **named: Given.kwargs) -> Plant:
        return in_domain(way(*arguments, **named))

    return planted


deciding, answering = _in_build(planting.deciding), _in_build(planting.answering)
without, applying = _in_build(planting.without), _in_build(planting.applying)
without_timer, without_reaction = _in_build(planting.without_timer), _in_build(planting.without_reaction)
