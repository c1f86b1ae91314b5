"""A person at a seat who has a keyboard and no mouse: every key is counted, every act held against what was shown.

What was shown is read off the screen in the moment before the key; what was done is read off the server's own rows,
before and after, past any browser. An act differs from its preview where the rows say anything else, or anything more.
"""

from dataclasses import dataclass, field

from tests.browser.console.floor import PATIENCE_MS, key_of

POINTED = """window.pointed = 0;
for (const kind of ['pointerdown', 'mousedown', 'touchstart', 'wheel'])
    addEventListener(kind, event => { if (event.isTrusted) window.pointed += 1; }, true);"""
FOCUSED = """() => { const one = document.activeElement;
    const name = one.ariaLabel || one.labels?.[0]?.textContent || one.textContent;
    return one === document.body ? '' : name.trim(); }"""
TABS = 120  # more stops than any seat has
CODES = {
    "alerted": "DSP", "en route": "ENR", "on scene": "ONS", "with patient": "PTC", "transporting": "TRN",
    "at hospital": "HSP", "on radio": "AR",
}  # fmt: skip


@dataclass
class Act:
    """Something that was done: how many keys it took, what was shown, in what it differs from that."""

    what: str
    keys: int
    shown: list[str]
    differs: list[str] = field(default_factory=list)


def world(floor):
    """All that an act may change, by key."""
    return {key: row for view in ("incidents", "units", "calls") for key, row in floor.rows(view).items()}


def changed(before, after):
    """Keys of rows that are not as they were."""
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def working(row):
    """Units that are on an incident."""
    return {part["unit"] for part in row["units"] if part["ended_at"] is None}


