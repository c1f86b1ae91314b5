"""The words of bills: headings of columns, kinds of lines, kinds of charges. A layout more is a word more here."""

import re

from redstick.savings.kinds import LineKind

# What a column is -> the headings that say so, in small letters and digits with single spaces.
HEADINGS: dict[str, tuple[str, ...]] = {
    "provider": ("provider", "carrier", "vendor", "vendor name", "supplier", "telco", "company", "billing entity"),
    "account": ("account", "account number", "account no", "account id", "acct", "acct number", "acct no", "ban",
                "btn", "billing account", "billing account number", "billing number", "customer account",
                "billing telephone number"),
    "month": ("month", "bill month", "billing month", "invoice month", "bill date", "billing date", "invoice date",
              "statement date", "bill period", "billing period", "bill cycle", "cycle date", "period"),
    "circuit": ("circuit", "circuit id", "circuit number", "service id", "service number", "telephone number",
                "phone number", "phone", "number", "line number", "line", "wtn", "working telephone number", "tn",
                "did", "usoc circuit", "equipment id", "product id", "service identifier"),
    "kind": ("service type", "line type", "product", "product type", "service", "type of service", "class of service",
             "service description", "product description", "usage type"),
    "site": ("site", "site name", "location", "service location", "service address", "address", "location name",
             "building", "facility"),
    "purpose": ("purpose", "use", "used for", "label", "nickname", "user defined field", "cost center description",
                "end user", "comment"),
    "charge": ("charge", "charge type", "charge category", "category", "description", "charge description",
               "item", "line item", "detail", "type", "transaction type"),
    "amount": ("amount", "charge amount", "net amount", "billed amount", "extended amount", "charges", "value"),
    "recurring": ("monthly charge", "monthly charges", "monthly recurring charge", "monthly recurring charges", "mrc",
                  "recurring", "recurring charge", "recurring charges", "monthly service", "monthly cost",
                  "monthly rate", "monthly"),
    "taxes": ("tax", "taxes", "taxes and fees", "taxes and surcharges", "taxes fees", "taxes fees and surcharges",
              "taxes surcharges", "tax amount", "surcharges", "surcharges and fees", "fees", "fees and taxes",
              "government fees"),
    "credits": ("credit", "credits", "adjustments", "credits and adjustments", "other charges and credits",
                "discount", "discounts"),
    "once": ("one time", "one time charge", "one time charges", "nrc", "non recurring", "non recurring charge",
             "non recurring charges", "usage", "usage charge", "usage charges", "usage charges total"),
    "total": ("total", "total charge", "total charges", "line total", "total amount", "total due",
              "total current charges"),
    "contract_end": ("contract end", "contract end date", "contract expiration", "contract expires", "term end",
                     "term end date", "expiration date", "end of term"),
    "fee": ("etf", "early termination fee", "termination fee", "termination charge", "termination liability",
            "early termination charge"),
}  # fmt: skip
MEANING_OF = {heading: meaning for meaning, headings in HEADINGS.items() for heading in headings}

MEANING_WORDS = {
    "provider": "provider", "account": "account", "month": "month", "circuit": "number or circuit",
    "kind": "kind of line", "site": "site", "purpose": "purpose", "charge": "what the amount is for",
    "amount": "amount, by what it is for",
    "recurring": "each month", "taxes": "taxes and fees", "credits": "credits", "once": "once, or by use",
    "total": "total of the row, checked", "contract_end": "end of contract", "fee": "fee for ending early",
}  # fmt: skip

# The first that fits, from the most telling to the least.
_KINDS: tuple[tuple[LineKind, str], ...] = (
    (LineKind.EMERGENCY_TRUNK, r"\bcama\b|\b9-?1-?1 (?:trunk|circuit|access)|\be-?911 trunk"),
    (LineKind.ELEVATOR, r"\belevators?\b|\blifts?\b"),
    (LineKind.FIRE_ALARM, r"\bfire (?:alarm|panel)|\bfacp\b|\bfire line"),
    (LineKind.SECURITY_ALARM, r"\balarm|\bburglar|\bintrusion|\bsecurity (?:panel|line)"),
    (LineKind.SCADA, r"\bscada\b|\btelemetry|\blift station|\bpump station"),
    (LineKind.FAX, r"\bfax|\bfacsimile"),
    (LineKind.CENTREX, r"\bcentrex\b|\bplexar\b"),
    (LineKind.PRI, r"\bpri\b|\bprimary rate|\bisdn\b"),
    (LineKind.TRUNK, r"\btrunks?\b|\bdid (?:block|trunk|numbers?)|\bsip\b"),
    (LineKind.T1, r"\bt-?1\b|\bds-?1\b|\bdigital service"),
    (LineKind.DATA, r"\bdsl\b|\bdata\b|\binternet|\bethernet|\bmpls\b|\bframe relay|\bbroadband|\bmodem\b"),
    (LineKind.POTS, (r"\bpots\b|\b1fb\b|\b1mb\b|\bbusiness (?:line|access)|\banalog|\bflat rate|\bmeasured"
                     r"|\bmessage rate|\bphone line|\blocal (?:line|service|access)|\bexchange (?:line|access)")),
)  # fmt: skip

_TOTAL = re.compile(
    r"^(?:grand |sub-? ?|account |invoice |bill )?total\b|^amount due|^balance",
    re.IGNORECASE,
)
_DISCONNECT = re.compile(r"disconnect|\bcancel|\bcease|\bremoval\b|service termin", re.IGNORECASE)
_ONCE = re.compile(
    r"install|one-?\s?time|non-?\s?recurring|\bnrc\b|activation|terminat|\busage\b|long distance|per call|minutes"
    r"|\btoll\b|late fee",
    re.IGNORECASE,
)
_TAX = re.compile(
    r"\btax|surcharge|\bfees?\b|\bfcc\b|\busf\b|universal service|regulatory|franchise|recovery"
    r"|\be?-?911 (?:fee|charge|service)|relay service",
    re.IGNORECASE,
)
_CREDIT = re.compile(r"credit|adjustment|discount|refund|promo", re.IGNORECASE)
_LIFT = re.compile(r"\blift station", re.IGNORECASE)


def heading_of(text: str) -> str:
    """A heading as it is compared: `Taxes & Surcharges ($)` is `taxes and surcharges`."""
    said = re.sub(r"\([^)]*\)|[$#]", " ", text.casefold().replace("&", " and "))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", said).split())


def kind_of(*texts: str) -> LineKind | None:
    """The kind of line that words of a bill speak of; the first text that tells is believed, None where none does."""
    for text in texts:
        said = text.casefold()
        for kind, words in _KINDS:
            if kind is LineKind.ELEVATOR and _LIFT.search(said):
                continue  # a lift station pumps water
            if re.search(words, said):
                return kind
    return None


def charge_of(words: str, cents: int) -> str:
    """Which amount of a line a charge belongs to, by its words and its sign: a field of `Amounts`."""
    if cents < 0:
        return "released" if _DISCONNECT.search(words) else "credits"
    if _CREDIT.search(words) and cents == 0:
        return "credits"
    if _ONCE.search(words) or _DISCONNECT.search(words):
        return "once"
    return "taxes" if _TAX.search(words) else "recurring"


def is_total(cell: str) -> bool:
    """Whether a cell says that its row adds up others."""
    return _TOTAL.search(cell.strip()) is not None
