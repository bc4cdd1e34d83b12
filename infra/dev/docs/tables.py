"""Checks or writes the tables of docs/ that are derived from other files.

    python3 infra/dev/docs/tables.py            checks, as in `make test-docs`
    python3 infra/dev/docs/tables.py --write    writes them

A table stands between `<!-- made: NAME -->` and `<!-- end -->`. Its sources are docs/openapi.json and
shared/domain/src/reports/tests/loan_events.txt. Some tables have a last column that is written by hand; it is kept.
tests/tests/openapi makes the tables that start with `<!-- table: NAME -->`. Exit codes: 0 the pages are up to date,
1 they are not.
"""

import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
EVENTS = ROOT / "shared/domain/src/reports/tests/loan_events.txt"
# Marks a cell to complete by hand.
MISSING = "…"


def schemas():
    """The schemas of the OpenAPI document by name."""
    return json.loads((ROOT / "docs/openapi.json").read_text(encoding="utf-8"))["components"]["schemas"]


# ---- the credit report

SECTIONS = {
    "report-meta": ("meta", "CreditReportMeta"),
    "report-user": ("user", "Person"),
    "report-depository": ("depository", "Depository"),
    "report-loan": ("loan", "Loans"),
    "report-totals": ("totals_by_currency[]", "CurrencyBalances"),
    "report-tradelines": ("tradelines", "Tradelines"),
    "report-repayments": ("loan_repayments[]", "LoanRepayment"),
}
# Schemas whose fields have rows too.
OPENED = {"DepositoryAccount", "LoanAccount", "StatusReason", "LateEpisode", "Tradeline"}


def name_of(schema):
    """The name of the schema that a field refers to, if any."""
    for candidate in (schema, *schema.get("oneOf", [])):
        if "$ref" in candidate:
            return candidate["$ref"].rpartition("/")[2]
    return None


def type_of(schema):
    """The type of a field: the JSON type, with `null` if it is nullable."""
    if "oneOf" in schema:
        return ", ".join(dict.fromkeys(type_of(each) for each in schema["oneOf"]))
    if "$ref" in schema:
        return type_of(schemas()[name_of(schema)])
    kind = schema.get("type", "object")
    words = kind if isinstance(kind, list) else [kind]
    form = f" ({schema['format']})" if schema.get("format") in ("date-time", "uuid") else ""
    return ", ".join(word if word == "null" else word + form for word in words)


def meaning_of(schema):
    """The description of a field on one line."""
    texts = [schema.get("description", "")] + [each.get("description", "") for each in schema.get("oneOf", [])]
    return " ".join(next(filter(None, texts), "").split())


def fields(path, name, seen=()):
    """A row for each field of a schema, and for those of the nested schemas in OPENED."""
    for field, schema in schemas()[name]["properties"].items():
        inner, place = schema, f"{path}.{field}"
        if schema.get("type") == "array":
            inner, place = schema["items"], f"{place}[]"
        yield f"`{path}.{field}`", type_of(schema), meaning_of(schema)
        target = name_of(inner)
        if target in OPENED and target not in seen:
            yield from fields(place, target, (*seen, target))


def report(section):
    path, name = SECTIONS[section]
    return ("field", "type", "meaning"), list(fields(path, name)), None


# ---- the status of a loan

# Column titles: the state of a loan after the first event.
STATES = {
    "debit 500": "open, 500 of 500",
    "missed": "nonperforming, ? of ?",
    "defaulted": "defaulted, ? of ?",
    "repaid": "closed",
}
EVENT_NAMES = {
    "debit": "`DEBIT` without an amount",
    "credit": "`CREDIT`",
    "disbursed": "`LoanDisbursed`",
    "approved": "`LoanApproved`",
    "repayment": "`LoanRepayment`",
    "missed": "`LoanMissedPayment`",
    "defaulted": "`LoanDefaulted`",
    "repaid": "`LoanRepaid`",
    "reminder": "`LoanRepaymentReminder`",
    "balance": "a stated balance of",
}


