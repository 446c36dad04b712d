"""The fault table names tests that exist."""

import re

import pytest

from tests.faults.tested import TESTED, TESTS, Covered


@pytest.mark.parametrize("row", TESTED, ids=lambda row: row.number)
def test_the_tests_of_a_fault_exist(row: Covered) -> None:
    for name in row.tests.split():
        file, *parts = name.split("::")
        source = (TESTS / file).read_text(encoding="utf-8")
        for part in parts:
            assert re.search(rf"^ *(def|class) {part}\b", source, re.MULTILINE), name
