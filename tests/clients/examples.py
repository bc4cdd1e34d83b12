"""Runs every example of docs/examples against the service at DAFTARI_URL.

    DAFTARI_URL=… python3 tests/clients/examples.py FOLDER

FOLDER is for what they leave behind. Without Java, the example in Kotlin is skipped with a loud message.
"""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs/examples"
API = os.environ["DAFTARI_URL"]
LOGIN = {"EMAIL": "demo@daftari.example", "PASSWORD": "demo-password-2021"}
# Variables that the examples read.
UNSET = {"EMAIL", "PASSWORD", "TOKEN", "USER_TOKEN"}
# The backends: name, command, and exit code of wrong usage.
BACKENDS = [
    ("python/backend.py", ["python3", EXAMPLES / "python/backend.py"], 1),
    ("typescript/backend.ts", ["node", EXAMPLES / "typescript/backend.ts"], 2),
]
SECONDS = 300
MESSAGES = [
    ("MPESA", "2026-02-02T09:00:00Z", "UB221TX7QB Confirmed. Ksh12,000.00 sent to MARY WANJIKU 0722000111 on 2/2/26 at "
     "12:00 PM. New M-PESA balance is Ksh26,343.00. Transaction cost, Ksh107.00."),
    ("TALA", "2026-02-05T08:00:00Z", "Dear Asha, KES 8,000 has been disbursed to your mobile wallet for loan LN-2044. "
     "Repay by 7 Mar 2026. -TALA"),
    ("TALA", "2026-03-16T07:00:00Z", "Dear Asha, payment of KES 2,200 received for loan LN-2044. Outstanding balance: "
     "KES 7,000. Thank you! -TALA"),
]
# What both backends print, the second time with the messages known.
REPORT = "money held: KES 26343.0\nloan at tala_ke: open, 7000.0 owed, late for 0 days\n"


def run(command, code=0, **variables):
    """What a command prints. Fails unless it ends with the code."""
    done = subprocess.run(command, env={**os.environ, **variables}, stdout=subprocess.PIPE, text=True, timeout=SECONDS)
    if done.returncode != code:
        sys.exit(f"examples: exit code {done.returncode}, not {code}: {command}\n{done.stdout}")
    return done.stdout


def complaint(command, code, **variables):
    """The one line that a command prints to standard error. Fails unless it ends with the code and prints one."""
    environment = {name: value for name, value in os.environ.items() if name not in UNSET}
    done = subprocess.run(
        command, env={**environment, **variables}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        timeout=SECONDS,
    )
    lines = done.stderr.splitlines()
    if done.returncode != code or len(lines) != 1:
        sys.exit(f"examples: exit code {done.returncode}, not {code}, with one line: {command}\n{done.stderr}")
    return lines[0]


def complaints(folder):
    """Mistakes are told in one line, and each fault of a request once."""
    empty, wrong = folder / "empty.json", folder / "wrong.json"
    empty.write_text('{"messages": []}', encoding="utf-8")
    wrong.write_text("{", encoding="utf-8")
    for name, command, usage_code in BACKENDS:
        for code, words, arguments, variables in [
            (usage_code, "usage: EMAIL=… PASSWORD=…", [API, "254700000021", empty], {}),
            (usage_code, "usage: EMAIL=… PASSWORD=…", [API], LOGIN),
            (1, "is not a batch of messages", [API, "254700000021", wrong], LOGIN),
            (1, "refused: /phone_number ", [API, "0700", empty], LOGIN),
        ]:
            line = complaint([*command, *arguments], code, **variables)
            if words not in line or line.count("phone_number") > 1:
                sys.exit(f"examples: {name} says {line!r}, not {words!r}")
    command = ["python3", EXAMPLES / "python/decide.py", API, "958a5ae8-f3a3-41d5-ae48-177fdc19e3f4"]
    for words, token in [("TOKEN is not set", ""), ("Not authenticated: ", "x")]:
        line = complaint(command, 1, TOKEN=token)
        if not line.startswith(words):
            sys.exit(f"examples: decide.py says {line!r}, not {words!r}")
    print("examples: mistakes are told in one line")


def call(method, path, body=None, token=None):
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(API + path, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read() or b"null")


def same(got, wanted, example):
    if got != wanted:
        sys.exit(f"examples: {example} prints\n{got}\nnot\n{wanted}")
    print(f"examples: {example} works")


