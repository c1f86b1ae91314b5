"""Reading a plan from a file, by what its name ends in."""

from __future__ import annotations

from pathlib import Path

from redstick.dispatch.plans.accepting import accepted
from redstick.dispatch.plans.exchange import read_csv
from redstick.dispatch.plans.faults import Fault, PlanTextError
from redstick.dispatch.plans.model import ResponsePlan
from redstick.dispatch.plans.shaping import Read
from redstick.dispatch.plans.text import read_toml


def read_file(path: Path) -> Read:
    """A plan in TOML, or in CSV where the name ends so, with every fault; raises PlanTextError without a text."""
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise PlanTextError(str(path), [Fault("the file", f"cannot be read ({error.strerror})")]) from error
    except UnicodeDecodeError as error:
        raise PlanTextError(str(path), [Fault("the file", f"expected UTF-8 text: {error}")]) from error
    return read_csv(text) if path.suffix.lower() == ".csv" else read_toml(text)


def load_file(path: Path) -> ResponsePlan:
    """A plan that can be used; raises PlanTextError for any fault, and for rules between which nothing decides."""
    return accepted(read_file(path), str(path))
