"""Runs every example of docs/examples against the service at DAFTARI_URL.

    DAFTARI_URL=… python3 tests/clients/examples.py FOLDER

The programs write into FOLDER. Without Java, the example in Kotlin is skipped with a loud message, which is a
failure in CI.
"""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import urllib.request

from pretend import pretended

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs/examples"
API = os.environ["DAFTARI_URL"]
LOGIN = {"EMAIL": "demo@daftari.example", "PASSWORD": "demo-password-2021"}
SECONDS = 300
MESSAGES = EXAMPLES / "messages.json"
BATCH = json.loads(MESSAGES.read_text(encoding="utf-8"))["messages"]
# The output of both backends. The second one already knows the messages.
REPORT = "money held: KES 26343.00\nloan at tala_ke: open, 7000.00 owed, late for 0 days\n"


def run(command, code=0, **variables):
    """The output of a command. Fails unless it ends with the code."""
    done = subprocess.run(command, env={**os.environ, **variables}, stdout=subprocess.PIPE, text=True, timeout=SECONDS)
    if done.returncode != code:
        sys.exit(f"examples: exit code {done.returncode}, not {code}: {command}\n{done.stdout}")
    return done.stdout


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


def backends():
    token = sign_in("test")
    programs = {
        "python/backend.py": ["python3", EXAMPLES / "python/backend.py"],
        "typescript/backend.ts": ["node", EXAMPLES / "typescript/backend.ts"],
    }
    for number, (name, command) in enumerate(programs.items()):
        phone = f"25479955504{number}"
        forget(token, phone)
        command = [*command, API, phone, MESSAGES]
        first, second = run(command, **LOGIN), run(command, **LOGIN)
        printed = first + second
        rest = f"0 not understood, 0 with nothing to record\n{REPORT}"
        wanted = f"3 recorded, 0 known, {rest}0 recorded, 3 known, {rest}"
        same(printed, wanted, name)


def phone(folder):
    if not shutil.which("java"):
        print("\n##### THE EXAMPLE IN KOTLIN IS SKIPPED: no 'java' on the PATH. #####", file=sys.stderr)
        if os.environ.get("CI"):
            sys.exit(1)
        return
    jars = next((ROOT / ".tools/kotlin").glob("lib/python3*/site-packages/run_kotlin_kernel/jars"))
    [compiler], [library] = jars.glob("kotlin-jupyter-kernel-*-all.jar"), jars.glob("kotlin-stdlib-[0-9]*.jar")
    java = ["java", "-XX:TieredStopAtLevel=1"]
    app = folder / "phone.jar"
    run([*java, "-cp", f"{compiler}:{library}", "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler", "-no-stdlib",
         "-no-reflect", "-Werror", "-jvm-target", "11", "-cp", library, "-d", app, EXAMPLES / "kotlin/Phone.kt"])
    start = [*java, "-cp", f"{app}:{library}", "PhoneKt"]
    phone_and_service(folder / "phone", start)
    phone_and_refusals(folder / "refused", start)


