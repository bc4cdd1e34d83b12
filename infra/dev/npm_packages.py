"""The npm packages of the console's page, from its lock file."""

import base64
import json
from dataclasses import dataclass, field
from pathlib import Path

LOCK = Path(__file__).resolve().parents[2] / "functions/console/web/package-lock.json"
NODE_MODULES = "node_modules/"


@dataclass(frozen=True)
class Package:
    """A package at one version."""

    # With the scope, such as @preact/signals.
    name: str
    version: str
    # An SPDX expression; empty if the lock file has none.
    license: str
    # SHA-512 of the archive, in hexadecimal digits; empty if the lock file has none.
    sha512: str
    # False for packages that only build or test the page.
    is_shipped: bool
    # Keys of other packages.
    needs: tuple = field(default=())

    @property
    def key(self):
        return f"{self.name}@{self.version}"


def found_from(path, name, packages):
    """The path at which a package at `path` finds another one: in its own folder, or in one above it. None for an
    optional one that the lock file leaves out."""
    while True:
        candidate = f"{path}/{NODE_MODULES}{name}".lstrip("/")
        if candidate in packages:
            return candidate
        if not path:
            return None
        path = path.rpartition(NODE_MODULES)[0].rstrip("/")


def sha512(integrity):
    algorithm, _, digest = integrity.partition("-")
    return base64.b64decode(digest).hex() if algorithm == "sha512" else ""


def named(path, entry):
    return entry.get("name", path.rpartition(NODE_MODULES)[2])


def read(lock):
    """The packages of a lock file of version 3, by key; and the keys of the page's direct dependencies."""
    packages = json.loads(lock)["packages"]
    key = lambda path: f"{named(path, packages[path])}@{packages[path]['version']}"

    def needs(path, kinds):
        wanted = {name for kind in kinds for name in packages[path].get(kind, {})}
        places = [found_from(path, name, packages) for name in wanted]
        return tuple(sorted({key(place) for place in places if place}))

    found = {}
    for path, entry in packages.items():
        if not path:
            continue
        dependencies = needs(path, ("dependencies", "optionalDependencies", "peerDependencies"))
        package = Package(
            name=named(path, entry),
            version=entry["version"],
            license=entry.get("license", ""),
            sha512=sha512(entry.get("integrity", "")),
            is_shipped=not (entry.get("dev") or entry.get("devOptional")),
            needs=dependencies,
        )
        other = found.get(package.key)
        # If a version is in two places, it is shipped if one of them is.
        if other is None or package.is_shipped:
            found[package.key] = package
    return found, needs("", ("dependencies", "devDependencies"))
