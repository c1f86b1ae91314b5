"""Bills as files: any layout by its heading, every fault by its line, and nothing by halves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.savings.bills.reading import MOST_FAULTS, read_bill
from redstick.savings.bills.words import charge_of, heading_of, kind_of
from redstick.savings.kinds import LineKind
from redstick.savings.rules.lines import Amounts

WIDE = """Lakeshore Telephone
Please pay within 30 days

Vendor,Bill Date,Account Number,Phone Number,Service Type,Location,Monthly Charges,Taxes & Surcharges,Credits,Total
Lakeshore,10/01/2026,77,(225) 555-0101,Business line 1FB,City Hall,$43.50,7.83,($5.00),$46.33
Lakeshore,10/01/2026,77,225-555-0102,Elevator line,Library,"$1,043.50",-,,1043.50
Lakeshore,10/01/2026,77,,Franchise fee,,,2.00,,2.00
Total current charges,,,,,,,,,"$1,091.83"
"""
LONG = """Invoice Month;BTN;WTN;Description;Site;Amount;Carrier
2026-10;90;80.HCGS.1;PRI monthly charge;HQ;1.412,00;Delta
2026-10;90;80.HCGS.1;Federal universal service surcharge;HQ;37,08;Delta
2026-10;90;80.HCGS.1;Installation;HQ;99,00;Delta
2026-10;90;80.HCGS.1;Promotional discount;HQ;-12,00;Delta
2026-10;90;80.HCGS.2;Credit for disconnect;HQ;206,00CR;Delta
2026-10;90;82.CAMA.9;CAMA trunk 911 monthly charge;HQ;195,00;Delta
"""
CIRCUITS = "Circuit ID\tProduct\tMRC\tContract End\tETF\nCYP-1\tEthernet data\t130.00\t06/30/2027\t350\n"


def read(text, **instead):
    """The draft of a text."""
    return read_bill(text.encode(), "bill.csv", **instead)


def charges(draft):
    """Charges of the only statement, by circuit."""
    assert draft.faults == []
    [statement] = draft.statements
    return {one.circuit: one for one in statement.charges}


def test_a_wide_layout_is_understood_below_its_address():
    """Amounts in columns, credits in parentheses, a charge of no line, a total that is checked and left."""
    draft = read(WIDE)
    found = charges(draft)
    assert found["2255550101"].amounts == Amounts(4_350, 783, -500)
    assert (found["2255550101"].site, found["2255550101"].kind, found["2255550101"].row) == ("City Hall", "pots", 5)
    assert found["2255550102"].amounts == Amounts(104_350)
    assert found["2255550102"].kind == LineKind.ELEVATOR
    assert draft.statements[0].rest == Amounts(taxes=200)
    assert (draft.statements[0].month, draft.statements[0].account, draft.rows) == ("2026-10", "77", 3)
    assert draft.remarks == []
    assert ("Taxes & Surcharges", "taxes and fees") in draft.understood


def test_a_layout_of_a_row_for_each_charge_is_told_apart_by_its_words():
    """With semicolons and decimal commas; a credit for a disconnect stands apart from a discount."""
    found = charges(read(LONG))
    assert found["80.HCGS.1"].amounts == Amounts(141_200, 3_708, -1_200, 9_900)
    assert found["80.HCGS.1"].amounts.monthly == 143_708
    assert found["80.HCGS.2"].amounts == Amounts(released=-20_600)
    assert (found["82.CAMA.9"].amounts, found["82.CAMA.9"].kind) == (Amounts(19_500), LineKind.EMERGENCY_TRUNK)


def test_what_a_bill_does_not_name_is_named_for_the_whole_file():
    """Provider, account and month; the month also by the name of the file, which a remark says."""
    draft = read_bill(CIRCUITS.encode(), "cypress-2026-10.csv", provider="Cypress", account="C1")
    [charge] = charges(draft).values()
    assert (charge.contract_end, charge.fee_cents, charge.kind) == ("2027-06-30", 35_000, LineKind.DATA)
    assert draft.statements[0].month == "2026-10"
    assert [one.says for one in draft.remarks] == ["2026-10, as the file's name says: no column is a month"]
    assert "a provider" in read(CIRCUITS, month="2026-10").faults[0].expected
    assert "a month" in read(CIRCUITS, provider="Cypress").faults[0].expected


def test_every_fault_is_told_by_its_line_and_nothing_is_taken():
    """A bad amount, a bad date, another currency, amounts that do not add up, a cell too many."""
    text = (
        WIDE.replace("$43.50", "43.505").replace("10/01/2026,77,225", "13/01/2026,77,225").replace("2.00,,2.00", "2,,3")
    )
    draft = read(text + "Lakeshore,10/01/2026,77,225-555-0103,,,\u20ac5,,,\nLakeshore,10/01/2026,77,1,,,1,,,1,9,9\n")
    assert [fault.line for fault in draft.faults] == [5, 6, 7, 9, 10]
    assert draft.statements == []
    with pytest.raises(ValueError, match="5 faults"):
        draft.command()


def test_a_row_that_stands_twice_counts_once_and_a_total_that_differs_is_said():
    """Both are for a person to look at; neither is a fault."""
    line = "Lakeshore,10/01/2026,77,(225) 555-0101,Business line 1FB,City Hall,$43.50,7.83,($5.00),$46.33\n"
    draft = read(WIDE.replace(line, line + line).replace("1,091.83", "1,091.82"))
    assert charges(draft)["2255550101"].amounts.recurring == 4_350
    assert draft.duplicates == 1
    assert [(one.line, one.says) for one in draft.remarks] == [
        (6, "the same as line 5; counted once"), (9, "a total of $1,091.82; the rows above it make $1,091.83"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"a,b\n1,2\n", 0), (b"", 0), (b"Circuit ID,MRC\nx,\xff1\n", 2), (WIDE.encode().splitlines()[3], 0),
        (b'Circuit ID,MRC\nx,"1\n', 2), (b"Circuit ID,MRC,Provider,Month\n" + b"x,bad,p,2026-10\n" * 500, 2),
    ],
)  # fmt: skip
def test_what_is_no_bill_is_said_to_be_none(raw, line):
    """With the line, where it has one; and no more faults than a person reads."""
    draft = read_bill(raw, "x.csv", provider="p", month="2026-10")
    assert draft.faults
    assert draft.faults[0].line == line
    assert len(draft.faults) <= MOST_FAULTS
    assert draft.statements == []


below = st.text(max_size=200).map(lambda more: (WIDE + more).encode())


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode) | below)
def test_whatever_stands_in_a_file_there_is_a_bill_or_a_fault(raw):
    """Never an exception, and a bill is one that the rules take."""
    draft = read_bill(raw, "x.csv", provider="p", month="2026-10")
    assert bool(draft.faults) != bool(draft.statements)


cents = st.integers(0, 10**9)


@given(
    st.lists(st.tuples(st.integers(0, 99), cents, cents, cents), min_size=1, max_size=20, unique_by=lambda row: row[0])
)
def test_cents_in_a_bill_are_cents_in_its_statement(rows):
    """What is printed adds up to what is taken, to the cent."""
    head = "Provider,Month,Account,Circuit,MRC,Taxes,Credits,Total\n"
    body = "".join(
        f"p,2026-10,1,C{name},{a / 100:.2f},{b / 100:.2f},{c / 100:.2f},{(a + b - c) / 100:.2f}\n"
        for name, a, b, c in rows
    )
    draft = read(head + body)
    assert sum(one.amounts.total for one in charges(draft).values()) == sum(a + b - c for _, a, b, c in rows)


def test_words_of_bills():
    """A lift station pumps water, a lift carries people; a fee is none of the line; 911 in a product is no tax."""
    assert kind_of("SCADA lift station") is LineKind.SCADA
    assert kind_of("", "Lift 2") is LineKind.ELEVATOR
    assert kind_of("Widget") is None
    assert heading_of("Taxes & Surcharges ($)") == "taxes and surcharges"
    assert charge_of("E911 fee", 50) == "taxes"
    assert charge_of("Early termination fee", 50) == "once"
    assert charge_of("Disconnect credit", -50) == "released"