def event_name(event):
    word, _, number = event.partition(" ")
    if word == "debit" and number:
        return f"`DEBIT` of {number}"
    if word in ("credit", "repayment") and number:
        return f"{EVENT_NAMES[word]} of {number}"
    return f"{EVENT_NAMES[word]} {number}".strip()


def outcomes():
    """The outcome of each list of events."""
    known = {}
    for line in EVENTS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            events, _, outcome = line.partition(" -> ")
            status, balance, principal = outcome.split()
            known[tuple(events.split(", "))] = (status, balance, principal)
    return known


def cell(outcome):
    status, balance, principal = outcome
    return status if status == "closed" else f"{status}, {balance} of {principal}"


def loan_status():
    known = outcomes()
    events = [key[0] for key in known if len(key) == 1]
    rows = []
    for event in events:
        after = [known[(event,)], *(known[(state, event)] for state in STATES)]
        rows.append((event_name(event), *map(cell, after)))
    return ("event", "no status before", *STATES.values()), rows, None


# ---- labels


def labels():
    header, rows, _ = words("Label", "label")
    return header, rows, "example of a text"


# ---- enums


def words(name, title):
    """The values of an enum with their meanings."""
    schema = schemas()[name]
    meanings = dict(re.findall(r"^- `(\w+)`: (.+)$", schema["description"], re.MULTILINE))
    return (title, "meaning"), [(f"`{word}`", meanings[word]) for word in schema["enum"]], None


def reason_effects():
    return words("AffordabilityReasonEffect", "effect")


def not_financial():
    return words("NotFinancialCode", "code")


TABLES = {
    "reason-effects": reason_effects,
    "labels": labels,
    "not-financial": not_financial,
    "loan-status": loan_status,
    **{section: lambda section=section: report(section) for section in SECTIONS},
}


# ---- pages


def cells(line):
    return [each.strip() for each in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def escape(text):
    return text.replace("|", "\\|")


def table(name, present):
    """The table as it must be. Columns that are written by hand come from the page."""
    header, rows, own = TABLES[name]()
    own = (own,) if isinstance(own, str) else own or ()
    kept = {}
    for line in present.strip().splitlines()[2:]:
        row = cells(line)
        kept[row[0]] = row[len(row) - len(own) :] if own else []
    header = [*header, *own]
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    for row in rows:
        row = [escape(each) for each in row]
        lines.append("| " + " | ".join([*row, *kept.get(row[0], [MISSING] * len(own))]) + " |")
    return "\n".join(lines) + "\n"


def main():
    write = sys.argv[1:] == ["--write"]
    wrong, found = [], set()
    region = re.compile(r"(<!-- made: ([\w-]+) -->\n\n)(.*?)(\n?<!-- end -->)", re.DOTALL)
    for page in sorted((ROOT / "docs").glob("*.md")):
        text = page.read_text(encoding="utf-8")

        def replace(match):
            name = match[2]
            found.add(name)
            right = table(name, match[3])
            if right != match[3]:
                wrong.append(f"{page.name}: the table {name} is out of date")
            if any(MISSING in cells(line) for line in right.splitlines()):
                wrong.append(f"{page.name}: the table {name} has rows to complete, marked {MISSING}")
            return match[1] + right + "\n<!-- end -->"

        new = region.sub(replace, text)
        if write and new != text:
            page.write_text(new, encoding="utf-8")
    wrong += [f"no page has the table {name}" for name in TABLES.keys() - found]
    guide = ROOT / "docs/adding-an-institution.md"
    told = set(re.findall(r"`(\w+)`", guide.read_text(encoding="utf-8")))
    labels = schemas()["Label"]["enum"]
    wrong += [f"{guide.name}: the label {label} is missing" for label in labels if label not in told]
    if write:
        wrong = [each for each in wrong if "out of date" not in each]
    if wrong:
        wrong.append("python3 infra/dev/docs/tables.py --write writes them")
        sys.exit("\n".join(f"tables: {each}" for each in wrong))
    print(f"tables: {len(TABLES)} tables are true")


if __name__ == "__main__":
    main()
