"""Checks Cargo.lock against deny.toml. CI checks the rest with `cargo deny check`."""

import tomllib

from template import ROOT


def read(name):
    return tomllib.loads((ROOT / name).read_text(encoding="utf-8"))


def test_no_crate_is_there_that_is_banned():
    banned = {each["crate"] for each in read("deny.toml")["bans"]["deny"]}
    # aws-lc would gather CPU-jitter entropy at the start of every function.
    assert {"aws-lc-rs", "aws-lc-sys", "openssl-sys"} <= banned
    assert {each["name"] for each in read("Cargo.lock")["package"]} & banned == set()


def test_every_crate_is_of_this_workspace_or_from_crates_io():
    allowed = {f"registry+{url}" for url in read("deny.toml")["sources"]["allow-registry"]}
    assert {each["source"] for each in read("Cargo.lock")["package"] if "source" in each} == allowed
