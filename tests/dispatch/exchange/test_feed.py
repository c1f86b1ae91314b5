"""The feed of EIDOs: each change once for each audience, and nothing kept of what has left."""

from tests.dispatch.live_desk import HOUR, MINUTE

from redstick.dispatch.exchange.feed import SLACK, EidoFeed
from redstick.dispatch.rules.assignments import ReleaseUnit
from redstick.dispatch.rules.incidents import AddNote, CloseIncident, OpenIncident
from redstick.protocols.conveyance.subscriptions import CLOSED_FOR_MS
from redstick.protocols.eido.codec import decode


def feed_of(desk, profile):
    """A feed that hears every fact of a desk."""
    feed = EidoFeed(lambda: desk.driver.executor.committed, profile)
    desk.driver.listen(feed.note)
    return feed


def test_a_change_is_told_once_for_each_audience(desk, profile):
    """With the time of the change; who has left is told no more."""
    feed, told = feed_of(desk, profile), []

    def listener(audience, known):
        told.append((audience, decode(bytes(known.eido))))

    feed.listen(listener)
    desk.now += MINUTE
    desk.run(AddNote("inc_0000000001", "second alarm"))
    assert [audience for audience, _ in told] == ["floor", "field"]
    assert told[0][1].last_update_time_stamp == "2023-11-14T22:15:20.000+00:00"
    feed.forget(listener)
    desk.run(AddNote("inc_0000000001", "third alarm"))
    assert len(told) == 2


def test_a_closed_incident_is_known_for_as_long_as_it_may_be_asked_for(desk, profile):
    """Five minutes; found by its id for as long as it is live."""
    feed = feed_of(desk, profile)
    desk.run(ReleaseUnit("inc_0000000001", "E1"), CloseIncident("inc_0000000001", "fire out"))
    [known] = feed.known("floor", desk.now + CLOSED_FOR_MS)
    assert known.closed_at == desk.now
    assert feed.known("floor", desk.now + CLOSED_FOR_MS + 1) == []
    assert feed.find("field", known.urn).urn == known.urn
    assert feed.find("floor", "urn:none") is None


def test_what_has_left_is_forgotten(desk, profile):
    """Years of incidents cost a living feed nothing."""
    feed = feed_of(desk, profile)
    feed.listen(lambda audience, known: None)
    for count in range(3 * SLACK):
        name = f"inc_1{count:09d}"
        desk.run(OpenIncident(name), CloseIncident(name, "handled"))
        desk.wait(HOUR)
    assert len(desk.state.incidents) < SLACK
    assert max(len(feed._at), len(feed._made)) <= 2 * len(desk.state.incidents) + SLACK + 1