def forget(token, number):
    """Erases the user of a number, if an earlier run left one."""
    for user in call("GET", f"/users?phone_number={number}", token=token)["users"]:
        call("DELETE", f"/users/{user['uuid']}", token=token)


def sign_in(environment):
    body = {"email": LOGIN["EMAIL"], "password": LOGIN["PASSWORD"], "environment": environment}
    return call("POST", "/auth", body)["access_token"]


def backends(folder):
    token = sign_in("test")
    file = folder / "messages.json"
    rows = [{"sender": sender, "received_at": at, "body": body} for sender, at, body in MESSAGES]
    file.write_text(json.dumps({"messages": rows}), encoding="utf-8")
    for number, (name, command, _) in enumerate(BACKENDS):
        phone = f"25479955504{number}"
        forget(token, phone)
        command = [*command, API, phone, file]
        first, second = run(command, **LOGIN), run(command, **LOGIN)
        printed = (first + second).replace(".00\n", ".0\n").replace(".00 owed", ".0 owed")
        wanted = "3 recorded, 0 known, 0 not understood\n" + REPORT + "0 recorded, 3 known, 0 not understood\n" + REPORT
        same(printed, wanted, name)


def phone(folder):
    """The app without a network, then with one. Then with a message that the service refuses."""
    if not shutil.which("java"):
        print("\n##### THE EXAMPLE IN KOTLIN IS SKIPPED: no 'java' on the PATH. #####", file=sys.stderr)
        return
    jars = next((ROOT / ".tools/kotlin").glob("lib/python3*/site-packages/run_kotlin_kernel/jars"))
    [compiler], [library] = jars.glob("kotlin-jupyter-kernel-*-all.jar"), jars.glob("kotlin-stdlib-[0-9]*.jar")
    java = ["java", "-XX:TieredStopAtLevel=1"]
    app = folder / "phone.jar"
    run([*java, "-cp", f"{compiler}:{library}", "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler", "-no-stdlib", "-no-reflect",
         "-Werror", "-jvm-target", "11", "-cp", library, "-d", app, EXAMPLES / "kotlin/Phone.kt"])

    usage = complaint([*java, "-cp", f"{app}:{library}", "PhoneKt", API], 2)
    if not usage.startswith("usage: USER_TOKEN=…"):
        sys.exit(f"examples: kotlin/Phone.kt says {usage!r}")
    token = sign_in("test")
    forget(token, "254799555042")
    user = call("POST", "/users", {"phone_number": "254799555042"}, token)["uuid"]
    user_token = call("POST", "/auth/user-token", {"user_uuid": user}, token)["access_token"]
    inbox = folder / "inbox.tsv"
    stamps = [1770022800000, 1770278400000, 1773644400000]
    lines = [f"{sender}\t{at}\t{body}\n" for (sender, _, body), at in zip(MESSAGES, stamps)]
    inbox.write_text("".join(lines), "utf-8")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = taken.getsockname()[1]
    start = [*java, "-cp", f"{app}:{library}", "PhoneKt"]
    queue = folder / "queue"

    printed = run([*start, f"http://127.0.0.1:{closed}", user, queue, inbox], code=3, USER_TOKEN=user_token)
    printed += run([*start, API, user, queue], code=1, USER_TOKEN="expired")
    printed += run([*start, API, user, queue], USER_TOKEN=user_token)
    # A batch that is refused because of one message does not stop the others.
    with queue.open("a", encoding="utf-8") as file:
        file.write('{"sender":"cut off by a power fail\n{"malformed":}\n')
    inbox.write_text(f"KCB\t1773644500000\tYour code is 401882 \\ \"secret\" \U0001f600\n", "utf-8")
    printed += run([*start, API, user, queue, inbox], USER_TOKEN=user_token)
    wanted = "LATER, 3 in the queue\nNEW_TOKEN, 3 in the queue\nSENT, 0 in the queue\nSENT, 0 in the queue\n"
    same(printed, wanted, "kotlin/Phone.kt")
    records = call("GET", f"/users/{user}/ledger", token=token)["records"]
    if [record["amount"] for record in records] != [2200.0, 8000.0, 12000.0]:
        sys.exit(f"examples: the phone's ledger is {records}")


def main():
    folder = pathlib.Path(sys.argv[1])
    backends(folder)
    complaints(folder)
    phone(folder)


if __name__ == "__main__":
    main()
