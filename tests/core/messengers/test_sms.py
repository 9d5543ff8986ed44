import io
from datetime import UTC, datetime

import pytest

from core.messengers import Message, NotDelivered
from core.messengers.sms import ConsoleSms

NOW = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)


async def test_a_text_message_is_written_to_the_console_and_says_that_it_was_not_sent() -> None:
    console = io.StringIO()
    await ConsoleSms(console).send(Message("题", "请报送。", "13800000000"), now=NOW)
    assert console.getvalue() == "短信（只显示，没有发出） 13800000000：请报送。\n"


@pytest.mark.parametrize("phone", ["", "1380000000", "0854-8220000", "23800000000", "13800000000\n"])
async def test_what_is_no_mobile_number_is_refused(phone: str) -> None:
    with pytest.raises(NotDelivered, match="手机号写得不对"):
        await ConsoleSms(io.StringIO()).send(Message("题", "文", phone), now=NOW)
