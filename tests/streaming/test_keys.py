import re
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.keys import MalformedKey, parse_key, shortened, stream_key, verify

ID = UUID("00000000-0000-4000-8000-000000000001")
OTHER = UUID("00000000-0000-4000-8000-000000000002")
SECRET, OLDER = b"s" * 32, b"o" * 32
KEY = stream_key(SECRET, ID, "2026-11-2", 1)


def test_a_key_is_the_number_and_160_bits_in_lower_case_base32() -> None:
    assert re.fullmatch(r"2026-11-2-[a-z2-7]{32}", KEY)


def test_the_derivation_does_not_change_between_versions_of_the_program() -> None:
    """Keys that were handed out must go on working: this one was made by the first version."""
    assert KEY == "2026-11-2-dtzsusjxufy63hg4lhgsfe7lubvb7saw"


def test_the_right_key_is_accepted() -> None:
    assert verify(KEY, [SECRET], ID, "2026-11-2", 1)


@pytest.mark.parametrize("typed", [f"  {KEY}\n", KEY.upper()])
def test_blanks_and_capitals_do_not_matter(typed: str) -> None:
    assert verify(typed, [SECRET], ID, "2026-11-2", 1)


@pytest.mark.parametrize(
    "wrong",
    [
        stream_key(b"x" * 32, ID, "2026-11-2", 1),
        stream_key(SECRET, OTHER, "2026-11-2", 1),
        stream_key(SECRET, ID, "2026-11-2", 2),
        stream_key(SECRET, ID, "2026-11-3", 1),
        KEY[:-1] + ("a" if KEY[-1] != "a" else "b"),
        KEY[:-1],
        KEY + "a",
        "2026-11-2-",
        "2026-11-2",
        "",
        "-" * 40,
        "钥" * 42,
    ],
)
def test_every_other_key_is_refused(wrong: str) -> None:
    assert not verify(wrong, [SECRET], ID, "2026-11-2", 1)


def test_a_key_of_the_older_secret_is_accepted_while_secrets_are_changed() -> None:
    old = stream_key(OLDER, ID, "2026-11-2", 1)
    assert verify(old, [SECRET, OLDER], ID, "2026-11-2", 1)
    assert not verify(old, [SECRET], ID, "2026-11-2", 1)


def test_a_key_is_taken_apart_into_number_and_code() -> None:
    number, code = parse_key(KEY)
    assert number == "2026-11-2"
    assert f"{number}-{code}" == KEY


@given(st.text(max_size=80))
def test_no_text_makes_the_parser_fail_otherwise_than_by_saying_so(text: str) -> None:
    try:
        number, code = parse_key(text)
    except MalformedKey:
        return
    assert text.strip().lower() == f"{number}-{code}"


@pytest.mark.parametrize("text", [KEY, "x" * 500, "", "no-key-at-all"])
def test_a_key_in_a_log_is_too_short_to_use(text: str) -> None:
    assert len(shortened(text)) < 90
    assert parse_key(KEY)[1][:8] not in shortened(text)
    assert not text or text[:4] in shortened(text)
