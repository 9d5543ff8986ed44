from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.rtmp.handshake import Handshake, NotRtmp

C1 = bytes(range(256)) * 6
C2 = b"anything" * 192


@given(st.lists(st.integers(0, 3100), max_size=8))
def test_the_handshake_is_the_same_however_its_bytes_are_split(cuts: list[int]) -> None:
    data = b"\x03" + C1 + C2 + b"what follows"
    edges = [0, *sorted(cuts), len(data)]
    handshake = Handshake()
    answer, rest = b"", b""
    for start, end in pairwise(edges):
        if handshake.is_done:
            rest += data[start:end]
        else:
            answer += handshake.feed(data[start:end])
            rest += handshake.rest
    assert handshake.is_done
    assert rest == b"what follows"
    assert len(answer) == 1 + 1536 + 1536
    assert answer[0] == 3
    assert answer[5:9] == bytes(4)  # the plain handshake, no digest
    assert answer[1 + 1536 :] == C1


def test_nothing_is_answered_before_the_whole_of_c1() -> None:
    handshake = Handshake()
    assert handshake.feed(b"\x03" + C1[:-1]) == b""
    assert len(handshake.feed(C1[-1:])) == 3073
    assert not handshake.is_done


@pytest.mark.parametrize(
    ("data", "reason", "is_http"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP", True),
        (b"P", "HTTP", True),
        (b"PRI * HTTP/2.0\r\n", "HTTP", True),
        (b"\x16\x03\x01\x02\x00\x01", "TLS", False),
        (b"\x06" + C1, "RTMPE", False),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "0x53", False),
        (b"\x00", "0x00", False),
    ],
)
def test_other_protocols_are_told_apart_by_their_first_bytes(data: bytes, reason: str, is_http: bool) -> None:
    with pytest.raises(NotRtmp, match=reason) as caught:
        Handshake().feed(data)
    assert caught.value.is_http is is_http
