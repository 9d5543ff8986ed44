"""What a beacon may claim."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from audience.counting.credit import Credit

NOW = datetime(2026, 11, 24, 7, tzinfo=UTC)
ALLOWANCE = 60


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_what_was_played_before_the_server_first_heard_of_it_is_allowed_once() -> None:
    credit = Credit.opened(NOW, ALLOWANCE)
    assert credit.spend(60_000, NOW, ALLOWANCE)
    assert not credit.spend(1, NOW, ALLOWANCE)


def test_an_hour_of_media_in_a_quarter_of_a_minute_is_refused() -> None:
    credit = Credit.opened(NOW, ALLOWANCE)
    assert not credit.spend(3_600_000, later(15), ALLOWANCE)


def test_a_refused_claim_costs_the_next_one_nothing() -> None:
    credit = Credit.opened(NOW, ALLOWANCE)
    assert not credit.spend(3_600_000, later(15), ALLOWANCE)
    assert credit.spend(15_000, later(15), ALLOWANCE)


def test_a_viewer_at_double_speed_is_never_refused() -> None:
    credit = Credit.opened(NOW, ALLOWANCE)
    assert all(credit.spend(30_000, later(15 * step), ALLOWANCE) for step in range(1, 200))


def test_a_pause_of_a_day_allows_no_more_than_that_day_at_full_speed() -> None:
    credit = Credit.opened(NOW, ALLOWANCE)
    assert credit.spend(round((86_400 * 2.2 + ALLOWANCE) * 1000), later(86_400), ALLOWANCE)
    assert not credit.spend(100, later(86_400), ALLOWANCE)


def test_a_clock_that_goes_back_gives_nothing_and_takes_nothing() -> None:
    credit = Credit.opened(NOW, ALLOWANCE)
    assert credit.spend(10_000, later(-3600), ALLOWANCE)
    assert credit.at == NOW


@given(st.lists(st.tuples(st.floats(0, 120), st.integers(0, 400_000)), max_size=40))
def test_whatever_is_claimed_no_more_is_taken_than_time_has_passed_for(
    claims: list[tuple[float, int]],
) -> None:
    credit, clock, taken = Credit.opened(NOW, ALLOWANCE), 0.0, 0
    for wait, claim in claims:
        clock += wait
        if credit.spend(claim, later(clock), ALLOWANCE):
            taken += claim
    assert taken <= (ALLOWANCE + clock * 2.2) * 1000 + 1
