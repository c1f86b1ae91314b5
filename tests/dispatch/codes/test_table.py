"""Code tables: each test states one fact."""

from redstick.dispatch.codes.default import DEFAULT
from redstick.dispatch.codes.table import CodeTable, DispositionCode, Finding, TypeCode, check
from redstick.simulation.natures import NATURES


def test_the_default_table_is_total_over_what_the_parish_calls_about():
    """Every kind of the simulated parish is in it, with the same group and priority; nothing is wrong with it."""
    assert check(DEFAULT, (), (), [nature.kind for nature in NATURES]) == []
    for nature in NATURES:
        code = DEFAULT.type_of(nature.kind)
        assert (code.group, code.priority) == (nature.group, nature.priority), nature.kind


def test_each_fault_of_a_table_is_named_with_its_word():
    """Empty and doubled words, codes that no standard has, groups and priorities nobody knows, words that lack."""
    table = CodeTable(
        (TypeCode("fire", "FSTRU", "fire"), TypeCode("FIRE ", "X", "mars", 9), TypeCode(" ", "FSTRU")),
        (DispositionCode("done", "99"),),
    )
    assert check(table, {"FSTRU"}, {"01"}, ["fire", "flood", "flood"], ["done", "gone"]) == [
        Finding("word_twice", "FIRE ", "X"),
        Finding("common_unknown", "FIRE ", "X"),
        Finding("word_empty", " ", "FSTRU"),
        Finding("common_unknown", "done", "99"),
        Finding("group_unknown", "FIRE ", "mars"),
        Finding("priority_unknown", "FIRE ", "9"),
        Finding("type_unmapped", "flood"),
        Finding("disposition_unmapped", "gone"),
    ]


def test_a_word_is_read_whatever_its_case_and_spacing():
    """And one that is not there is none."""
    assert DEFAULT.type_of("  structure   FIRE").common == "FSTRU"
    assert DEFAULT.type_of("structure fires") is None
