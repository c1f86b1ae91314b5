"""Month first or day first: decided by the whole column, or asked."""

from datetime import datetime, timedelta

from redstick.dispatch.history.date_evidence import DateEvidence

START = datetime(2017, 1, 1)  # noqa: DTZ001  a wall clock has no zone


def verdict(*pieces):
    evidence = DateEvidence()
    for piece in pieces:
        evidence.add(piece)
    return evidence.verdict()


def written(form, days, hours=7):
    return [(START + timedelta(hours=hours * i)).strftime(form) for i in range(days * 24 // hours)]


def test_a_number_over_twelve_settles_the_order():
    """One 13th among many small numbers says which number is the day."""
    assert verdict(["01/02/2017 10:00", "01/13/2017 10:00"]).forms == ("%m/%d/%Y %H:%M",)
    assert verdict(["01/02/2017 10:00", "13/01/2017 10:00"]).forms == ("%d/%m/%Y %H:%M",)


def test_the_order_of_the_rows_settles_it_otherwise():
    """Eleven days of January, none over twelve: read wrongly, each day would be a month away from the next."""
    assert verdict(written("%m/%d/%Y %H:%M", 11)).forms == ("%m/%d/%Y %H:%M",)
    assert verdict(written("%d/%m/%Y %H:%M", 11)).forms == ("%d/%m/%Y %H:%M",)


def test_where_nothing_tells_the_doubt_is_said():
    """A file of one day that reads both ways is not guessed."""
    found = verdict(["01/02/2017 10:00", "01/02/2017 11:00"])
    assert found.forms == ()
    assert "%m/%d/%Y" in found.doubt
    assert "%d/%m/%Y" in found.doubt


def test_the_same_number_twice_is_no_doubt_of_its_own():
    """03/03 is one day however it is read, yet the next file may not be: the doubt stays."""
    assert verdict(["03/03/2017 10:00"]).doubt


def test_pieces_are_one_column():
    """What the first piece leaves open the second may settle."""
    assert verdict(["01/02/2017 10:00"], ["01/25/2017 10:00"]).forms == ("%m/%d/%Y %H:%M",)


def test_identities_are_no_epochs():
    """Seven- and eight-digit call numbers would be days of 1970; they are not dates."""
    assert verdict(["16146990", "16146991", "29817811"]).forms == ()


def test_known_forms_are_found():
    """ISO, milliseconds, twelve-hour clocks, two-digit years and month names."""
    assert verdict(["2025-11-06T03:02:41-06:00"]).forms == ("iso",)
    assert verdict(["1740981720000"]).forms == ("epoch_ms",)
    assert verdict(["11/25/2025 8:06:06 AM"]).forms == ("%m/%d/%Y %I:%M:%S %p",)
    assert verdict(["25.11.25 08:06"]).forms == ("%d.%m.%y %H:%M",)
    assert verdict(["25-Nov-2025 08:06:09"]).forms == ("%d-%b-%Y %H:%M:%S",)


def test_words_are_no_dates_and_an_empty_column_has_none():
    """A column of names has no form and no doubt."""
    assert verdict(["Fire", "Medical"]).forms == ()
    assert verdict([]).forms == ()
    assert not verdict(["Fire"]).doubt
