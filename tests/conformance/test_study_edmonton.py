"""Edmonton's ambulances (JEMSS.jl) lived through weeks of calls: its settings read, its drives ours, plans compared."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from redstick.adapters.jemss import UnreadableModel, read_network
from redstick.adapters.jemss_settings import read_settings, worked_out
from redstick.simulation.ems import compare, opening, policy_named
from redstick.simulation.ems.policies import area_of


@pytest.fixture(scope="module")
def study(edmonton):
    return opening.open_study(edmonton)


def test_settings_are_those_of_the_model(third_party):
    """192 calls a day, three in four urgent, in 8 and 12 minutes; dispatch, scene, transport, hand-over."""
    read = read_settings(third_party("ems/edmonton") / "models" / "1")
    assert read.calls_an_hour * 24 == pytest.approx(192)
    assert [(one.name, one.share, one.mode) for one in read.kinds] == [
        ("highPriority", 0.75, 0),
        ("lowPriority", 0.25, 1),
    ]
    assert [one.target_s for one in read.kinds] == pytest.approx([480, 720], abs=0.001)
    assert (read.dispatch_s, read.on_scene_s) == pytest.approx((40, 720))
    assert (read.transported, read.handover_shape, read.handover_scale_s) == pytest.approx((0.75, 2.5, 2058))
    assert (read.warm_up_days, read.days, read.off_road_kmh) == (1, 14, (45, 31))
    assert read_settings(third_party("ems/edmonton") / "models" / "1", "test").days == 250


@pytest.mark.parametrize("text", ["__import__('os')", "1 if 1 else 2", "2**9999", "1/0", "", "a", "True and 1"])
def test_a_sum_is_a_sum_and_nothing_else(text):
    """What a file writes as a number is never run."""
    with pytest.raises(UnreadableModel):
        worked_out(text)


def test_drives_are_those_of_dijkstra(study, third_party):
    """By both modes, from every post to cells drawn at random, within a hundredth: weights are whole milliseconds."""
    network = read_network(third_party("ems/edmonton") / "models" / "1" / "travel" / "roads" / "roads.zip")
    ground, dice = study.ground, np.random.default_rng(1)
    size = len(network.xy)
    _, corner_of_post = network.nearest(ground.posts.xy)
    _, corner_of_cell = network.nearest(ground.cells.xy)
    some = dice.choice(len(ground.cells), 300, replace=False)
    for mode in (0, 1):
        graph = csr_array((network.lasting_s[mode], (network.tail, network.head)), shape=(size, size))
        theirs = dijkstra(graph, indices=corner_of_post)[:, corner_of_cell[some]]
        ours = ground.to_anchor[mode][np.ix_(ground.anchor_of_cell[some], ground.posts.place)].T
        assert ours == pytest.approx(theirs, rel=0.01, abs=0.3)


def test_the_way_to_a_post_gets_nearer_with_every_place(study):
    """From places drawn at random: a path begins there, ends at the post, and takes as long as the table says."""
    ground, dice = study.ground, np.random.default_rng(2)
    for origin in dice.choice(ground.to_post.shape[1], 50, replace=False):
        post = int(dice.integers(len(ground.posts)))
        places, passed = ground.path(int(origin), post)
        assert (places[0], places[-1]) == (origin, ground.posts.place[post])
        assert (np.diff(passed) >= 0).all()
        assert passed[-1] == pytest.approx(ground.to_post[post, origin])


def test_moving_posts_are_late_less_often_than_fixed_ones_and_the_published_deployment_less_than_an_even_one(study):
    """Six fortnights, over the same calls: both paired intervals lie on their side of 0; the size is a benchmark's."""
    area = area_of(study.ground, study.setting, 0.42)
    names = ("static", "even", "dmexclp")
    policies = [policy_named(name, study.ground, area, study.deployed) for name in names]
    _, even, moving = compare(study.ground, study.setting, policies, 6, 7, 0.42).measured
    assert even.against.low > 0
    assert moving.against.high < 0
    assert even.moves_per_hour == 0 < moving.moves_per_hour
