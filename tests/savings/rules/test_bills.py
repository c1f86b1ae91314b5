"""Bills: taken whole or not at all, in any order, the same one never twice."""

from itertools import permutations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.savings.ledgers import ONE, TELCO, THREE, TWO, A, Office, bill

from redstick.savings.kinds import LineKind
from redstick.savings.rules.bills import Asked, BillTaken, Charge, TakeBills
from redstick.savings.rules.lines import Amounts, DescribeLine, circuit_of, line_of, provider_of
from redstick.savings.state import Savings


@pytest.fixture
def office():
    """An empty inventory."""
    return Office()


def test_a_bill_makes_the_lines_that_it_charges(office):
    """Each with what it costs and the place in the document that proves it."""
    [taken] = office.events(bill("2026-03", ONE, TWO))
    assert isinstance(taken, BillTaken)
    assert [line.circuit for line in office.state.lines.values()] == [ONE, TWO]
    [billed] = office.state.lines[A].bills["2026-03"]
    assert (billed.amounts.monthly, billed.row) == (4_400, 2)
    assert office.state.statements[taken.statement].document == taken.document


def test_the_same_bill_twice_changes_nothing(office):
    """From the same file, and from another file in which it stands in another order under another name."""
    once = bill("2026-03", ONE, TWO)
    office.events(once)
    before = msgspec.json.encode(office.state)
    assert office.events(once) == []
    [asked] = once.statements
    turned = msgspec.structs.replace(
        asked, charges=tuple(msgspec.structs.replace(one, row=one.row + 7) for one in reversed(asked.charges))
    )
    assert office.events(TakeBills("a" * 64, "again.csv", (turned,))) == []
    assert msgspec.json.encode(office.state) == before


def test_a_statement_that_differs_is_refused_until_it_corrects(office):
    """Then it takes the place of the first, whole: a line that it lacks is not on it any more."""
    office.events(bill("2026-03", ONE, TWO))
    other = bill("2026-03", ONE, THREE, cents=5_000)
    assert office.refused(other) == "statement_differs"
    office.events(msgspec.structs.replace(other, corrects=True))
    assert {line.circuit: list(line.bills) for line in office.state.lines.values()} == {
        ONE: ["2026-03"], TWO: [], THREE: ["2026-03"],
    }  # fmt: skip


def test_of_a_document_all_statements_are_taken_or_none(office):
    """One that differs, or cannot be right, refuses the others with it."""
    office.events(bill("2026-03", ONE))
    march, april = bill("2026-03", TWO).statements[0], bill("2026-04", TWO).statements[0]
    assert office.refused(TakeBills("b" * 64, "two.csv", (april, march))) == "statement_differs"
    bad = msgspec.structs.replace(march, month="2026-13")
    assert office.refused(TakeBills("b" * 64, "two.csv", (april, bad))) == "bill_unreadable"
    assert list(office.state.statements) == ["lakeshoretelephone:77:2026-03"]


@pytest.mark.parametrize(
    "charge",
    [
        Charge("", Amounts(1), 2), Charge("225-555-0101", Amounts(1), 2), Charge(ONE, Amounts(10**14), 2),
        Charge(ONE, Amounts(released=5), 2), Charge(ONE, Amounts(1), 2, kind="wireless"),
        Charge(ONE, Amounts(1), 2, contract_end="2026-02-30"), Charge(ONE, Amounts(1), 2, site="x" * 401),
        Charge(ONE, Amounts(1), 2, fee_cents=-1),
    ],
)  # fmt: skip
def test_a_charge_that_cannot_be_right_is_refused(office, charge):
    """Whoever asks past the reader of files is held to the same."""
    asked = Asked(TELCO, "77", "2026-03", (charge,))
    assert office.refused(TakeBills("c" * 64, "x.csv", (asked,))) == "bill_unreadable"


def test_a_circuit_twice_a_document_without_a_hash_and_too_much_are_refused(office):
    """Each by its code."""
    twice = Asked(TELCO, "77", "2026-03", (Charge(ONE, Amounts(1), 2), Charge(ONE, Amounts(1), 3)))
    assert office.refused(TakeBills("c" * 64, "x.csv", (twice,))) == "bill_unreadable"
    assert office.refused(TakeBills("c" * 64, "x.csv", ())) == "bill_unreadable"
    assert office.refused(TakeBills("c" * 63, "x.csv", (twice,))) == "document_unnamed"
    many = tuple(Charge(f"C{number}", Amounts(1), 2) for number in range(4_001))
    assert office.refused(TakeBills("c" * 64, "x.csv", (Asked(TELCO, "77", "2026-03", many),))) == "too_many_charges"


def test_one_number_has_one_form_and_one_provider_one_name():
    """However a bill spells them."""
    assert {circuit_of(one) for one in ("(225) 555-0101", "225.555.0101", "+1 225 555 0101", "2255550101")} == {ONE}
    assert circuit_of(" 80.hcgs.000147..sb ") == "80.HCGS.000147..SB"
    assert provider_of("AT&T") == provider_of("ATT") == "att"


def test_the_newest_bill_describes_a_line_and_a_person_before_it(office):
    """In whatever order the bills came; what a person said no bill overwrites."""

    def described(month, site, kind):
        return TakeBills(month[-2:] * 32, "x", (Asked(TELCO, "77", month, (Charge(ONE, Amounts(1), 2, kind, site),)),))

    office.events(described("2026-05", "Library", "pots"), described("2026-04", "City Hall", "fax"))
    assert (office.state.lines[A].site(), office.state.lines[A].kind()) == ("Library", LineKind.POTS)
    office.events(DescribeLine(TELCO, "225-555-0101", kind=LineKind.ELEVATOR))
    office.events(described("2026-06", "Annex", "pots"))
    assert (office.state.lines[A].site(), office.state.lines[A].kind()) == ("Annex", LineKind.ELEVATOR)


STATEMENTS = [
    bill("2026-03", ONE, TWO), bill("2026-04", ONE), bill("2026-04", TWO, account="78"), bill("2026-05", THREE, TWO),
]  # fmt: skip


def ordered(state):
    """The state with everything in it sorted: its meaning, not the order of its making."""
    plain = msgspec.to_builtins(state)
    return msgspec.json.encode(plain, order="sorted")


def test_bills_may_come_in_any_order():
    """All orders of the same statements fold to the same inventory."""
    found = set()
    for order in permutations(STATEMENTS):
        office = Office()
        office.events(*order)
        found.add(ordered(office.state))
    assert len(found) == 1


circuits = st.sets(st.sampled_from([ONE, TWO, THREE]), max_size=3).map(sorted)
months = st.sampled_from(["2026-03", "2026-04", "2026-05", "2026-06"])


@given(st.lists(st.tuples(months, circuits, st.sampled_from(["77", "78"]), st.integers(1, 9_999)),
                unique_by=lambda one: (one[0], one[2]), max_size=8), st.randoms(use_true_random=False))  # fmt: skip
def test_imports_are_idempotent_in_any_order_of_months(statements, dice):
    """Whatever is taken, in whatever order and however often, the inventory is that of each once."""
    bills = [bill(month, *lines, account=account, cents=cents) for month, lines, account, cents in statements]
    once, often = Office(), Office()
    once.events(*bills)
    again = bills * 2
    dice.shuffle(again)
    often.events(*again)
    assert ordered(once.state) == ordered(often.state)


def test_an_empty_inventory_is_an_empty_state(office):
    """Nothing is known before a bill or a person says it."""
    assert office.state == Savings()
    assert line_of(TELCO, "1 225 555 0101") == A
