# ruff: noqa: INP001  (run by hand, it is no package)
"""Make the example bills: a city's telephone lines at three providers over seven months, all of it made up.

    .venv/bin/python examples/savings/make_example.py

The same bytes every time. Each provider prints its bills in a layout of its own; what goes wrong in real bills goes
wrong here: a row that stands twice, lines found late, a line billed after its disconnect, one that vanishes.
"""

import csv
import io
from pathlib import Path

HERE = Path(__file__).parent
Bill = tuple[list[list[str]], str]  # rows, and what divides their cells
MONTHS = [f"2026-{month:02d}" for month in range(3, 10)]
SITES = ["City Hall", "Central Library", "Police Headquarters", "Fire Station 3", "Public Works Yard", "River Center"]


def money(cents: int) -> str:
    """As the first provider prints it: a credit stands in parentheses."""
    said = f"${abs(cents) // 100:,}.{abs(cents) % 100:02d}"
    return f"({said})" if cents < 0 else said


def lakeshore(place: int) -> tuple[str, str, str, int]:
    """Number, product, site and monthly cents of a line of the first provider."""
    special = {7: ("Elevator line", 0), 8: ("Fire alarm line", 1), 9: ("Fax line", 2), 21: ("Burglar alarm", 4),
               22: ("SCADA lift station", 4)}  # fmt: skip
    product, site = special.get(place, ("Business line 1FB" if place < 40 else "Centrex station", place % len(SITES)))
    return f"(225) 555-01{place:02d}", product, SITES[site], 4_350 if place < 40 else 2_475


# Of the first provider: the last month in which a line is billed, where it is not the last of all.
LAST = {**dict.fromkeys(range(10, 18), "2026-05"), 10: "2026-06", 40: "2026-06", 41: "2026-06", 42: "2026-06",
        43: "2026-06", 30: "2026-07"}  # fmt: skip
FOUND = {36: "2026-06", 37: "2026-06", 55: "2026-08"}  # the first month, where it is not the first of all


def lakeshore_bill(month: str) -> Bill:
    """Wide, with an address above the heading, a total below, and in May a row that stands twice."""
    rows = [["Lakeshore Telephone"], ["Statement of service", "Please pay within 30 days"], []]
    rows.append(["Bill Date", "Account Number", "Phone Number", "Service Type", "Service Location", "Monthly Charges",
                 "Taxes & Surcharges", "Credits", "Total"])  # fmt: skip
    whole = 0
    for place in range(7, 56):
        if month > LAST.get(place, "9999") or month < FOUND.get(place, ""):
            continue
        number, product, site, cents = lakeshore(place)
        cents += 150 if month >= "2026-08" else 0  # the provider raises its price
        tax = cents * 18 // 100
        credit = -500 if month == "2026-04" and place == 20 else 0
        whole += cents + tax + credit
        row = [f"{month[5:]}/01/{month[:4]}", "504-77", number, product, site, money(cents), money(tax), money(credit),
               money(cents + tax + credit)]  # fmt: skip
        rows += [row, row] if month == "2026-05" and place == 33 else [row]
    rows.append(["Total current charges", "", "", "", "", "", "", "", money(whole)])
    return rows, ","


