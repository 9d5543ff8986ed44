from datetime import UTC, datetime

import pytest

from core.messengers import Message, NotDelivered, RememberingMessenger

NOW = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)


async def test_it_keeps_what_it_is_given_and_fails_as_often_as_it_is_told() -> None:
    messenger = RememberingMessenger()
    messenger.fail("群机器人没有回应")
    with pytest.raises(NotDelivered, match="群机器人没有回应"):
        await messenger.send(Message("题", "文"), now=NOW)
    await messenger.send(Message("题", "文"), now=NOW)
    assert messenger.sent == [Message("题", "文")]
    assert messenger.tried_at == [NOW, NOW]
