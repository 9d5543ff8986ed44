from bench.figure import Row
from bench.report import Report, goal, shown


def test_a_target_is_reached_from_the_better_side() -> None:
    assert Row("weiketang", "x", 1.4, "s", 1.5).met is True
    assert Row("weiketang", "x", 1.6, "s", 1.5).met is False
    assert Row("weiketang", "x", 0.7, "", 0.6, "higher").met is True
    assert Row("weiketang", "x", 0.5, "", 0.6, "higher").met is False
    assert Row("nginx-rtmp", "x", 99.0, "s").met is None


def test_a_report_is_clean_only_if_all_was_measured_and_reached() -> None:
    reached = {"cpu": [Row("weiketang", "x", 1.0, "s", 1.5), Row("nginx-rtmp", "x", 9.0, "s")]}
    assert Report({}, quick=False, rows=reached).clean
    assert not Report({}, quick=False, rows={"cpu": [Row("weiketang", "x", 2.0, "s", 1.5)]}).clean
    assert not Report({}, quick=False, rows=reached, failures={"serve": "wrk is not installed"}).clean


def test_values_are_shown_with_as_many_digits_as_they_carry() -> None:
    assert shown(7300.4, "ms") == "7300 ms"
    assert shown(0.4423, "s/min") == "0.44 s/min"
    assert shown(0.0, "") == "0"
    assert goal(Row("weiketang", "x", 1.0, "", 0.6, "higher")) == "≥ 0.60"


def test_the_json_says_what_was_reached() -> None:
    figures = Report({}, quick=True, rows={"cpu": [Row("weiketang", "x", 1.0, "s", 1.5)]}).as_json()[
        "figures"
    ]
    assert isinstance(figures, dict)
    assert figures["cpu"][0]["met"] is True
