"""The functions of the service, from infra/functions.json, which is made from the route table.

Run by itself, it prints the name of each function on a line.
"""

import json
import pathlib

LIST = pathlib.Path(__file__).resolve().parents[1] / "functions.json"


def names(**wanted):
    """The names of all functions, or of those with these properties: `names(requests=False)`."""
    listed = json.loads(LIST.read_text(encoding="utf-8"))
    return [each["name"] for each in listed if all(each[name] == value for name, value in wanted.items())]


if __name__ == "__main__":
    print("\n".join(names()))
