"""Policies compiled to the table: equal to Cedar in every cell, deny where Cedar stumbles, refused when not valid."""

import itertools
import textwrap

import cedarpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.adapters.cedar.compiling import FORBID, PERMIT, ask, compile_folder, every_question, person_in
from redstick.adapters.cedar.faults import PolicyFault
from redstick.adapters.cedar.words import read_words, schema_text
from redstick.kernel.authority.table import Table

COMMANDS = ["demo.open", "demo.shut"]
WORDS = """
[roles]
clerk = "c"
guard = "g"
auditor = "a"
[teams]
house = ["clerk", "guard"]
[audiences]
inside = "i"
outside = "o"
[purposes.audit]
says = "a"
[purposes.open_case]
says = "o"
reference = true
[reads]
"demo.view.files" = "f"
[groups]
doors = ["demo.open", "demo.shut"]
"""
ROLES = ["clerk", "guard", "auditor"]


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path, 'permit (principal in Role::"clerk", action == Action::"demo.open", resource);')


def make_folder(path, *texts, words=WORDS):
    path.mkdir(exist_ok=True)
    (path / "words.toml").write_text(words)
    for number, text in enumerate(texts):
        (path / f"{number}.cedar").write_text(text)
    return path


# Equal to Cedar

WHO = st.sampled_from(["principal", *(f'principal in Role::"{role}"' for role in ROLES), 'principal in Team::"house"'])
HOW = st.sampled_from(
    [
        ("action", ["resource"]),
        ('action == Action::"demo.open"', ["resource", "resource is City"]),
        ('action in Action::"doors"', ["resource", 'resource == City::"city"']),
        ('action in [Action::"demo.shut", Action::"demo.view.files"]', ["resource"]),
        ('action in Action::"demo.reads"', ["resource", 'resource == Audience::"inside"', "resource is Audience"]),
    ]
)
WHY = st.sampled_from(
    [
        "",
        'when { context.purpose == Purpose::"audit" }',
        'unless { context.purpose == Purpose::"none" }',
        'when { [Purpose::"audit", Purpose::"open_case"].contains(context.purpose) }',
        'unless { resource == Audience::"outside" }',
        'when { action == Action::"demo.shut" || context.purpose == Purpose::"open_case" }',
    ]
)


@st.composite
def policies(draw):
    """One policy of a kind that people write."""
    action, resources = draw(HOW)
    effect = draw(st.sampled_from(["permit", "permit", "forbid"]))
    return f"{effect} ({draw(WHO)}, {action}, {draw(st.sampled_from(resources))}) {draw(WHY)};"


@given(texts=st.lists(policies(), min_size=1, max_size=6))
def test_the_table_equals_cedar_in_every_cell_for_every_set_of_roles(tmp_path_factory, texts):
    """A person with roles may exactly what Cedar allows a member of those roles; one without any, nothing."""
    folder = make_folder(tmp_path_factory.mktemp("policies"), *texts)
    compiled = compile_folder(folder, COMMANDS)
    table = Table(compiled.policy)
    assert not any(table.purposes_that_permit((), action, audience) for action, audience in rows(compiled))
    for count in range(1, len(ROLES) + 1):
        for roles in itertools.combinations(ROLES, count):
            asked, allowed = asked_of_cedar(texts, compiled, list(roles))
            by_table = [table.permits(roles, action, audience, purpose) for action, audience, purpose in asked]
            assert by_table == allowed, roles


def rows(compiled):
    """Every action with every audience it has."""
    return {(question.action, question.audience) for question in every_question(compiled.words, COMMANDS)}


