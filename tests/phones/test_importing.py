"""Lists of people: read whole, every fault with its line, and nothing raises."""

from hypothesis import given
from hypothesis import strategies as st

from redstick.phones.importing import read_people
from redstick.phones.rules.people import PersonRow
from redstick.phones.state import User

GOOD = "Number,Name,Email,Direct,Voicemail\n2100,Ann Able,ann@city.example,+12255552100,no\n\n2101,Bob Best,,,\n"


def faults(text):
    """Line and words of each fault."""
    return [(one.line, one.says) for one in read_people(text).faults]


def test_a_list_is_read_with_its_lines():
    """Empty lines are passed over; what is not said is as usual; a mark of byte order is no column."""
    found = read_people("\ufeff" + GOOD)
    assert found.faults == ()
    assert found.lines == (2, 4)
    assert found.rows == (
        PersonRow(User("user-2100", "Ann Able", email="ann@city.example"), "2100", "+12255552100", voicemail=False),
        PersonRow(User("user-2101", "Bob Best"), "2101"),
    )


def test_every_fault_is_told_with_its_line():
    """Not the first alone: whoever mends a list sees all of it at once."""
    text = "number,name,email,direct,voicemail\n12x,Ann,,,\n9112,Bob,,,\n2102,,,,\n2103,Dee,no mail,,\n"
    text += "2104,Eve,,555,\n2105,Fay,,,maybe\n2105,Gil,,,\n2106,Hal\n"
    assert [line for line, _ in faults(text)] == [2, 3, 4, 5, 6, 7, 8, 9]
    assert "line 7 already" in dict(faults(text))[8]


def test_a_header_that_is_wrong_is_told_before_anything_else():
    """A column that is missing, unknown or there twice."""
    assert [says for _, says in faults("number,phone,number\n")] == [
        "there is no column 'name'",
        "no column is called 'phone'; there are number, name, id, department, email, person, direct, site, voicemail",
        "column 'number' is there twice",
    ]


@given(st.text(max_size=200), st.booleans())
def test_whatever_is_in_a_file_is_answered(text, headed):
    """Rows and faults, never an exception; each row has its line."""
    found = read_people(("number,name\n" if headed else "") + text)
    assert len(found.rows) == len(found.lines)