def delta_bill(month: str) -> Bill:
    """A row for each charge, semicolons, decimal commas, a credit for what was disconnected."""
    rows = [["Invoice Month", "BTN", "WTN", "Description", "Site", "Amount"]]
    circuits = [("PRI", "80.HCGS.000147..SB", "Police Headquarters", 41_200),
                ("PRI", "80.HCGS.000148..SB", "City Hall", 41_200),
                ("T1 digital service", "81.DHZA.004410..SB", "Public Works Yard", 23_800),
                ("CAMA trunk 911", "82.CAMA.000911..SB", "Police Headquarters", 19_500)]  # fmt: skip
    for product, circuit, site, cents in circuits:
        gone = product.startswith("PRI") and site == "City Hall" and month >= "2026-07"
        if gone and month != "2026-07":
            continue
        if gone:
            rows.append([month, "225-555-0190", circuit, "Credit for disconnect of PRI", site, "-206,00"])
            continue
        rows.append([month, "225-555-0190", circuit, f"{product} monthly charge", site, comma(cents)])
        tax = comma(cents * 9 // 100)
        rows.append([month, "225-555-0190", circuit, "Federal universal service surcharge", site, tax])
    rows.append([month, "225-555-0190", "", "Franchise fee", "", "12,40"])
    return rows, ";"


def comma(cents: int) -> str:
    """As the second provider prints it."""
    return f"{cents // 100},{cents % 100:02d}"


def cypress_bill(month: str) -> Bill:
    """Circuits with the end of their contract and the fee for ending it early; no provider, no account, no month."""
    rows = [["Circuit ID", "Product", "Site Name", "Contract End", "ETF", "MRC", "Taxes and Fees", "NRC"]]
    for number in range(1, 7):
        if month > "2026-06" and number == 4:
            continue  # it left the bill, and nobody at the city knows why
        product = "Ethernet data 10M" if number % 2 else "DSL"
        rows.append([f"CYP-{1000 + number}", product, SITES[number - 1], "2027-06-30", "350.00",
                     f"{120 + 10 * number}.00", "9.60", "0.00"])  # fmt: skip
    return rows, ","


PLAN = """# What the city has done so far, as `redstick savings` reads it. Made up, like the bills beside it.

[set_baseline]
month = "2026-03"

[[plan_wave]]
wave = "w1"
name = "Stations and yard"
owner = "Facilities"
site = "Fire Station 3 and others"
starts = "2026-05-04"
ends = "2026-05-29"

[[plan_wave]]
wave = "w2"
name = "Centrex and trunks"
owner = "Information Services"
starts = "2026-06-01"
ends = "2026-06-30"

[[plan_wave]]
wave = "w3"
name = "All that is left"
owner = "Information Services"
starts = "2026-11-02"
ends = "2026-12-18"

[[describe_line]]
provider = "Lakeshore Telephone"
circuit = "225-555-0107"
department = "Buildings"
purpose = "Elevator car 1"

[[describe_line]]
provider = "Lakeshore Telephone"
circuit = "225-555-0189"
kind = "fax"
site = "River Center"
purpose = "Found on a wall; on no bill"

[[keep_line]]
line = "lakeshoretelephone:2255550118"
reason = "Ring-down to the hospital until its own renewal"
"""


def plan() -> str:
    """The work: the first two waves are off, one of their lines is billed all the same; the third is to come."""
    text = [PLAN]
    first = [f"lakeshoretelephone:22555501{place}" for place in (*range(10, 18), 19)]
    second = [f"lakeshoretelephone:22555501{place}" for place in range(40, 44)]
    third = [f"lakeshoretelephone:22555501{place:02d}" for place in (7, 8, 9, *range(23, 30), *range(44, 55))]
    for wave, lines, way in (("w1", first, "disconnect"), ("w2", second, "migrate"), ("w3", third, "migrate"),
                             ("w2", ["deltaexchange:80.HCGS.000148..SB"], "migrate")):  # fmt: skip
        names = ",\n  ".join(f'"{line}"' for line in lines)
        text.append(f'[[schedule_lines]]\nwave = "{wave}"\nway = "{way}"\nlines = [\n  {names},\n]\n')
    text += [step(line, "disconnected", "2026-05-20") for line in first]
    for line in (*second, "deltaexchange:80.HCGS.000148..SB"):
        for name, day in (("ported", 8), ("tested", 9), ("location_tested", 9), ("notification_tested", 9)):
            text.append(step(line, name, f"2026-06-{day:02d}"))
        text.append(step(line, "disconnected", "2026-06-22"))
    text.append(step("lakeshoretelephone:2255550123", "ported", "2026-09-14"))
    text.append('[[confirm_demand]]\nline = "lakeshoretelephone:2255550107"\ndemand = "two_way_voice"\n'
                'evidence = "Test call of 2026-09-02, sheet 14"\n')  # fmt: skip
    text.append('[[block_line]]\nline = "lakeshoretelephone:2255550108"\n'
                'reason = "The fire authority has not answered"\n')  # fmt: skip
    for cost, name, kind, starts, monthly, once in (
        ("licences", "Licences, 60 at $4.50", "licence", "2026-05", 27_000, 0),
        ("trunks", "SIP trunks, 23 channels", "trunk", "2026-05", 18_400, 0),
        ("devices", "Telephones and adapters", "device", "2026-05", 0, 385_000),
        ("work", "Cabling and set-up", "once", "2026-06", 0, 120_000),
    ):
        text.append(f'[[set_cost]]\ncost = "{cost}"\nname = "{name}"\nkind = "{kind}"\nstarts = "{starts}"\n'
                    f"monthly_cents = {monthly}\nonce_cents = {once}\n")  # fmt: skip
    return "\n".join(text)


def step(line: str, name: str, day: str) -> str:
    """One tick."""
    return f'[[take_step]]\nline = "{line}"\nstep = "{name}"\non = "{day}"\n'


def written(rows: list[list[str]], delimiter: str) -> str:
    """CSV."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


def files() -> dict[str, str]:
    """Every file of the example, by its name."""
    found = {"plan.toml": plan()}
    for month in MONTHS:
        found[f"lakeshore-{month}.csv"] = written(*with_provider(lakeshore_bill(month), "Lakeshore Telephone", 3))
        found[f"delta-{month}.csv"] = written(*with_provider(delta_bill(month), "Delta Exchange", 0))
        found[f"cypress-{month}.csv"] = written(*cypress_bill(month))
    return found


def with_provider(bill: Bill, provider: str, heading: int) -> Bill:
    """A bill that names its provider in a column of its own, as exports of a bill's portal do."""
    rows, delimiter = bill
    named = [[*row, "Vendor" if place == heading else provider] for place, row in enumerate(rows) if place >= heading]
    return rows[:heading] + named, delimiter


if __name__ == "__main__":
    for name, text in files().items():
        (HERE / name).write_text(text, encoding="utf-8")
