"""Random plans for tests: of few names, so that their rules meet; and such questions."""

from hypothesis import strategies as st

from redstick.dispatch.plans.model import DAYS, PlanRule, ResponsePlan
from redstick.dispatch.plans.requirement import Mode, Order, Requirement, Substitute
from redstick.dispatch.plans.resolving import Question, Within
from redstick.dispatch.plans.shaping import CONTROL

TYPES, GROUPS, FLAGS = ("Fire", "Medical", "Alarm"), ("Hot", "Ill"), ("storm", "parade")
LAYERS, SPECIAL, ZONES, ADDRESSES = ("box", "battalion"), ("event",), ("1", "2"), ("1 Main St", "2 MAIN ST")
MONDAY = 1_767_571_200_000  # 2026-01-05 00:00 UTC
WEEK_MS = 7 * 86_400_000

# Whatever a keyboard and a spreadsheet can hurt: quotes, separators, escapes, signs of formulas, other alphabets.
words = (
    st.text(st.one_of(st.sampled_from("=+-@';\\,\"#[]{}é 一"), st.characters(codec="utf-8")), min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda text: text and not CONTROL.search(text))
)
ids = st.from_regex(r"[A-Za-z0-9é][A-Za-z0-9é .,()_/-]{0,8}", fullmatch=True).map(str.strip)
several = st.lists(words, max_size=3, unique=True).map(tuple)
substitutes = st.builds(Substitute, several.filter(bool), several, st.integers(0, 86_400))


@st.composite
def hours(draw):
    """Hours that may run over midnight, or to its end."""
    begin = draw(st.integers(0, 1439))
    end = draw(st.integers(1, 1440).filter(lambda minute: minute not in {begin, begin + 1440}))
    return f"{begin // 60:02d}:{begin % 60:02d}-{end // 60:02d}:{end % 60:02d}"


def requirements(orders=tuple(Order)):
    """One requirement with anything that it may say."""
    return st.builds(
        Requirement,
        id=ids,
        kinds=several,
        capabilities=several,
        count=st.integers(1, 50),
        agency=st.one_of(st.just(""), words),
        role=st.one_of(st.just(""), words),
        min_staffing=st.one_of(st.none(), st.integers(1, 50)),
        ceiling_s=st.one_of(st.none(), st.integers(1, 86_400)),
        mode=st.sampled_from(Mode),
        order=st.sampled_from(orders),
        substitutes=st.lists(substitutes, max_size=2).map(tuple),
        divert=st.booleans(),
    )


def sent(orders):
    """What one rule sends."""
    return st.lists(requirements(orders), max_size=3, unique_by=lambda one: one.id).map(tuple)


@st.composite
def rules(draw, name):
    """One rule under an id, of the few names above."""
    kind = draw(st.sampled_from([{}, {"types": None}, {"groups": None}]))
    if "types" in kind:
        kind = {"types": draw(st.lists(st.sampled_from(TYPES), min_size=1, unique=True).map(tuple))}
    if "groups" in kind:
        kind = {"groups": draw(st.lists(st.sampled_from(GROUPS), min_size=1, unique=True).map(tuple))}
    zone = st.tuples(st.sampled_from(LAYERS + SPECIAL), st.sampled_from(ZONES))
    place = draw(
        st.one_of(
            st.just({}),
            zone.map(lambda pair: {"layer": pair[0], "zone": pair[1]}),
            st.sampled_from(ADDRESSES).map(lambda text: {"address": text}),
        )
    )
    stations = draw(several)
    return PlanRule(
        id=name,
        **kind,
        **place,
        days=draw(st.lists(st.sampled_from(DAYS), max_size=3, unique=True).map(tuple)),
        hours=draw(st.one_of(st.just(""), hours())),
        alarm=draw(st.integers(1, 2)),
        flag=draw(st.sampled_from(("", *FLAGS))),
        rank=draw(st.integers(-2, 2)),
        send=draw(sent(tuple(Order) if stations else (Order.ROAD_TIME,))),
        stations=stations,
        mode=draw(st.sampled_from(Mode)),
        talkgroup=draw(st.one_of(st.just(""), words)),
        notify=draw(several),
        cautions=draw(several),
    )


@st.composite
def plans(draw):
    """A plan that is well formed; its rules may tie."""
    names = draw(st.lists(ids, max_size=6, unique=True))
    return ResponsePlan(
        version=draw(ids),
        time_zone=draw(st.sampled_from(("America/Chicago", "UTC", "Asia/Kathmandu"))),
        title=draw(st.one_of(st.just(""), words)),
        dated=draw(st.sampled_from(("", "2026-03-01"))),
        layers=LAYERS,
        special=SPECIAL,
        flags=FLAGS,
        types=draw(st.dictionaries(st.one_of(st.sampled_from(TYPES), words), st.sampled_from(GROUPS), max_size=4)),
        rules=tuple(draw(rules(name)) for name in names),
        last_resort=draw(sent((Order.ROAD_TIME,))),
    )


questions = st.builds(
    Question,
    kind=st.sampled_from((*TYPES, "never heard of")),
    at=st.integers(MONDAY, MONDAY + WEEK_MS),
    group=st.sampled_from(("", *GROUPS)),
    alarm=st.integers(1, 3),
    flags=st.lists(st.sampled_from(FLAGS), unique=True).map(tuple),
    address=st.sampled_from(("", *ADDRESSES, "1  main ST")),
    zones=st.lists(
        st.builds(
            Within,
            st.sampled_from((*LAYERS, *SPECIAL, "undeclared")),
            st.sampled_from(ZONES),
            st.one_of(st.none(), st.integers(1, 5)),
        ),
        max_size=4,
    ).map(tuple),
)