def phone_and_service(folder, start):
    """The app without a network, without a token, and with both. Then with messages that the service rejects."""
    token = sign_in("test")
    forget(token, "254799555042")
    user = call("POST", "/users", {"phone_number": "254799555042"}, token)["uuid"]
    folder.mkdir()
    inbox = folder / "inbox.tsv"
    stamps = [1770022800000, 1770278400000, 1773644400000]
    lines = [f"{message['sender']}\t{at}\t{message['body']}\n" for message, at in zip(BATCH, stamps)]
    inbox.write_text("".join(lines), "utf-8")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = f"http://127.0.0.1:{taken.getsockname()[1]}"

    def backend(method, path, headers, body):
        """The lender's backend: issues a token to the phone of this session."""
        if headers["Authorization"] != "Bearer session-of-the-phone":
            return 403, "who is that?"
        return 200, call("POST", "/auth/user-token", {"user_uuid": user}, token)["access_token"]

    with pretended(backend) as address:
        known = {"BACKEND": address, "SESSION": "session-of-the-phone"}
        printed = run([*start, closed, user, folder, inbox], code=3, **known)
        printed += run([*start, API, user, folder], code=1, BACKEND=closed, SESSION="")
        (folder / "token").write_text("expired", "utf-8")
        printed += run([*start, API, user, folder], code=1, BACKEND=address, SESSION="somebody else")
        printed += run([*start, API, user, folder], **known)
        # A rejected message does not stop the others of its batch. One message is unrecognized, and one is in the
        # future.
        with (folder / "queue").open("a", encoding="utf-8") as file:
            file.write('{"sender":"cut off by a power fail\n{"malformed":}\n')
        inbox.write_text(
            "KCB\t1773644500000\tYour code is 401882 \\ \"secret\" \U0001f600\n"
            "MPESA\t1773644600000\tKsh500.00 moved out of your account in a new way. Balance Ksh1.00\n"
            f"MPESA\t4102444800000\t{BATCH[0]['body']}\n", "utf-8")
        printed += run([*start, API, user, folder, inbox], **known)
        # A later version of the reader may read it.
        unread_by = folder / "unread-by"
        unread_by.write_text(str(int(unread_by.read_text("utf-8")) - 1), "utf-8")
        inbox.write_text(lines[0], "utf-8")
        printed += run([*start, API, user, folder, inbox], **known)
        printed += run([*start, API, user, folder], **known)
    wanted = """\
LATER, 3 in the queue, 0 recorded, 0 known, 0 not understood, rejected {}
NEW_TOKEN, 3 in the queue, 0 recorded, 0 known, 0 not understood, rejected {}
NEW_TOKEN, 3 in the queue, 0 recorded, 0 known, 0 not understood, rejected {}
SENT, 0 in the queue, 3 recorded, 0 known, 0 not understood, rejected {}
SENT, 0 in the queue, 0 recorded, 0 known, 1 not understood, rejected {status_400=1, timestamp_in_future=1}
SEND_HISTORY, 0 in the queue, 0 recorded, 1 known, 0 not understood, rejected {}
SENT, 0 in the queue, 0 recorded, 0 known, 0 not understood, rejected {}
"""
    same(printed, wanted, "kotlin/Phone.kt, with the service,")
    records = call("GET", f"/users/{user}/ledger", token=token)["records"]
    if [record["amount"] for record in records] != [2200.0, 8000.0, 12000.0]:
        sys.exit(f"examples: the phone's ledger is {records}")


def phone_and_refusals(folder, start):
    """Answers that the real service does not give on demand. Only a faulty message is dropped."""
    queue = folder / "queue"
    folder.mkdir()
    known = {"BACKEND": "http://127.0.0.1:1", "SESSION": ""}
    printed = ""
    no_user = {"code": "not_found", "detail": "no such user"}
    refusals = [(404, "<html>"), (404, {"message": "Not Found"}), (404, no_user), (405, ""), (422, {}), (413, "")]
    for status, body in refusals:
        queue.write_text('{"a":1}\n{"a":2}\n{"a":3}\n', "utf-8")
        with pretended(lambda *_: (status, body)) as api:
            printed += run([*start, api, "user", folder], code=0 if status == 413 else 1, **known)
    # The second of three messages is too large.
    queue.write_text('{"a":1}\n{"a":2}\n{"a":3}\n', "utf-8")
    fits = {"recorded": 1, "duplicates": 0, "unrecognized": 0, "reader": 4, "rejected": []}
    with pretended(lambda _, path, headers, sent: (413, "") if {"a": 2} in sent["messages"] else (200, fits)) as api:
        printed += run([*start, api, "user", folder], **known)
    counts = "0 recorded, 0 known, 0 not understood"
    outcomes = ["BROKEN", "BROKEN", "STOP", "BROKEN", "BROKEN"]
    kept = [f"{outcome}, 3 in the queue, {counts}, rejected {{}}\n" for outcome in outcomes]
    dropped = [f"SENT, 0 in the queue, {counts}, rejected {{status_413=3}}\n",
               "SENT, 0 in the queue, 2 recorded, 0 known, 0 not understood, rejected {status_413=1}\n"]
    same(printed, "".join(kept + dropped), "kotlin/Phone.kt, with refusals,")


def main():
    folder = pathlib.Path(sys.argv[1])
    backends()
    phone(folder)


if __name__ == "__main__":
    main()
