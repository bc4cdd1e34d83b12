"""A second DynamoDB engine for the tests: moto, where each function has exactly the permissions of its template policy.

    server.py --template infra/template.yaml --folder FOLDER

Serves on a free port of 127.0.0.1 until SIGTERM or SIGINT. Writes to FOLDER first `credentials.json`, then `endpoint`;
at the end, `usage.json`, for compare.py.
"""

import argparse
import json
import logging
import os
import signal
import sys
import threading
from pathlib import Path

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import make_server

from compare import usage_of
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
    for change in ("added", "removed"):
        parser.add_argument(f"--{change}", type=pair, action="append", default=[], metavar="FUNCTION=ACTION",
                            help=f"pretend that an action was {change}, to see that it is noticed")
    arguments = parser.parse_args()
    try:
        text = arguments.template.read_text(encoding="utf-8")
        application = Application(Template(text, arguments.added, arguments.removed))
    except (OSError, TemplateError) as error:
        sys.exit(f"moto: {arguments.template}: {error}")
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    server = serve(application)
    write(arguments.folder / "credentials.json", json.dumps(application.credentials))
    write(arguments.folder / "endpoint", f"http://127.0.0.1:{server.port}")
    stopped.wait()
    server.shutdown()
    write(arguments.folder / "usage.json", json.dumps(usage_of(application), indent=1))


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
