"""Who acts in a demo's city: the operator who begins it, the robots, and the visitors who sit down."""

import re

from redstick.kernel.authority.adoption import Bootstrap
from redstick.kernel.authority.policy import Policy

OPERATOR = "demo"  # who begins the city, enrols robots and visitors, and changes no incident
OPERATOR_ROLES = ["administrator", "supervisor"]
VISITOR = "visitor."
ROBOT = "robot:"  # as whom a robot signs on to its seat
STRANGE = re.compile("[^a-z0-9_.-]")  # in the id of a person

# What a robot does decides its role: the shipped policy rules over it like over anybody else. At the telephones it
# writes down what an incident needs, which is a dispatcher's to do.
ROLES_OF_ROBOTS = {"calls": "dispatcher", "dispatch": "dispatcher", "supervisor": "supervisor", "roster": "supervisor",
                   "unit": "responder", "switchboard": "switchboard"}  # fmt: skip


def person_of_robot(actor: str) -> str:
    """Under which id a robot is enrolled: `unit:M4` as `robot.unit.m4`."""
    return "robot." + STRANGE.sub("-", actor.removeprefix(ROBOT).replace(":", ".").lower())


def roles_of_robot(actor: str) -> list[str]:
    """The roles of a robot by its name: `calls:2`, `robot:dispatch:1`, `unit:M4`; else a gateway."""
    return [ROLES_OF_ROBOTS.get(actor.removeprefix(ROBOT).partition(":")[0], "gateway")]


def opening(policy: Policy, services: dict[str, list[str]]) -> Bootstrap:
    """What is asked, by the operator, before anybody else may ask anything."""
    return Bootstrap(OPERATOR, OPERATOR_ROLES, policy, services)
