import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sealing import Sealer, Unreadable
from core.secrets import AppSecrets

OLD, NEW = b"the secret of last year, long enough", b"the secret of this year, long enough"
SEALER = Sealer(AppSecrets(OLD))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXTS)
def test_what_is_sealed_opens_again_and_is_not_readable_meanwhile(text: str) -> None:
    sealed = SEALER.seal(text, purpose="lecturer.id")
    assert SEALER.open(sealed, purpose="lecturer.id") == text
    assert sealed.isascii()
    assert len(text) < 4 or text not in sealed


def test_the_same_text_is_never_sealed_alike() -> None:
    assert SEALER.seal("522701199003071234", purpose="id") != SEALER.seal("522701199003071234", purpose="id")


def test_what_was_sealed_for_one_purpose_does_not_open_for_another() -> None:
    with pytest.raises(Unreadable):
        SEALER.open(SEALER.seal("JBSWY3DP", purpose="totp"), purpose="lecturer.id")


def test_after_a_change_of_the_secret_the_old_one_still_opens_and_the_new_one_seals() -> None:
    sealed = SEALER.seal("JBSWY3DP", purpose="totp")
    changed = Sealer(AppSecrets(NEW, previous=OLD))
    assert changed.open(sealed, purpose="totp") == "JBSWY3DP"
    with pytest.raises(Unreadable):
        SEALER.open(changed.seal("JBSWY3DP", purpose="totp"), purpose="totp")
    with pytest.raises(Unreadable, match="WEIKETANG_PREVIOUS_APP_SECRET"):
        Sealer(AppSecrets(NEW)).open(sealed, purpose="totp")


@given(st.integers(0), st.integers(1, 255))
def test_every_changed_byte_is_noticed(place: int, change: int) -> None:
    sealed = SEALER.seal("522701199003071234", purpose="id")
    raw = bytearray(base64.urlsafe_b64decode(sealed.partition(".")[2]))
    raw[place % len(raw)] ^= change
    with pytest.raises(Unreadable):
        SEALER.open("s1." + base64.urlsafe_b64encode(raw).decode(), purpose="id")


@given(st.text())
def test_what_was_never_sealed_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        SEALER.open(text, purpose="id")
