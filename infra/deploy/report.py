"""The operator's output: progress on standard output, and one message on standard error after a failure."""

import datetime
import sys


class Failure(Exception):
    """An error message for the operator. Exit code 1: failed; 2: usage error."""

    def __init__(self, message, code=1):
        super().__init__(message)
        self.code = code


def say(text):
    print(text, flush=True)


def step(text):
    print(f"== {datetime.datetime.now():%H:%M:%S} {text}", flush=True)


def flag(environment, name):
    """A switch: 1 is on; 0, empty and unset are off."""
    value = environment.get(name, "")
    if value not in ("", "0", "1"):
        raise Failure(f"{name} must be 1 or 0, not {value!r}", code=2)
    return value == "1"


def confirmed(question, expected, given):
    """Whether the operator typed `expected`. `given` is an answer passed in advance, if there is no terminal."""
    if given is None:
        if not sys.stdin.isatty():
            return False
        given = input(question)
    return given.strip() == expected


def run_main(main):
    """Runs a script's `main`. Turns a Failure into a message and an exit code."""
    try:
        sys.exit(main() or 0)
    except Failure as failure:
        print(f"\nfailed: {failure}", file=sys.stderr, flush=True)
        sys.exit(failure.code)
    except KeyboardInterrupt:
        print("\nstopped by the keyboard", file=sys.stderr, flush=True)
        sys.exit(130)
