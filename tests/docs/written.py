"""Tests that a site with missing pages fails, with the cause. Run by tests/docs/run.sh.

    .tools/site/bin/python tests/docs/written.py
"""

import pathlib
import sys
import tempfile
import unittest
from unittest import mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "infra/dev/docs"))

import build


class Written(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        work = pathlib.Path(folder.name)
        self.html = work / "html"
        (self.html / "examples").mkdir(parents=True)
        self.enterContext(mock.patch.object(build, "WORK", work))
        places = ["API.md", "README.md", "examples/README.md", "images/console.png"]
        self.known = {pathlib.Path(place): pathlib.Path(place) for place in places}

    def write(self, *pages):
        for page in pages:
            (self.html / page).write_text("<html>", encoding="utf-8")

    def test_a_whole_site_passes(self):
        self.write("API.html", "index.html", "examples/index.html")
        build.check_written(self.known)

    def test_a_missing_page_fails_and_is_named(self):
        self.write("index.html", "examples/index.html")
        with self.assertRaisesRegex(SystemExit, "1 of 3 pages are missing, such as API.html"):
            build.check_written(self.known)

    def test_a_used_up_limit_is_named_with_its_cure(self):
        with mock.patch.object(build, "can_watch", return_value=False):
            with self.assertRaisesRegex(SystemExit, "3 of 3 .* sudo sysctl fs.inotify.max_user_instances="):
                build.check_written(self.known)


if __name__ == "__main__":
    unittest.main()
