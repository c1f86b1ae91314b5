"""How lines stand and what counts in which month: proven by bills alone, each line once, to the cent."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.savings.ledgers import ONE, TELCO, THREE, TWO, A, Office, bill

from redstick.savings.kinds import Step, Way
from redstick.savings.reads.curve import curve_of, sureness_of, wilson_mille
from redstick.savings.reads.finders import billed_twice, changes_of, missed_of, price_change_cents
from redstick.savings.reads.report import NothingBilled, page, report_of, tables
from redstick.savings.reads.sheets import standing_sheet
from redstick.savings.reads.standing import Column, Standing, accounts_of
from redstick.savings.rules.bills import Asked, Charge, TakeBills
from redstick.savings.rules.costs import CostKind, SetCost
from redstick.savings.rules.cutovers import TakeStep
from redstick.savings.rules.lines import Amounts, DescribeLine, KeepLine, SetBaseline, line_of
from redstick.savings.rules.waves import PlanWave, ScheduleLines


@pytest.fixture
def office():
    """Two lines, billed in March and April; the first is disconnected in April."""
    office = Office()
    office.events(bill("2026-03", ONE, TWO), bill("2026-04", ONE, TWO))
    office.off(ONE, "2026-04-20")
    return office


def test_a_word_is_a_claim_until_a_later_bill_lacks_the_line(office):
    """Then it is proven, from the month behind the disconnect on; what no bill has shown is carried on."""
    assert office.line().standing() is Standing.CLAIMED
    assert office.line().counts("2026-05") == (Column.CLAIMED, 4_400)
    office.events(bill("2026-05", TWO))
    assert (office.line().standing(), office.line().proof) == (Standing.PROVEN, "2026-05")
    assert office.line().counts("2026-04") is None
    assert office.line().counts("2026-05") == (Column.PROVEN, 4_400)
    assert office.line().counts("2026-06") == (Column.CARRIED, 4_400)


def test_a_line_on_a_later_bill_is_an_alarm_with_what_was_lost(office):
    """Nothing is saved then, in no month; as soon as a bill lacks it, from that month on."""
    office.events(bill("2026-05", ONE, TWO))
    assert (office.line().standing(), office.line().lost_cents) == (Standing.STILL_BILLED, 4_400)
    assert office.line().counts("2026-05") == (Column.LOST, 4_400)
    assert office.line().counts("2026-06") is None
    office.events(bill("2026-06", TWO))
    assert (office.line().standing(), office.line().lost_cents) == (Standing.PROVEN, 4_400)
    assert office.line().counts("2026-06") == (Column.PROVEN, 4_400)


def test_a_bill_that_shows_it_again_takes_the_proof_back(office):
    """A saving stands as long as the newest bill says so."""
    office.events(bill("2026-05", TWO))
    office.events(bill("2026-06", ONE, TWO))
    assert office.line().standing() is Standing.STILL_BILLED
    assert office.line().counts("2026-05") is None


def test_a_credit_for_the_disconnect_proves_it(office):
    """Though the same bill still charges it; what was paid since is less by the credit."""
    office.events(bill("2026-05", ONE, TWO, released=()), bill("2026-06", TWO, released=(ONE,)))
    assert (office.line().proof, office.line().lost_cents) == ("2026-06", 3_900)
    other = Office()
    other.events(bill("2026-03", ONE), bill("2026-04", released=(ONE,)))
    other.off(ONE, "2026-04-02")
    assert other.line().standing() is Standing.PROVEN


def test_a_bill_of_another_account_proves_nothing(office):
    """Only a statement of the account that billed the line last can lack it."""
    office.events(bill("2026-05", THREE, account="78"))
    assert office.line().standing() is Standing.CLAIMED


def test_what_goes_without_our_doing_is_no_saving():
    """Neither a line that nobody spoke of, nor one that is kept or only planned."""
    office = Office()
    office.events(bill("2026-03", ONE, TWO, THREE), KeepLine(line_of(TELCO, TWO), "because"))
    office.events(PlanWave("w", "Wave", "x", "2026-09-01", "2026-09-30"), ScheduleLines("w", (line_of(TELCO, THREE),)))
    assert [one.standing() for one in accounts_of(office.state)] == [Standing.OPEN, Standing.KEPT, Standing.PLANNED]
    office.events(bill("2026-04"))
    assert {one.standing() for one in accounts_of(office.state)} == {Standing.GONE}
    assert all(point.proven_cents + point.planned_cents == 0 for point in curve_of(office.state).points)


def test_a_plan_counts_behind_its_wave_and_never_where_bills_are_known():
    """A wave that has slipped saves nothing in the past."""
    office = Office()
    office.events(
        bill("2026-03", ONE), PlanWave("w", "Wave", "x", "2026-04-01", "2026-04-30"), ScheduleLines("w", (A,))
    )
    assert [office.line().counts(month) for month in ("2026-04", "2026-05")] == [None, (Column.PLANNED, 4_400)]
    office.events(bill("2026-06", ONE))
    assert [office.line().counts(month) for month in ("2026-06", "2026-07")] == [None, (Column.PLANNED, 4_400)]


def test_a_rise_of_the_price_is_not_claimed():
    """A line saves what it cost at the baseline; what it rose by is told apart."""
    office = Office()
    office.events(
        bill("2026-02", ONE, TWO, cents=1_000), bill("2026-03", ONE, TWO), bill("2026-04", ONE, TWO, cents=9_000)
    )
    assert office.line().baseline_cents == 1_100
    assert price_change_cents(accounts_of(office.state)) == 2 * 8_800
    office.events(SetBaseline("2026-03"))
    assert office.line().baseline_cents == 4_400


def test_what_was_missed_grows_by_the_month_whose_bill_first_shows_it():
    """Lines behind the baseline, and those that only a person knew."""
    office = Office()
    office.events(bill("2026-03", ONE), bill("2026-04", ONE, TWO), bill("2026-05", ONE, TWO, THREE))
    office.events(DescribeLine(TELCO, "225-555-0104"))
    found = missed_of(office.state, accounts_of(office.state))
    assert [(one.month, one.lines, one.cents_so_far) for one in found] == [("2026-04", 1, 4_400), ("2026-05", 1, 8_800)]
    assert office.line("2255550104").standing() is Standing.NEVER_BILLED


def test_what_appears_and_disappears_between_statements_is_found():
    """By account; a line that is credited and costs nothing more is gone."""
    office = Office()
    office.events(
        bill("2026-03", ONE, TWO), bill("2026-05", TWO, THREE, released=(ONE,)), bill("2026-04", THREE, account="78")
    )
    [change] = changes_of(office.state)
    assert (change.before, change.month) == ("2026-03", "2026-05")
    assert (change.appeared, change.disappeared) == ([line_of(TELCO, THREE)], [A])


def test_a_number_that_two_bill_is_found():
    """Two accounts of one provider, or two providers."""
    office = Office()
    office.events(bill("2026-03", ONE, TWO), bill("2026-03", ONE, account="78"))
    office.events(TakeBills("d" * 64, "x", (Asked("Delta", "9", "2026-03", (Charge(TWO, Amounts(1), 2),)),)))
    assert [(circuit, len(payers)) for circuit, _, payers in billed_twice(accounts_of(office.state))] == [
        (ONE, 2),
        (TWO, 2),
    ]


def test_payback_is_the_month_from_which_all_that_was_spent_is_earned():
    """What is spent: each month, once, and the fee where a contract is ended early."""
    office = Office()
    office.events(bill("2026-03", ONE), DescribeLine(TELCO, ONE, contract_end="2027-01-31", fee_cents=1_200))
    office.events(
        SetCost("c", "Licence", CostKind.LICENCE, "2026-05", 400),
        SetCost("o", "Set-up", CostKind.ONCE, "2026-04", 0, 8_000),
    )
    office.off(ONE, "2026-04-20")
    office.events(bill("2026-05"))
    curve = curve_of(office.state)
    assert [(one.month, one.spent_cents) for one in curve.points[1:4]] == [
        ("2026-04", 9_200),
        ("2026-05", 400),
        ("2026-06", 400),
    ]
    assert curve.shown_net[1:5] == [-9_200, -5_200, -1_200, 2_800]
    assert (curve.shown_payback, curve.whole_payback) == ("2026-07", "2026-07")


@pytest.mark.parametrize(
    ("baseline", "starts"), [("2026-09", "2026-01"), ("1999-01", "2026-03"), ("2026-03", "1990-01")]
)
def test_a_baseline_or_a_cost_far_away_leaves_a_page_that_can_be_read(baseline, starts):
    """The newest bill is always in the curve, and the curve is never longer than twenty years."""
    office = Office()
    office.events(bill("2026-03", ONE), SetBaseline(baseline), SetCost("c", "x", CostKind.TRUNK, starts, 5))
    office.off(ONE, "2026-03-20")
    office.events(bill("2026-04"), DescribeLine(TELCO, ONE, department="Parks <b>", site="=1+1"))
    found = report_of(office.state)
    assert found.curve.latest in [point.month for point in found.curve.points]
    assert len(found.curve.points) <= 240
    assert "Parks &lt;b&gt;" in page(found)
    assert "'=1+1,1," in tables(found)["sites.csv"]


def test_where_nothing_was_billed_there_is_no_report():
    """And it says so."""
    office = Office()
    assert curve_of(office.state) is None
    with pytest.raises(NothingBilled):
        report_of(office.state)


@pytest.mark.parametrize(
    ("right", "n", "low", "high"), [(9, 10, 596, 982), (5, 5, 565, 1_000), (0, 5, 0, 435), (50, 100, 403, 597)]
)
def test_wilson_encloses_the_published_values(right, n, low, high):
    """To a per mille outwards, in whole numbers."""
    found = wilson_mille(right, n)
    assert (low - 1 <= found[0] <= low, high <= found[1] <= high + 1) == (True, True)


def test_too_few_disconnects_promise_nothing():
    """Cautiously counted, claims and plans are then worth nothing."""
    office = Office()
    office.events(bill("2026-03", ONE, TWO))
    office.off(ONE, "2026-03-20")
    office.events(PlanWave("v", "Wave", "x", "2026-05-01", "2026-05-31"), ScheduleLines("v", (line_of(TELCO, TWO),)))
    office.events(bill("2026-04", TWO))
    curve = curve_of(office.state)
    assert (curve.sureness.judged, curve.sureness.low_mille) == (1, None)
    assert curve.low_net == curve.shown_net
    assert curve.whole_net[-1] > curve.low_net[-1]


CIRCUITS = (ONE, TWO, THREE, "2255550104", "CYP-1")
months = st.sampled_from([f"2026-{month:02d}" for month in range(1, 10)])
acts = st.one_of(
    st.tuples(st.just("bill"), months, st.sets(st.sampled_from(CIRCUITS)).map(sorted), st.sampled_from(["77", "78"]),
              st.integers(1, 99_999), st.sets(st.sampled_from(CIRCUITS), max_size=1).map(sorted)),
    st.tuples(st.just("off"), months, st.sampled_from(CIRCUITS)),
    st.tuples(st.just("plan"), months, st.sampled_from(CIRCUITS)),
    st.tuples(st.just("keep"), st.sampled_from(CIRCUITS)),
    st.tuples(st.just("cost"), months, st.integers(0, 99_999), st.integers(0, 999_999)),
    st.tuples(st.just("baseline"), months),
)  # fmt: skip


def live(office, act):
    """Ask what an act says; the rules may refuse it."""
    kind, *rest = act
    if kind == "bill":
        month, circuits, account, cents, released = rest
        office.ask(
            bill(month, *circuits, account=account, cents=cents, released=[c for c in released if c not in circuits])
        )
    elif kind in {"off", "plan"}:
        month, circuit = rest
        line = line_of(TELCO, circuit)
        office.ask(PlanWave(month, month, "x", f"{month}-01", f"{month}-28"))
        office.ask(ScheduleLines(month, (line,), Way.DISCONNECT if kind == "off" else Way.MIGRATE))
        if kind == "off":
            office.ask(TakeStep(line, Step.DISCONNECTED, f"{month}-15"))
    elif kind == "keep":
        office.ask(KeepLine(line_of(TELCO, rest[0]), "because"))
    elif kind == "cost":
        office.ask(SetCost(rest[0], "x", CostKind.SERVICE, *rest))
    else:
        office.ask(SetBaseline(rest[0]))


@settings(max_examples=60)
@given(st.lists(acts, max_size=14))
def test_whatever_happens_lines_are_parted_and_counted_once(happened):
    """Standings part the inventory to the cent; a month counts a line as one thing; the curve sums up its lines."""
    office = Office()
    for act in happened:
        live(office, act)  # invariants are checked behind each
    accounts = accounts_of(office.state)
    *rows, (_, lines, cents) = standing_sheet(accounts).rows
    assert (sum(row[1] for row in rows), sum(row[2] for row in rows)) == (lines, cents)
    assert (lines, cents) == (len(office.state.lines), sum(one.baseline_cents for one in accounts))
    curve = curve_of(office.state, accounts)
    for point in curve.points if curve else ():
        counted = [found for one in accounts if (found := one.counts(point.month))]
        sums = Counter()
        for column, amount in counted:
            assert type(amount) is int
            assert amount >= 0
            sums[column] += amount
        assert len(counted) <= len(accounts)
        assert sums == Counter({
            Column.PROVEN: point.proven_cents, Column.CARRIED: point.carried_cents, Column.CLAIMED: point.claimed_cents,
            Column.PLANNED: point.planned_cents, Column.LOST: point.lost_cents,
        })  # fmt: skip
        saved = point.shown_cents + point.claimed_cents + point.planned_cents
        assert (
            saved + sum(one.baseline_cents for one in accounts if not (one.counts(point.month) or (0, 0))[0]) <= cents
        )


@settings(max_examples=40)
@given(st.lists(acts, max_size=14))
def test_nothing_is_proven_without_a_bill_behind_it(happened):
    """A proven month has a statement of that month that lacks the line, behind a disconnect that somebody said."""
    office = Office()
    for act in happened:
        live(office, act)
    for one in accounts_of(office.state):
        for month in [f"2026-{number:02d}" for number in range(1, 13)]:
            if (one.counts(month) or ("",))[0] is Column.PROVEN:
                assert one.off
                assert one.off < month
                assert month not in one.paid
                assert any(bill.month == month for bill in office.state.statements.values())
    sure = sureness_of(accounts_of(office.state))
    assert 0 <= sure.on_time <= sure.judged
