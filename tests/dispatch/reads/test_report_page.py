"""The page: what a chief reads, and what can never happen to it."""

import re

from redstick.dispatch.reads.report_page import page

STAMPS = ("received", "answered", "dispatched", "en_route", "on_scene")


def text_of(markup):
    return re.sub(r"\s+", " ", re.sub(r"<style.*?</style>|<[^>]+>", " ", markup, flags=re.DOTALL))


def test_the_page_opens_with_what_a_reader_takes_away(reported, line):
    """Counts first, then how long people waited, with the n beside it."""
    markup = page(reported([line(n, area=f"A{n % 2}") for n in range(60)])).render()
    assert (
        "From call to the first unit on scene: half within 6 min, nine of ten within 6 min (60 of 60 that began)."
        in (text_of(markup))
    )


def test_every_standard_is_named_with_its_edition(reported, line):
    """No threshold without its source, and whom it speaks of."""
    markup = text_of(page(reported([line(n) for n in range(40)])).render())
    assert "100 % were within 60 s; NFPA 1710, 2020, asks 90 % of emergency medical." in markup
    assert "NENA-STA-020.1, 2020" in markup


def test_an_unverified_standard_is_never_printed_as_fact(reported, line):
    """Asked for by id, it is marked wherever it is named."""
    markup = text_of(page(reported([line(n) for n in range(40)], standards=["nfpa-1225-answer-90"])).render())
    assert markup.count("NFPA 1225, 2022") == markup.count("NFPA 1225, 2022 (remembered, not read: unverified)") > 0
    assert "NFPA 1225-2022, unverified" in markup
    assert "unverified" not in text_of(page(reported([line(n) for n in range(40)])).render())


def test_few_calls_are_not_made_to_say_much(reported, line):
    """Under 36 times there is no word on the slowest tenth."""
    markup = text_of(page(reported([line(n) for n in range(10)])).render())
    assert "too few times to say more (10 of 10 that began)" in markup
    assert "nine of ten within 6 min" not in markup


def test_hostile_cells_are_shown_as_text(reported, line):
    """Whatever stands in an export, no tag and no script comes of it."""
    bad = '<img src=x onerror=alert(1)>"><script>alert(1)</script>'
    cell = '"' + bad.replace('"', '""') + '"'
    markup = page(
        reported([line(n, type=cell if n % 2 else "Fall", area=cell if n % 3 else "A") for n in range(80)])
    ).render()
    assert "<script" not in markup
    assert "<img" not in markup
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in markup


def test_a_history_of_calls_alone_makes_a_page(reported, line):
    """Without any time but the first there are volumes, and a plain word that there is nothing else."""
    blank = dict.fromkeys(STAMPS[1:], "")
    markup = text_of(page(reported([line(n, **blank) for n in range(5)])).render())
    assert "0 of 5 that began" not in markup


def test_a_history_without_times_makes_a_page(reported, line):
    """No call has a time: the page says so and does not fall over."""
    markup = text_of(page(reported([line(n, **dict.fromkeys(STAMPS, "")) for n in range(3)])).render())
    assert "No call has a time" in markup


def test_guesses_are_on_the_page(reported, line):
    """What the guesser was unsure of is repeated where it can be read."""
    markup = text_of(page(reported([line(1)], guesses=["column “X”: is it this?"])).render())
    assert "What each column means was guessed" in markup
    assert "column “X”: is it this?" in markup


def test_the_same_history_gives_the_same_bytes(reported, line):
    """A page can be compared with an earlier one by its digest."""
    lines = [line(n, area=f"A{n % 4}", received=f"2025-05-01 {n % 24:02d}:00:00") for n in range(60)]
    assert page(reported(lines)).render() == page(reported(lines)).render()
