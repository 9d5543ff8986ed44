import pytest

from bench.process import StartError
from bench.wrk import Rate, parse

CLEAN = "  2 requests in 2.10s, 1.00MB read\nRequests/sec:   5795.31\nTransfer/sec:      2.70GB\n"
FAILING = (
    "  Socket errors: connect 1, read 2, write 0, timeout 3\n"
    "  Non-2xx or 3xx responses: 40\n"
    "Requests/sec:    100.00\n"
)


def test_a_clean_report_gives_the_rate() -> None:
    assert parse(CLEAN) == Rate(5795.31, 0)


def test_socket_errors_and_refusals_are_failures() -> None:
    assert parse(FAILING) == Rate(100.0, 46)


def test_a_report_without_a_rate_is_an_error() -> None:
    with pytest.raises(StartError, match="unable to connect"):
        parse("unable to connect to 127.0.0.1:9")
