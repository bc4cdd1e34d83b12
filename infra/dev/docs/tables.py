"""The tables of the pages that repeat the source: checks them, or writes them.

    python3 infra/dev/docs/tables.py            checks; what `make test-docs` runs
    python3 infra/dev/docs/tables.py --write    writes them

A table stands between `<!-- made: NAME -->` and `<!-- end -->`. Its sources are docs/openapi.json,
shared/domain/src/reports/tests/loan_events.txt and the documentation of shared/domain/src/insights/affordability/. Some
tables have a last column that is written by hand; it is kept. (A test makes the tables of codes in errors.md,
tests/tests/openapi.) Exit codes: 0 the pages are true, 1 they are not.
"""

import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
EVENTS = ROOT / "shared/domain/src/reports/tests/loan_events.txt"
AFFORDABILITY = ROOT / "shared/domain/src/insights/affordability"
# Stands where somebody must write.
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
# Fields whose own fields have rows too.
OPENED = {"DepositoryAccount", "LoanAccount", "StatusReason", "LateEpisode", "Tradeline"}


def name_of(schema):
    """The name of the schema that a field refers to, if any."""
    for candidate in (schema, *schema.get("oneOf", [])):
        if "$ref" in candidate:
            return candidate["$ref"].rpartition("/")[2]
    return None


def type_of(schema):
    """The type of a field for people: the JSON type, `null` if it may be."""
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
    """A row for each field of a schema, and of the schemas within that are opened."""
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

# Column titles: a loan as the first event leaves it.
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


# ---- affordability


def documented(path):
    """The rows of the table in the documentation of a Rust module, without its links to other modules."""
    lines = [line[4:] for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("//! |")]
    return [cells(re.sub(r" \(\[`\w+`\]\([\w:]+\)\)", "", line)) for line in lines[2:]]


def snake(name):
    """The name of a Rust variant as JSON has it."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def effects():
    """The effect of each code of a reason that `ReasonCode::effect` names, and of all others."""
    text = (AFFORDABILITY / "reason.rs").read_text(encoding="utf-8")
    arms = re.search(r"fn effect\(.*?match self \{(.*?)^        \}", text, re.MULTILINE | re.DOTALL)[1]
    found = {}
    for codes_, effect in re.findall(r"((?:Self::\w+[\s|]*)+|_) => ReasonEffect::(\w+),", arms):
        for code in re.findall(r"Self::(\w+)", codes_) or [None]:
            found[code and snake(code).upper()] = snake(effect)
    return found


def reasons():
    known = effects()
    documentation = documented(AFFORDABILITY / "reasons.rs")
    rows = [(code, when, limit, f"`{known.get(code, known[None])}`") for code, when, _, limit in documentation]
    in_use = [code for code, *_ in rows]
    if in_use != schemas()["AffordabilityReasonCode"]["enum"] or not known.keys() - {None} <= set(in_use):
        sys.exit("tables: reasons.rs documents other codes than docs/openapi.json has, or in another order")
    return ("code", "when", "limit", "effect"), [(f"`{code}`", *rest) for code, *rest in rows], None


def loan_request():
    properties = schemas()["AffordabilityRequest"]["properties"]
    rows = documented(AFFORDABILITY / "request.rs")
    if {field for field, *_ in rows} != properties.keys():
        sys.exit("tables: request.rs documents other fields than docs/openapi.json has")
    # The descriptions repeat the defaults.
    meanings = {field: re.sub(r"[;.] [Ll]eft out, .*$", ".", meaning_of(properties[field])) for field in properties}
    return (
        ("field", "meaning", "values", "default"),
        [(f"`{field}`", meanings[field], values, default) for field, values, default in rows],
        None,
    )


def words(name, title):
    """The values of an enum with their meanings."""
    schema = schemas()[name]
    meanings = dict(re.findall(r"^- `(\w+)`: (.+)$", schema["description"], re.MULTILINE))
    return (title, "meaning"), [(f"`{word}`", meanings[word]) for word in schema["enum"]], None


def reason_effects():
    return words("AffordabilityReasonEffect", "effect")


# ---- messages


def not_financial():
    return words("NotFinancialCode", "code")


TABLES = {
    "loan-request": loan_request,
    "reasons": reasons,
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
    """The table as it must be. Columns that are written by hand come from the present one."""
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
