import pytest
from portal.endings import meaning


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("the encoder ended it (FCUnpublish)", "推流软件停止了直播"),
        ("the connection was lost (Connection reset)", "网络断开"),
        ("taken over by 10.0.0.8:1", "被后来连接的推流软件接替"),
        ("something new", "something new"),
        ("", ""),
    ],
)
def test_reasons_of_the_log_are_said_in_words_of_the_desk(reason: str, words: str) -> None:
    assert meaning(reason) == words
