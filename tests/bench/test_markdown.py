from bench.figure import Row
from bench.markdown import page
from bench.report import Report


def report(**rows: list[Row]) -> dict[str, object]:
    return Report({}, quick=False, rows=rows).as_json()


def test_each_figure_becomes_a_table_with_its_verdicts() -> None:
    text = page(
        [report(cpu=[Row("weiketang", "CPU", 1.2, "s/min", 1.5), Row("nginx-rtmp", "CPU", 0.44, "s/min")])]
    )
    assert "| weiketang | CPU | 1.20 s/min | ≤ 1.50 s/min | reached |" in text
    assert "| nginx-rtmp | CPU | 0.44 s/min |  |  |" in text


def test_a_later_file_replaces_a_figure_and_the_order_is_that_of_the_figures() -> None:
    first = report(
        soak=[Row("weiketang", "drift", 9.0, "MiB", 14.3)], cpu=[Row("weiketang", "CPU", 9.9, "s/min", 1.5)]
    )
    text = page([first, report(cpu=[Row("weiketang", "CPU", 1.0, "s/min", 1.5)])])
    assert "9.90" not in text
    assert text.index("CPU") < text.index("drift")
    assert "**missed**" not in text
