from pathlib import Path

import pytest

from bench.__main__ import chosen
from bench.figures import FIGURES

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"


@pytest.mark.parametrize("name", FIGURES)
def test_the_page_tells_how_each_figure_is_measured(name: str) -> None:
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    assert any(line.startswith(f"| {name.partition('-')[0]} |") for line in rows)


def test_a_name_means_a_figure_and_its_variants_in_their_order() -> None:
    assert chosen(["cpu", "latency"]) == ["latency", "latency-page", "latency-rung", "latency-plain", "cpu"]
    assert chosen(["latency-rung"]) == ["latency-rung"]
    assert chosen(["lat"]) == []
