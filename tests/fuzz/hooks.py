"""Skips cases that never reach a function in this set-up."""

import schemathesis


@schemathesis.hook
def filter_case(context, case):
    # `cargo lambda watch` itself answers 500 to a body that is not UTF-8. The functions' answer to such bodies is
    # tested in process (tests/tests/api/ingest.rs).
    if isinstance(case.body, bytes):
        try:
            case.body.decode()
        except UnicodeDecodeError:
            return False
    return True
