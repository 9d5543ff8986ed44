"""The player's pure rules, run by node."""

from pathlib import Path

import pytest

from tests.support.node import assert_cases_pass

CASES = sorted(Path(__file__).parent.rglob("*.test.mjs"))


@pytest.mark.parametrize("cases", CASES, ids=lambda path: path.name.removesuffix(".test.mjs"))
def test_the_rules_of_a_module_hold(cases: Path) -> None:
    assert_cases_pass(cases)


def test_there_are_cases() -> None:
    assert len(CASES) >= 7