def asked_of_cedar(texts, compiled, roles):
    """Every cell, and Cedar's own answer to it for one person, from the texts as they are written."""
    cells = sorted({(q.action, q.audience, q.purpose) for q in every_question(compiled.words, COMMANDS)})
    requests = [
        {
            "principal": 'Person::"someone"',
            "action": f'Action::"{action}"',
            "resource": f'Audience::"{audience}"' if audience else 'City::"city"',
            "context": {"purpose": {"__entity": {"type": "Purpose", "id": purpose}}},
        }
        for action, audience, purpose in cells
    ]
    people = [person_in(roles, compiled.words, "someone")]
    results = cedarpy.is_authorized_batch(requests, "\n".join(texts), people, schema=compiled.schema)
    assert not [error for result in results for error in result.diagnostics.errors]
    return cells, [result.allowed for result in results]


def test_a_compiled_policy_names_its_files_by_digest_and_is_the_same_twice(folder):
    """Digests are those of `sha256sum`, and compiling again gives equal bytes for the journal."""
    first, again = compile_folder(folder, COMMANDS), compile_folder(folder, reversed(COMMANDS))
    assert first.policy == again.policy
    assert [text.name for text in first.policy.texts] == ["words.toml", "0.cedar"]
    assert all(len(text.sha256) == 64 for text in first.policy.texts)


# Deny where Cedar stumbles


def test_a_forbid_that_reads_a_missing_attribute_forbids_here_and_allows_in_cedar(folder):
    """The trap: Cedar skips a policy that fails, so its `forbid` would allow. Asked past the validator, we deny."""
    text = """
    permit (principal, action, resource);
    forbid (principal, action == Action::"demo.shut", resource) when { context.urgency > 3 };
    """
    words = read_words(folder, COMMANDS)
    schema = cedarpy.Schema.from_str(schema_text(words, COMMANDS))
    questions = list(every_question(words, COMMANDS))
    answers, errors = ask(cedarpy.PolicySet.from_str(text), schema, words, questions)
    shut = [answer for question, answer in zip(questions, answers, strict=True) if question.action == "demo.shut"]
    other = [answer for question, answer in zip(questions, answers, strict=True) if question.action != "demo.shut"]
    assert set(shut) == {FORBID}
    assert set(other) == {PERMIT}
    assert "does not have the attribute `urgency`" in errors[0]

    raw = cedarpy.is_authorized(
        {"principal": 'Person::"clerk"', "action": 'Action::"demo.shut"', "resource": 'City::"city"',
         "context": {"purpose": {"__entity": {"type": "Purpose", "id": "none"}}}},
        text, [person_in(["clerk"], words, "clerk")], schema=schema,
    )  # fmt: skip
    assert raw.allowed


def test_the_same_forbid_does_not_get_past_the_validator(folder):
    """Through the front door it is refused, by file and policy."""
    text = 'forbid (principal, action == Action::"demo.shut", resource) when { context.urgency > 3 };'
    [fault] = faults_of(make_folder(folder, text))
    assert fault.startswith("0.cedar: policy 1: attribute `urgency` in context")


def test_a_policy_that_is_valid_and_fails_in_evaluation_is_refused(folder):
    """An overflow passes the validator and would be skipped by Cedar: the folder is refused, hole and all."""
    text = "forbid (principal, action, resource) when { 9223372036854775807 + 1 > 0 };"
    [fault] = faults_of(make_folder(folder, text))
    assert "overflow" in fault


# Refused when not valid


