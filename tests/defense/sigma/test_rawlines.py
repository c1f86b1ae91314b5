"""Lines passed without being decoded: never one on which a rule fires, however its JSON is written."""

import io
import json

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from redstick.defense.readers.event import Tally
from redstick.defense.readers.json_events import json_lines
from redstick.defense.sigma.image import compile_files
from redstick.defense.sigma.rawlines import LineJudge

SELECTIONS = [
    {"a": "evil"},
    {"a|contains": "ev\\il"},
    {"a|startswith": '{"b":"ev'},
    {"a|endswith": "/evil"},
    {"a.b": "evil"},
    {"b": 1000},
    {"b": "1.5"},
    {"b": True},
    {"a|contains": "kil"},
    {"a|contains": ["\u0441", "\u202e"]},
    {"a|re": "ev[i1]l"},
    {"a|contains|all": ["one", "two"]},
    {"b|contains": "\t"},
    {"a|windash|contains": " -enc"},
]
KEYWORDS = [["needle"], ["n\u00e4del"]]


@pytest.fixture(scope="module")
def compiled():
    """Enough rules on one channel for every gate to work, keywords among them."""
    files = {
        f"{i:02}.yml": yaml.safe_dump(
            {
                "title": f"rule {i}",
                "logsource": {"product": "windows", "service": "security"},
                "detection": {"selection": selection, "condition": "selection"},
            },
            allow_unicode=True,
        ).encode()
        for i, selection in enumerate(SELECTIONS + KEYWORDS)
    }
    found, _ = compile_files(files)
    assert found.rules.refusals == ()
    return found


TEXTS = st.one_of(
    st.sampled_from(
        ["evil", "EVIL", "x", "", "ev\\il", "a/evil", "one two", "1000", "1.5", "true", "\u212ail", "kil", "\u0421",
         "\u202e", "needle", "N\u00c4DEL", "p \u2014enc", "tab\there", 'say "evil"', "x  { y", '"Channel":"x"', "{x}"]
    ),
    st.text(max_size=6),
)  # fmt: skip
SCALARS = st.one_of(TEXTS, st.none(), st.booleans(), st.sampled_from([1000, 1000.0, 1e3, 1.5, 1, 0, -1]))
VALUES = st.one_of(
    SCALARS,
    st.lists(SCALARS, max_size=3),
    st.dictionaries(st.sampled_from(["b", "c"]), SCALARS, max_size=2),
    st.lists(st.dictionaries(st.sampled_from(["b", "c"]), SCALARS, max_size=2), max_size=2),
    st.lists(st.one_of(SCALARS, st.dictionaries(st.just("b"), SCALARS, max_size=1)), max_size=3),
)
SPACES = st.sampled_from(["", " ", "  ", "   ", "\t", "\r"])


@st.composite
def lines(draw):
    """One event as JSON, in any style that a writer may have."""
    fields = draw(st.dictionaries(st.sampled_from(["a", "b", "a.b", "Message", "Channel"]), VALUES, max_size=4))
    pairs = [("Channel", "Security"), ("EventID", draw(st.sampled_from([1, 4688, "1", 1.0]))), *fields.items()]
    pairs = draw(st.permutations(pairs))
    before, after, comma = draw(SPACES), draw(SPACES), draw(SPACES)
    ascii_only = draw(st.booleans())

    def text(value):
        return json.dumps(value, ensure_ascii=ascii_only, separators=("," + comma, before + ":" + after))

    body = ("," + comma).join(f"{json.dumps(name)}{before}:{after}{text(value)}" for name, value in pairs)
    return ("{" + body + "}").encode("utf-8", "surrogatepass") + draw(st.sampled_from([b"\n", b"\r\n", b""]))


@given(lines())
@example(b'{"Channel":"Security","EventID":1,"a" : {"b":"evil"}}\n')
@example(b'{"Channel":"Security","EventID":1,"a":["x",{"b":"evil"}]}\n')
@example(b'{"Channel":"Security","EventID":1,"b":  1000.0}\n')
@example(b'{"Channel":"Other","EventID":1,"Channel":"Security","a":"evil"}\n')
@example('{"Channel":"Security","EventID":1,"a":"\u0421"}\n'.encode())
def test_a_line_that_is_called_clean_fires_nothing(compiled, line):
    """Any spacing, escapes, nesting, numbers, doubled names and characters beyond ASCII."""
    if not LineJudge(compiled.engine).is_clean(line):
        return
    for event in json_lines(io.BytesIO(line), Tally()):
        fired = compiled.engine.match(event.source, event.fields, event.raw)
        assert fired == (), [compiled.engine.rules[n].about.title for n in fired]


def test_plain_lines_are_called_clean(compiled):
    """The property above holds of a judge that never says yes too; this one does say yes."""
    judge = LineJudge(compiled.engine)
    assert judge.is_clean(b'{"Channel":"Security","EventID":4688,"a":"good","b":7}\n')
    assert not judge.is_clean(b'{"Channel":"Security","EventID":4688,"a":"evil","b":7}\n')
    assert judge.channels() == {"security"}
