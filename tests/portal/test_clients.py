import pytest
from portal.clients import describe_client

IPHONE_WECHAT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0.50"
)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (IPHONE_WECHAT, "微信，iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/150.0 Safari/537.36 Edg/150.0", "Edge，Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/150.0 Safari/537.36", "Chrome，Linux"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/17 Safari/605.1", "Safari，macOS"),
        ("curl/8.0", "其他程序"),
        ("", "其他程序"),
    ],
)
def test_a_browser_is_named_as_people_know_it(agent: str, words: str) -> None:
    assert describe_client(f"10.0.0.7 {agent}") == (words, "10.0.0.7")
