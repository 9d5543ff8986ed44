import copy
import json
import pickle
from datetime import UTC, datetime

import pytest
from tortoise.context import TortoiseContext

from core.audit import SYSTEM, masked, record
from core.audit import masking as audit_masking
from core.audit.masking import digest, mask, use_secret
from core.audit.models import AuditEntry, MaskKey
from core.audit.retention import erase_mask_keys
from core.audit.verifying import verify_chain
from core.database import transaction

PHONE = "13812345678"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (PHONE, "138****5678"),
        ("138 1234 5678", "138****5678"),
        ("522701199003071234", "5227**********1234"),
        ("52270119900307123X", "5227**********123X"),
        ("0854-8221234", "085*****1234"),
        ("8221234", "*****34"),
        ("110", "***"),
        ("", ""),
    ],
)
def test_a_mask_leaves_enough_to_recognise_and_too_little_to_call(value: str, shown: str) -> None:
    assert mask(value) == shown


def test_a_masked_value_shows_and_carries_only_its_mask() -> None:
    value = masked(PHONE)
    shapes = [
        str(value),
        f"{value}",
        repr(value),
        json.dumps(value),
        copy.deepcopy(value),
        pickle.dumps(value),
    ]
    assert not any(PHONE in str(shape) for shape in shapes)
    assert masked("  ") == ""


async def entry_of(phone: str, now: datetime) -> str:
    async with transaction():
        await record("a.b", by=SYSTEM, subject="x", now=now, after={"people": [{"phone": masked(phone)}]})
    after = (await AuditEntry.all().order_by("-number"))[0].after
    shown: str = json.loads(after)["people"][0]["phone"]
    assert PHONE not in after
    return shown


async def test_the_same_number_is_recognised_within_a_month_and_not_beyond(db: TortoiseContext) -> None:
    november, december = datetime(2026, 11, 3, tzinfo=UTC), datetime(2026, 12, 3, tzinfo=UTC)
    first = await entry_of(PHONE, november)
    assert first.startswith("138****5678 #")
    assert await entry_of("138 1234 5678", november) == first
    assert await entry_of("13800005678", november) != first
    assert await entry_of(PHONE, december) != first
    assert await MaskKey.all().count() == 2


def test_the_digest_hangs_on_the_secret_of_the_application(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_masking, "_secret", [b""])
    use_secret(b"one secret")
    first = digest(PHONE, "key")
    use_secret(b"another secret")
    assert digest(PHONE, "key") != first
    use_secret(b"one secret")
    assert digest(PHONE, "key") == first


async def test_after_its_time_nobody_can_tell_the_number_and_the_chain_is_whole(db: TortoiseContext) -> None:
    await entry_of(PHONE, datetime(2026, 4, 30, 12, tzinfo=UTC))
    await entry_of(PHONE, datetime(2026, 5, 2, tzinfo=UTC))
    assert await erase_mask_keys(datetime(2026, 11, 10, tzinfo=UTC), days=200) == []
    assert await erase_mask_keys(datetime(2026, 11, 24, tzinfo=UTC), days=200) == ["2026-04"]
    assert [row.month for row in await MaskKey.all()] == ["2026-05"]
    assert await erase_mask_keys(datetime(2026, 11, 24, tzinfo=UTC), days=200) == []
    assert (await verify_chain()).number == 3
    assert (await AuditEntry.get(number=3)).action == "audit.mask_keys_erased"
