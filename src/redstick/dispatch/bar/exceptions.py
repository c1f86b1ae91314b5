"""Commands of the floor that have no form at the bar, each with the reason. A test holds that every other has one."""

_MACHINES = "a machine at the edge asks it, never a person"
_PAGES = "it is a table or a text: an administrator's page has it, with its check"
_HOUSE = "the server asks it by itself"
_PANEL = "its panel carries the digest of the text that is read; typing that is no act for a person"

EXCEPTIONS: dict[str, str] = {
    "dispatch.add_needs": "a further alarm asks for it with what the plan adds; it is a list of requirements",
    "dispatch.close_road": "it is drawn on the map, which shows the roads that it closes",
    "dispatch.reopen_road": "it is taken off the map, which shows the roads that it opens",
    "dispatch.divert_call": _MACHINES,
    "dispatch.note_quality": _MACHINES,
    "dispatch.check_source": _MACHINES,
    "dispatch.report_bolo_heard": _MACHINES,
    "dispatch.suggest_moveup": _MACHINES,
    "dispatch.retire_call": _HOUSE,
    "dispatch.retire_incident": _HOUSE,
    "dispatch.lose_seat": _HOUSE,
    "dispatch.find_seat": _HOUSE,
    "dispatch.record_answer": _PANEL,
    "dispatch.give_instructions": _PANEL,
    "dispatch.set_determinant": _PANEL,
    "dispatch.enter_caution": "a form of a dozen fields, with its place and its review date",
    "dispatch.reserve_cards": "printing cards reserves them",
    "dispatch.enter_card": "a card is typed as it was written, in its own form",
    "dispatch.settle_card": "its conflicts are settled side by side, on the page that shows them",
    "dispatch.tag_from_paper": "entering a card asks it",
    **dict.fromkeys(
        (
            "dispatch.adopt_codes", "dispatch.adopt_extent", "dispatch.adopt_status_words", "dispatch.define_group",
            "dispatch.enroll_unit", "dispatch.enroll_recipient", "dispatch.remove_recipient",
            "dispatch.list_talkgroup", "dispatch.delist_talkgroup", "dispatch.record_agreement",
            "dispatch.end_agreement", "dispatch.watch_source", "dispatch.unwatch_source", "dispatch.set_rotation",
            "dispatch.suspend_contractor", "dispatch.restore_contractor", "dispatch.draft_plan",
            "dispatch.record_plan_check", "dispatch.record_plan_replay", "dispatch.review_plan_replay",
            "dispatch.activate_plan", "dispatch.activate_plan_unseen", "dispatch.retire_plan",
            "dispatch.sign_protocol", "dispatch.lock_protocol",
        ),
        _PAGES,
    ),
    "dispatch.review_suspect": "a suspect is judged beside its evidence, on the page that shows it",
    "dispatch.resolve_follow_up": "an address is looked into beside the map, on the page that shows it",
    "dispatch.report_discrepancy": _MACHINES,
}  # fmt: skip
