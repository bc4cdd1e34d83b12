"""The npm packages of the list of components (SBOM), by a lock file and by the console's own."""

import json
import re

import npm_packages

# Of SHA-512: 64 bytes.
INTEGRITY = "sha512-" + "AAEC" * 21 + "AA=="
LOCK = json.dumps({"lockfileVersion": 3, "packages": {
    "": {"dependencies": {"@ours/chart": "^1"}, "devDependencies": {"builder": "*"}},
    "node_modules/@ours/chart": {
        "version": "1.2.0", "license": "MIT", "integrity": INTEGRITY, "dependencies": {"scale": "^2"}
    },
    "node_modules/@ours/chart/node_modules/scale": {
        "version": "2.0.0", "license": "ISC", "peerDependencies": {"absent": "1"}
    },
    "node_modules/scale": {"version": "1.0.0", "dev": True},
    "node_modules/builder": {"version": "9.0.0", "dev": True, "dependencies": {"scale": "1"}},
    "node_modules/again": {"version": "3.0.0", "dev": True},
    "node_modules/builder/node_modules/again": {"version": "3.0.0"},
}})  # fmt: skip


def test_packages_are_read_with_what_they_need_where_they_find_it():
    packages, asked_for = npm_packages.read(LOCK)
    assert asked_for == ("@ours/chart@1.2.0", "builder@9.0.0")
    chart = packages["@ours/chart@1.2.0"]
    assert (chart.license, chart.is_shipped, chart.needs) == ("MIT", True, ("scale@2.0.0",))
    assert re.fullmatch("[0-9a-f]{128}", chart.sha512)
    assert packages["builder@9.0.0"].needs == ("scale@1.0.0",)
    assert packages["scale@2.0.0"].needs == ()
    shipped = {key for key, package in packages.items() if package.is_shipped}
    assert shipped == {"@ours/chart@1.2.0", "scale@2.0.0", "again@3.0.0"}


def test_everything_that_the_page_ships_is_listed_with_version_license_and_digest():
    packages, asked_for = npm_packages.read(npm_packages.LOCK.read_text())
    wanted = json.loads((npm_packages.LOCK.parent / "package.json").read_text())
    of = lambda kind: {f"{name}@{version}" for name, version in wanted[kind].items()}
    assert set(asked_for) == of("dependencies") | of("devDependencies")
    shipped = [package for package in packages.values() if package.is_shipped]
    assert of("dependencies") <= {package.key for package in shipped}
    assert all(package.license and package.sha512 for package in shipped)
    assert not any(packages[key].is_shipped for key in of("devDependencies"))