def faults_of(folder):
    with pytest.raises(PolicyFault) as caught:
        compile_folder(folder, COMMANDS)
    return caught.value.faults


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('permit (principal in Role::"clark", action, resource);', 'Role::"clark"'),
        ('permit (principal, action == Action::"demo.burn", resource);', 'Action::"demo.burn"'),
        ('permit (principal, action == Action::"demo.view.files", resource == Audience::"all");', 'Audience::"all"'),
        ('permit (principal, action, resource) when { context.purpose == Purpose::"fun" };', 'Purpose::"fun"'),
        ("permit (principal, action, resource) when { context.porpoise == 1 };", "porpoise"),
        ('permit (principal == Person::"eve", action, resource);', "say `principal in Role"),
        ('permit (principal in Person::"eve", action, resource);', "say `principal in Role"),
        ("permit (principal is Person, action, resource);", "say `principal in Role"),
        ('permit (principal, action, resource) unless { principal in Role::"guard" };', "in the head of a policy"),
        ('permit (principal, action, resource) when { [1].contains(if principal in Role::"guard" then 1 else 2) };',
         "in the head of a policy"),
        ("permit (principal == ?principal, action, resource);", "a template says nothing"),
        ("permit (principal, action, resource)", "unexpected end of input"),
        ("permit (principal, action, resource); nonsense", "unexpected"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_file(folder, text, expected):
    """Misspelt names, people by name, roles in conditions, templates and torn texts: refused, the file named."""
    faults = faults_of(make_folder(folder, text))
    assert all(fault.startswith("0.cedar: ") for fault in faults)
    assert any(expected in fault for fault in faults), faults


def test_every_fault_of_every_file_is_told_at_once(folder):
    """Who mends a folder need not come back for the next fault; a policy with a title is called by it."""
    make_folder(
        folder,
        'permit (principal in Role::"clark", action, resource);',
        '@id("doors stay open") permit (principal in Role::"gard", action, resource);',
    )
    faults = faults_of(folder)
    assert [fault.partition(":")[0] for fault in faults] == ["0.cedar", "1.cedar"]
    assert 'policy 1 "doors stay open"' in faults[1]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", "missing required field `roles`"),
        ("[roles", "words.toml: "),
        (WORDS + '\n[monarchs]\nx = "y"', "monarchs"),
        (WORDS.replace('guard = "g"', 'guard = "g"\n"Big Boss" = "b"'), "'Big Boss' is no name"),
        (WORDS.replace('["clerk", "guard"]', '["clerk", "ghost"]'), "house names 'ghost'"),
        (WORDS.replace('"demo.shut"]', '"demo.burn"]'), "doors names 'demo.burn'"),
        (WORDS.replace("doors =", '"demo.open" ='), "'demo.open' is taken"),
        (WORDS.replace("doors =", "commands ="), "'commands' is taken"),
        (WORDS.replace("demo.view.files", "demo.open"), "'demo.open' is a command"),
        (WORDS + '[purposes.none]\nsays = "n"', "what it is called when no purpose is given"),
        (WORDS + '[emergency]\nrole = "ghost"\nminutes = 5', "[emergency]"),
        (WORDS + '[emergency]\nrole = "guard"\nminutes = 0', "[emergency]"),
    ],
)
def test_words_at_odds_with_themselves_are_refused(folder, words, expected):
    """Unknown tables, names that are no names, members that do not exist: each is named."""
    assert any(expected in fault for fault in faults_of(make_folder(folder, words=words)))


def test_a_folder_without_words_or_policies_is_refused(tmp_path):
    """Both are expected by name."""
    assert "words.toml: cannot be read" in faults_of(tmp_path)[0]
    assert "expected files that end in .cedar" in faults_of(make_folder(tmp_path))[0]


def test_a_command_that_no_policy_names_is_refused_to_everyone(folder):
    """A newer version's commands wait for a council's word: the same folder compiles, and permits none of them."""
    table = Table(compile_folder(folder, [*COMMANDS, "demo.rebuild"]).policy)
    assert table.purposes_that_permit(("clerk",), "demo.open") == ["none", "audit", "open_case"]
    assert table.purposes_that_permit(tuple(ROLES), "demo.rebuild") == []


def test_the_schema_is_what_other_cedar_tools_take(folder):
    """It parses, its rendering parses again, and it lists every command and read as an action."""
    schema = schema_text(read_words(folder, COMMANDS), COMMANDS)
    again = str(cedarpy.Schema.from_str(str(cedarpy.Schema.from_str(schema))))
    for action in [*COMMANDS, "demo.view.files"]:
        assert f'action "{action}"' in again
    assert textwrap.dedent(schema) == schema
