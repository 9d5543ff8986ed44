import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.rtmp.address import Address, publish_address
from tests.support.rtmp import GOOD_KEY as KEY

HOST = "rtmp://bureau.example:1935"


@pytest.mark.parametrize(
    ("app", "tc_url", "stream_name", "address"),
    [
        pytest.param(
            "live", f"{HOST}/live", KEY, Address("live", KEY, "", KEY),
            id="OBS: server and key in their fields",
        ),
        pytest.param(
            "live/", f"{HOST}/live/", KEY, Address("live", KEY, "", KEY),
            id="OBS: server with a slash at its end",
        ),
        pytest.param(
            f"live/{KEY}", f"{HOST}/live/{KEY}", "", Address(f"live/{KEY}", "", "", KEY),
            id="OBS: everything in the server field",
        ),
        pytest.param(
            f"live/{KEY}", f"{HOST}/live/{KEY}", KEY, Address(f"live/{KEY}", KEY, "", KEY),
            id="OBS: the key in both fields",
        ),
        pytest.param(
            "live", f"{HOST}/live", f"{HOST}/live/{KEY}", Address("live", f"live/{KEY}", "", KEY),
            id="OBS: the whole address in the key field",
        ),
        pytest.param(
            "live", f"{HOST}/live", f" {KEY}\u200b\r\n", Address("live", KEY, "", KEY),
            id="OBS: a key copied with blanks around it",
        ),
        pytest.param(
            f"live/{KEY}?a=1", f"{HOST}/live/{KEY}?a=1", "?a=1", Address(f"live/{KEY}", "", "a=1", KEY),
            id="OBS multi-rendition: only the query as the name",
        ),
        pytest.param(
            KEY, f"{HOST}/{KEY}", "", Address(KEY, "", "", KEY),
            id="ffmpeg: one path component",
        ),
        pytest.param(
            f"{KEY}?u=1&v=2", f"{HOST}/{KEY}?u=1&v=2", "", Address(KEY, "", "u=1&v=2", KEY),
            id="ffmpeg: one path component with query",
        ),
        pytest.param(
            "live", f"{HOST}/live", f"{KEY}?u=1", Address("live", KEY, "u=1", KEY),
            id="ffmpeg: two path components, query on the second",
        ),
        pytest.param(
            "live?u=1", f"{HOST}/live?u=1", KEY, Address("live", KEY, "u=1", KEY),
            id="query on the app",
        ),
        pytest.param(
            "live?u=1", f"{HOST}/live?u=1", f"{KEY}?v=2", Address("live", KEY, "u=1&v=2", KEY),
            id="query on both",
        ),
        pytest.param(
            "live/room", f"{HOST}/live/room", KEY, Address("live/room", KEY, "", KEY),
            id="ffmpeg: three path components",
        ),
        pytest.param(
            "live", "rtmp://bureau.example/live", KEY, Address("live", KEY, "", KEY),
            id="GStreamer: no port",
        ),
        pytest.param(
            "live", f"'{HOST}/live", f"'{KEY}'", Address("live", KEY, "", KEY),
            id="Neko: quoted tcUrl",
        ),
        pytest.param(
            "", f'"{HOST}/live"', KEY, Address("live", KEY, "", KEY),
            id="no app, quoted tcUrl",
        ),
        pytest.param(
            "live", f"{HOST}/live/{KEY}", "", Address("live", "", "", KEY),
            id="the key only in tcUrl",
        ),
        pytest.param(
            "live", f"{HOST}/live", f"mp4:{KEY}", Address("live", KEY, "", KEY),
            id="FMLE: the format in front of the name",
        ),
        pytest.param(
            "live", f"{HOST}/live", f"/{KEY}", Address("live", KEY, "", KEY),
            id="a slash in front of the name",
        ),
        pytest.param(
            "live", f"{HOST}/live", f"stream?key={KEY}", Address("live", "stream", f"key={KEY}", KEY),
            id="the key as a query field",
        ),
        pytest.param(
            f"live?authmod=adobe&user=a?{KEY}", f"{HOST}/live", "s",
            Address("live", "s", f"authmod=adobe&user=a&{KEY}", "s"),
            id="a second question mark joins a second query",
        ),
        pytest.param(
            f"live/{KEY.upper()}", f"{HOST}/live", "stream",
            Address(f"live/{KEY.upper()}", "stream", "", KEY.upper()),
            id="capitals",
        ),
        pytest.param(
            "live", f"{HOST}/live", KEY.replace("-", "%2D"),
            Address("live", KEY.replace("-", "%2D"), "", KEY),
            id="percent signs",
        ),
        pytest.param(
            "live", f"{HOST}/live", "guess", Address("live", "guess", "", "guess"),
            id="no key anywhere: the name stands for it",
        ),
        pytest.param(
            "live", f"{HOST}/live", "", Address("live", "", "", "live"),
            id="no name at all: the app stands for it",
        ),
        pytest.param("", "", "", Address("", "", "", ""), id="nothing"),
    ],
)  # fmt: skip
def test_the_key_is_found_however_the_client_split_the_address(
    app: str, tc_url: str, stream_name: str, address: Address
) -> None:
    assert publish_address(app, tc_url, stream_name) == address


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_any_text_gives_an_address(app: str, tc_url: str, stream_name: str) -> None:
    address = publish_address(app, tc_url, stream_name)
    assert "?" not in address.app + address.stream_name + address.query


@given(
    st.sampled_from(["live", "live/", f"live/{KEY}", "", "live?u=1"]),
    st.sampled_from([f"{HOST}/live", "rtmp://h/", ""]),
)
def test_a_key_in_the_name_is_always_found(app: str, tc_url: str) -> None:
    assert publish_address(app, tc_url, KEY).key == KEY
