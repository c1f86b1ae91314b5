"""The grammar that headers share."""

from hypothesis import given
from hypothesis import strategies as st

from redstick.protocols.sip.grammar import split_outside


def sign_by_sign(text, separator):
    """The same, by one look at each sign."""
    parts, quoted, bracketed, escaped = [""], False, False, False
    for sign in text:
        if sign == separator and not quoted and not bracketed:
            parts.append("")
            continue
        parts[-1] += sign
        if quoted:
            quoted, escaped = escaped or sign != '"', not escaped and sign == "\\"
        elif sign == '"':
            quoted = True
        elif sign in "<>":
            bracketed = sign == "<"
    return [part.strip() for part in parts]


@given(st.text('a ,;"<>\\', max_size=12), st.sampled_from(",;"))
def test_text_is_split_where_a_separator_stands_neither_in_quotes_nor_in_brackets(text, separator):
    """Whatever it is, with the short ways for text that has neither."""
    assert split_outside(text, separator) == sign_by_sign(text, separator)
