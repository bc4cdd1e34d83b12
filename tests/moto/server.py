"""A second DynamoDB engine for the tests: moto, where each function has exactly the permissions of its template policy.

    server.py --template infra/template.yaml --folder FOLDER [--engines N]

Serves on free ports of 127.0.0.1 until SIGTERM or SIGINT. An engine is one process, which computes on one processor:
several engines with the same credentials share the tests, and a table is on one of them. Writes to FOLDER first
`credentials.json`, then `endpoints`, a line each; at the end, `usage.json` of all engines, for compare.py.
"""

import argparse
import json
import logging
import multiprocessing
import os
import signal
import sys
import threading
from pathlib import Path

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import make_server

from compare import total, usage_of
from enforcement import Application
from template import ACTIONS, Template, TemplateError


def serve(application, port=0):
    """Serves an application in its own threads until it is shut down."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", port, application, threaded=True, request_handler=MotoRequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--template", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--engines", type=int, default=1, help="processes that serve (default: 1)")
    for change in ("added", "removed"):
        parser.add_argument(f"--{change}", type=pair, action="append", default=[], metavar="FUNCTION=ACTION",
                            help=f"pretend that an action was {change}, to see that it is noticed")
    arguments = parser.parse_args()
    try:
        text = arguments.template.read_text(encoding="utf-8")
        application = Application(Template(text, arguments.added, arguments.removed))
    except (OSError, TemplateError) as error:
        sys.exit(f"moto: {arguments.template}: {error}")
    stop_on_signal = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop_on_signal.set())
    # Forked, so that all engines have the users and keys of the application.
    context = multiprocessing.get_context("fork")
    engines = []
    for _ in range(arguments.engines):
        here, there = context.Pipe()
        process = context.Process(target=engine, args=(application, there))
        process.start()
        engines.append((process, here))
    ports = [pipe.recv() for _, pipe in engines]
    write(arguments.folder / "credentials.json", json.dumps(application.credentials))
    write(arguments.folder / "endpoints", "".join(f"http://127.0.0.1:{port}\n" for port in ports))
    stop_on_signal.wait()
    for _, pipe in engines:
        pipe.send("stop")
    usages = [pipe.recv() for _, pipe in engines]
    for process, _ in engines:
        process.join()
    write(arguments.folder / "usage.json", json.dumps(total(usages), indent=1))


def engine(application, pipe):
    """Serves until a message in the pipe stops it. Sends its port first, and its usage last."""
    # Ctrl-C reaches the whole group of processes; the first process decides when to stop.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    first = os.getppid()
    server = serve(application)
    pipe.send(server.port)
    # Also stops if the first process was killed.
    while not pipe.poll(1) and os.getppid() == first:
        pass
    server.shutdown()
    pipe.send(usage_of(application))


def pair(text):
    """Parses FUNCTION=ACTION."""
    function, _, action = text.partition("=")
    if not action.startswith(ACTIONS):
        raise argparse.ArgumentTypeError(f"{text} is not of the form users=dynamodb:GetItem")
    return function, action


def write(path, text):
    """Writes a file atomically."""
    new = path.with_suffix(".new")
    with open(os.open(new, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    new.replace(path)


if __name__ == "__main__":
    main()
