import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming.codecs import AacInfo, CodecError
from tests.support.media import audio_config, make_flv, read_units


def bits(text: str) -> bytes:
    """Bytes of a bit string; blanks are for the reader."""
    digits = text.replace(" ", "")
    digits += "0" * (-len(digits) % 8)
    return int(digits, 2).to_bytes(len(digits) // 8, "big")


def test_a_real_encoder_says_low_complexity() -> None:
    info = AacInfo.parse(audio_config(read_units(make_flv())).record)
    assert info == AacInfo("mp4a.40.2", 2, 44100, 1, 1024)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("00010 0011 0010 000", AacInfo("mp4a.40.2", 2, 48000, 2, 1024)),
        ("00010 0100 0010 100", AacInfo("mp4a.40.2", 2, 44100, 2, 960)),
        ("00010 1111 000000001011101110000000 0001 000", AacInfo("mp4a.40.2", 2, 48000, 1, 1024)),
        ("00010 0011 0111 000", AacInfo("mp4a.40.2", 2, 48000, 8, 1024)),
        # SBR and PS told first (hierarchical)
        ("00101 0110 0010 0011 00010 000", AacInfo("mp4a.40.5", 5, 48000, 2, 2048)),
        ("11101 0110 0001 0011 00010 000", AacInfo("mp4a.40.29", 29, 48000, 2, 2048)),
        # SBR told at the rate of the core: decoded without doubling
        ("00101 0011 0010 0011 00010 000", AacInfo("mp4a.40.5", 5, 48000, 2, 1024)),
        # SBR and PS told behind the plain configuration
        ("00010 0110 0010 000 01010110111 00101 1 0011", AacInfo("mp4a.40.5", 5, 48000, 2, 2048)),
        (
            "00010 0110 0001 000 01010110111 00101 1 0011 10101001000 1",
            AacInfo("mp4a.40.29", 29, 48000, 2, 2048),
        ),
        ("00010 0110 0010 000 01010110111 00101 0", AacInfo("mp4a.40.2", 2, 24000, 2, 1024)),
    ],
)
def test_every_way_of_signalling_is_read(config: str, expected: AacInfo) -> None:
    assert AacInfo.parse(bits(config)) == expected


def test_channels_of_a_program_config_element_are_counted() -> None:
    elements = "0001 0000 0000 01 000 0000 000 1 0000 0000 "  # one front pair and one LFE
    config = "00010 0011 0000 000 0000 01 0011 " + elements + "00000000 00000000"
    assert AacInfo.parse(bits(config)).channels == 3


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (b"", "empty"),
        (b"\x12", "middle of a field"),
        (bits("00010 1101 0010 000"), "reserved"),
        (bits("00010 0011 1001 000"), "channel configuration"),
        (bits("00001 0011 0010 000").replace(b"\x09", b"\x01"), "object type 0"),
        (bits("11111 001010 0011 0010 000"), "object type 42"),
        (bits("00010 1111 000000000000000000000001 0001 000"), "sampling rate"),
        (bits("00101 0011 0010 0110 00010 000"), "not twice"),
    ],
)
def test_a_broken_configuration_is_refused_with_the_reason(record: bytes, words: str) -> None:
    with pytest.raises(CodecError, match=words):
        AacInfo.parse(record)


@settings(deadline=None)  # the machine is shared
@given(st.binary(max_size=64))
def test_garbage_raises_codec_error_and_nothing_else(garbage: bytes) -> None:
    try:
        info = AacInfo.parse(garbage)
    except CodecError:
        return
    assert info.channels > 0
    assert info.samples_per_frame in (960, 1024, 1920, 2048)