class Hands:
    """Keys in, acts out."""

    def __init__(self, page, floor):
        self.page, self.floor = page, floor
        self.acts, self.keys, self.readings = [], 0, []
        page.on("response", lambda one: self.readings.append(one) if one.url.endswith("/api/bar/read") else None)

    def press(self, *keys):
        """Strike keys, one after the other."""
        for key in keys:
            self.keys += 1
            self.page.keyboard.press(key)

    def type(self, text):
        """Write where the focus is."""
        self.keys += len(text)
        self.page.keyboard.type(text)

    def go(self, name):
        """Tab to what is called so; no key where the focus is there already."""
        for _ in range(TABS):
            if self.page.evaluate(FOCUSED).startswith(name):
                return
            self.press("Tab")
        raise AssertionError(f"no stop of the keyboard is called {name!r}")

    def choose(self, list_key, row):
        """Enter a list by its key, walk to a row, take it."""
        self.page.locator(key_of(row)).wait_for()
        self.press(list_key)
        # Home first: a list is entered where one was last.
        self.press("Home")
        while self.page.evaluate("document.activeElement.dataset.key") != row:
            at = self.page.evaluate("document.activeElement.dataset.key")
            self.press("ArrowDown")
            assert self.page.evaluate("document.activeElement.dataset.key") != at, f"{row} is not in the list"
        self.press("Enter")

    def until(self, holds):
        """Wait for what no selector says."""
        for _ in range(PATIENCE_MS // 20):
            if holds():
                return
            self.page.wait_for_timeout(20)
        raise AssertionError("it never came to hold")

    # Acts

    def compose(self, line):
        """Write a line into the bar and wait until it is shown what Enter does."""
        self.press("F10")
        self.type(line)
        self.await_effect(line)

    def await_effect(self, line):
        """Until the bar shows what this whole line does, as the server reads it last."""
        self.page.locator("#bar-says").get_by_text("does exactly this").wait_for()
        self.until(lambda: self._read(line) is not None and self.page.locator("#bar-line").input_value() == line)

    def _read(self, line):
        """The last reading of a line, once each word of its effect is on the screen."""
        of = [one for one in self.readings if one.request.post_data_json["text"] == line]
        reading = self._body(of[-1]) if of else None
        said = self.page.locator("#bar-says").inner_text()
        return reading if reading and reading["plan"] and all(one in said for one in reading["effect"]) else None

    def enter(self, line):
        """Enter on what is shown; the act is held against the reading that was on the screen. Whether it was done."""
        shown, before = self.page.locator("#bar-says").inner_text(), world(self.floor)
        with self.page.expect_response("**/api/bar/act") as told:
            self.press("Enter")
        answer = told.value.json()
        plan = told.value.request.post_data_json["plan"]
        after = world(self.floor)
        if answer["outcome"] != "done":
            self.keep(line, [shown], [f"{key} changed" for key in changed(before, after)])
            return False
        told = (self._body(one) for one in reversed(self.readings))
        reading = next(one for one in told if one is not None and one["plan"] == plan)
        self.until(lambda: self.page.locator("#bar-line").input_value() == "")
        self.keep(line, reading["effect"], self._differs(reading, answer, shown, before, after))
        return True

    def line(self, line):
        """A whole line: write, look, Enter."""
        self.compose(line)
        assert self.enter(line), self.page.locator("#bar-says").inner_text()

    def send(self):
        """F8 on the card: exactly who the button names goes, to the incident that the card shows, and nobody else."""
        button = self.page.locator(".card .rec button.go:not(:disabled)")
        button.wait_for()
        shown = button.locator("span").inner_text()
        units, before = set(shown.removeprefix("Send ").split(" + ")), world(self.floor)
        number = self.page.locator(".card h2 em").inner_text().removeprefix("#")
        with self.page.expect_response("**/assign-units"):
            self.press("F8")
        self.page.locator(".sent").wait_for()
        after = world(self.floor)
        incident = next(key for key, row in before.items() if number in (row.get("number"), key[-4:]))
        went = working(after[incident]) - working(before[incident])
        more = changed(before, after) - {incident, *(f"unit/{one}" for one in units)}
        self.keep(f"send {number}", [shown], [f"{went} went, not {units}"] * (went != units) + sorted(more))
        return units

    def step(self, unit):
        """F7 on the chosen unit: the status that the button says, of the unit that it names."""
        button = self.page.locator(f"button[aria-keyshortcuts='F7'][title^='{unit} ']")
        button.wait_for()
        shown, before = button.locator("span").inner_text(), world(self.floor)
        with self.page.expect_response("**/report-status"):
            self.press("F7")
        words = shown.removeprefix(f"{unit} ")
        self.page.locator(key_of(f"unit/{unit}"), has_text=words).wait_for()
        after, on = world(self.floor), before[f"unit/{unit}"]["incident"]
        wrong = [after[f"unit/{unit}"]["status"]] * (after[f"unit/{unit}"]["status"] != CODES[words])
        self.keep(shown, [shown], wrong + sorted(changed(before, after) - {f"unit/{unit}", f"incident/{on}"}))

    def keep(self, what, shown, differs=()):
        """An act is over: its keys, and what it did otherwise than was shown."""
        self.acts.append(Act(what, self.keys, shown, list(differs)))
        self.keys = 0

    def told(self):
        """Keystrokes per act, for people."""
        rows = [f"{act.keys:5}  {act.what}" for act in self.acts]
        mean = sum(act.keys for act in self.acts) / max(1, len(self.acts))
        return "\n".join([*rows, f"{mean:5.1f}  on average of {len(rows)} acts"])

    @staticmethod
    def _body(response):
        try:
            return response.json()
        except Exception:  # noqa: BLE001  (a reading that was given up while one typed has no body)
            return None

    def _differs(self, reading, answer, shown, before, after):
        found = [f"not on the screen: {words}" for words in reading["effect"] if words not in shown]
        kinds = [one["kind"] for one in reading["commands"]]
        if [one["kind"] for one in answer["done"]] != kinds:
            found.append(f"{answer['done']} was done, not {kinds}")
        named = set()
        for asked in reading["commands"]:
            named |= names(asked["fields"])
            if not HOLDS[asked["kind"].removeprefix("dispatch.")](asked["fields"], before, after):
                found.append(f"{asked} does not hold")
        near = {
            f"incident/{row['incident']}" for key, row in before.items() if key.startswith("unit/") and key in named
        }
        fresh = {key for key in after if key not in before and "open_incident" in " ".join(kinds)}
        merged = MOVES & {kind.removeprefix("dispatch.") for kind in kinds}
        moved = {key for key in changed(before, after) if key.startswith(("unit/", "call/"))} if merged else set()
        return found + sorted(changed(before, after) - named - near - fresh - moved)


MOVES = {"merge_incidents", "split_incident"}  # calls and units go with it, as the effect says


def names(fields):
    """Keys of rows that the fields of a command name."""
    words = [word for value in fields.values() for word in (value if isinstance(value, list) else [value])]
    return {f"{kind}/{word}" for word in words if isinstance(word, str) for kind in ("incident", "unit", "call")}


def _row(fields, rows):
    return rows.get(f"incident/{fields['incident']}")


def _fresh(before, after):
    return [row for key, row in after.items() if key.startswith("incident/") and key not in before]


def _noted(fields, before, after):
    [row] = _fresh(before, after) or [_row(fields, after)]  # a note may come with the incident that it is on
    return row["notes"][-1]["text"] == fields["text"]


def _opened(fields, before, after):
    fresh = _fresh(before, after)
    said = ("kind", "priority")
    return len(fresh) == 1 and [fresh[0][name] for name in said] == [fields[name] for name in said]


HOLDS = {
    "open_incident": _opened,
    "set_needs": lambda f, b, a: True,  # seen by what is recommended next
    "record_recommendation": lambda f, b, a: True,
    "assign_units": lambda f, b, a: working(_row(f, a)) - working(_row(f, b)) == set(f["units"]),
    "report_status": lambda f, b, a: a[f"unit/{f['unit']}"]["status"] == f["status"],
    "release_unit": lambda f, b, a: f["unit"] not in working(_row(f, a)),
    "add_note": _noted,
    "answer_call": lambda f, b, a: a[f"call/{f['call']}"]["seat"] == f["seat"],
    "end_call": lambda f, b, a: f"call/{f['call']}" not in a,
    "change_priority": lambda f, b, a: _row(f, a)["priority"] == f["priority"],
    "raise_alarm": lambda f, b, a: _row(f, a)["alarm_level"] == f["level"],
    "close_incident": lambda f, b, a: _row(f, a) is None,
    "merge_incidents": lambda f, b, a: _row(f, a) is not None and a.get(f"incident/{f['replaced']}") is None,
    "split_incident": lambda f, b, a: a.get(f"incident/{f['replaced']}") is not None,
    "attach_call": lambda f, b, a: f["call"] in _row(f, a)["spoken_of_by"],
    "order_moveup": lambda f, b, a: True,  # the unit's own status follows when it drives
    "request_aid": lambda f, b, a: True,
    "grant_aid": lambda f, b, a: True,
    "acknowledge_emergency": lambda f, b, a: a[f"unit/{f['unit']}"]["heard_by"] != "",
    "clear_emergency": lambda f, b, a: a[f"unit/{f['unit']}"]["emergency_at"] is None,
}
