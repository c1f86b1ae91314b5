"""A street by hand: five places in a row, a minute apart with lights and two without; no ground beside the road."""

import numpy as np

from redstick.simulation.ems import Calls, Ground, Policy, Setting
from redstick.simulation.ems.ground import Site
from redstick.simulation.ems.policies import stays_home
from redstick.simulation.ems.setting import Priority

PLACES = 5


def site(*places):
    """Sites at places of the street."""
    at = np.array(places, np.int64)
    return Site(np.stack([at * 0.01, np.zeros(len(at))], axis=1), at, np.zeros(len(at)))


def street(posts=(0, 4), hospitals=(2,), share=(0.2, 0.2, 0.2, 0.2, 0.2)):
    """A cell at every place, posts and hospitals where they are told to be."""
    apart = np.abs(np.arange(PLACES)[:, None] - np.arange(PLACES)[None, :]).astype(float)
    onward = [[place + int(np.sign(post - place)) for place in range(PLACES)] for post in posts]
    return Ground(
        cells=site(*range(PLACES)),
        posts=site(*posts),
        hospitals=site(*hospitals),
        share=np.array(share),
        room=np.full(len(posts), 2),
        anchors=np.arange(PLACES),
        to_anchor=np.stack([apart * 60, apart * 120]).astype(np.float32),
        to_post=apart[list(posts)] * 120,
        next_place=np.array(onward),
        to_hospital=apart[list(hospitals)] * 120,
        off_road_kmh=(45.0, 31.0),
    )


def setting(**changed):
    """Two calls an hour, a target of two minutes and a half with lights and five without; nobody is taken along."""
    given = {
        "calls_an_hour": 2.0,
        "priorities": (Priority("high", 0.75, 150.0, 0), Priority("low", 0.25, 300.0, 1)),
        "dispatch_s": 30.0,
        "on_scene_s": 600.0,
        "transported": 0.75,
        "handover_shape": 2.5,
        "handover_scale_s": 1200.0,
        "warm_up_days": 0.0,
        "days": 1.0,
    }
    return Setting(**(given | changed))


def calls(*rows):
    """Calls by hand: (second, cell, priority, seconds on scene, seconds of handing over or None for nobody taken)."""
    at_s, cell, priority, scene, handed = zip(*rows, strict=True)
    return Calls(
        np.array(at_s, float),
        np.array(cell),
        np.array(priority),
        np.array(scene, float),
        np.array([one is not None for one in handed]),
        np.array([one or 0.0 for one in handed], float),
    )


def at_home(*homes):
    """A static plan."""
    return Policy("static", homes, stays_home)
