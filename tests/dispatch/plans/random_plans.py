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

NAMES = st.sampled_from([f"rule {letter}" for letter in "abcdefgh"])
# Whatever a keyboard and a spreadsheet can hurt: quotes, separators, escapes, signs of formulas, other alphabets.
WORDS = (
    st.text(st.one_of(st.sampled_from("=+-@';\\,\"#[]{}é 一"), st.characters(codec="utf-8")), min_size=1, max_size=8)
    .map(str.strip)
    .filter(lambda text: text and not CONTROL.search(text))
)
IDS = st.from_regex(r"[aé][aZ0é .,()_/-]{0,6}", fullmatch=True).map(str.strip)
SEVERAL = st.lists(WORDS, max_size=3, unique=True).map(tuple)
SUBSTITUTES = st.builds(Substitute, SEVERAL.filter(bool), SEVERAL, st.integers(0, 86_400))
ENGINE = Requirement("engine", ("ENGINE",))


@st.composite
def hours(draw):
    """Hours that may run over midnight, or to its end."""
    begin = draw(st.integers(0, 1439))
    end = draw(st.integers(1, 1440).filter(lambda minute: minute != begin))
    return f"{begin // 60:02d}:{begin % 60:02d}-{end // 60:02d}:{end % 60:02d}"


def sent(orders):
    """What one rule sends, with anything that a requirement may say."""
    requirement = st.builds(
        Requirement,
        id=IDS,
        kinds=SEVERAL,
        capabilities=SEVERAL,
        count=st.integers(1, 50),
        agency=st.one_of(st.just(""), WORDS),
        role=st.one_of(st.just(""), WORDS),
        min_staffing=st.one_of(st.none(), st.integers(1, 50)),
        ceiling_s=st.one_of(st.none(), st.integers(1, 86_400)),
        mode=st.sampled_from(Mode),
        order=st.sampled_from(orders),
        substitutes=st.lists(SUBSTITUTES, max_size=2).map(tuple),
        divert=st.booleans(),
    )
    return st.lists(requirement, max_size=3, unique_by=lambda one: one.id).map(tuple)


@st.composite
def keys(draw):
    """The key of one rule, of the few names above."""
    kinds = st.lists(st.sampled_from(TYPES), min_size=1, unique=True).map(lambda names: {"types": tuple(names)})
    groups = st.lists(st.sampled_from(GROUPS), min_size=1, unique=True).map(lambda names: {"groups": tuple(names)})
    zones = st.tuples(st.sampled_from(LAYERS + SPECIAL), st.sampled_from(ZONES))
    place = st.one_of(
        st.just({}),
        zones.map(lambda pair: {"layer": pair[0], "zone": pair[1]}),
        st.sampled_from(ADDRESSES).map(lambda text: {"address": text}),
    )
    return {
        **draw(st.one_of(st.just({}), kinds, groups)),
        **draw(place),
        "days": draw(st.lists(st.sampled_from(DAYS), max_size=2, unique=True).map(tuple)),
        "hours": draw(st.one_of(st.just(""), hours())),
        "alarm": draw(st.integers(1, 2)),
        "flag": draw(st.sampled_from(("", *FLAGS))),
        "rank": draw(st.integers(-1, 1)),
    }


@st.composite
def values(draw):
    """What one rule sends and says."""
    stations = draw(SEVERAL)
    return {
        "send": draw(sent(tuple(Order) if stations else (Order.ROAD_TIME,))),
        "stations": stations,
        "mode": draw(st.sampled_from(Mode)),
        "talkgroup": draw(st.one_of(st.just(""), WORDS)),
        "notify": draw(SEVERAL),
        "cautions": draw(SEVERAL),
    }


@st.composite
def plans(draw):
    """Plans whose rules meet, and may tie; what they send is of no matter."""
    names = draw(st.lists(NAMES, max_size=6, unique=True))
    return ResponsePlan(
        version="7",
        time_zone=draw(st.sampled_from(("America/Chicago", "UTC", "Asia/Kathmandu"))),
        layers=LAYERS,
        special=SPECIAL,
        flags=FLAGS,
        types=draw(st.dictionaries(st.sampled_from(TYPES), st.sampled_from(GROUPS))),
        rules=tuple(PlanRule(name, **draw(keys()), send=(ENGINE,)) for name in names),
        last_resort=draw(st.sampled_from(((), (ENGINE,)))),
    )


@st.composite
def rich_plans(draw):
    """Plans that say anything that a plan may say."""
    names = draw(st.lists(IDS, max_size=4, unique=True))
    return ResponsePlan(
        version=draw(IDS),
        time_zone="America/Chicago",
        title=draw(st.one_of(st.just(""), WORDS)),
        dated=draw(st.sampled_from(("", "2026-03-01"))),
        layers=LAYERS,
        special=SPECIAL,
        flags=FLAGS,
        types=draw(st.dictionaries(WORDS, st.one_of(st.just(""), WORDS), max_size=4)),
        rules=tuple(PlanRule(name, **draw(keys()), **draw(values())) for name in names),
        last_resort=draw(sent((Order.ROAD_TIME,))),
    )


QUESTIONS = st.builds(
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
