"""AAC: what an AudioSpecificConfig says (ISO/IEC 14496-3 §1.6.2.1)."""

from dataclasses import dataclass

from streaming.codecs.bits import BitReader, CodecError, bounded

_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
_CHANNELS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 8, 11: 7, 12: 8, 14: 8}
_MAIN, _LC, _SSR, _LTP, _SBR, _ER_BSAC, _PS = 1, 2, 3, 4, 5, 22, 29
_PLAYABLE = {_MAIN, _LC, _SSR, _LTP}
_SYNC_SBR, _SYNC_PS = 0x2B7, 0x548


@dataclass(frozen=True, slots=True)
class AacInfo:
    """object_type: 2 (LC), 5 (HE-AAC) or 29 (HE-AAC v2); codecs: RFC 6381 (`mp4a.40.2`).

    sample_rate and channels: of the decoded sound, as far as the configuration says so (SBR that only the
    stream shows is not known here); samples_per_frame: counted at sample_rate.
    """

    codecs: str
    object_type: int
    sample_rate: int
    channels: int
    samples_per_frame: int

    @classmethod
    def parse(cls, record: bytes) -> "AacInfo":
        """Read an AudioSpecificConfig; raises `CodecError` when it is empty, broken or not playable AAC."""
        if not record:
            raise CodecError("the encoder sent an empty AAC configuration")
        bits = BitReader(record)
        outer = kind = _object_type(bits)
        core_rate = rate = _sampling_rate(bits)
        layout = bits.u(4)
        if outer in (_SBR, _PS):  # hierarchical signalling
            rate = _sampling_rate(bits)
            kind = _object_type(bits)
            if kind == _ER_BSAC:
                bits.skip(4)
        if kind not in _PLAYABLE:
            raise CodecError(f"AAC object type {kind} cannot be played in browsers; AAC-LC (2) can")
        frame_length = 960 if bits.flag() else 1024
        channels = _general_audio(bits, layout)
        if outer not in (_SBR, _PS):
            outer, rate = _compatible_signalling(bits, kind, rate)
        if outer == _PS and channels == 1:
            channels = 2
        if rate not in (core_rate, core_rate * 2):
            raise CodecError(f"AAC says {core_rate} Hz extended to {rate} Hz, which is not twice as much")
        return cls(f"mp4a.40.{outer}", outer, rate, channels, frame_length * rate // core_rate)


def _object_type(bits: BitReader) -> int:
    kind = bits.u(5)
    return 32 + bits.u(6) if kind == 31 else kind


def _sampling_rate(bits: BitReader) -> int:
    index = bits.u(4)
    if index == 15:
        return bounded(bits.u(24), 7350, 192_000, "AAC sampling rate")
    if index >= len(_RATES):
        raise CodecError(f"AAC sampling rate index {index} is reserved")
    return _RATES[index]


def _general_audio(bits: BitReader, layout: int) -> int:
    """GASpecificConfig (§4.4.1) behind its frame length; gives the number of channels."""
    if bits.flag():
        bits.skip(14)  # core coder delay
    extension = bits.flag()
    channels = _program_config_channels(bits) if layout == 0 else _CHANNELS.get(layout)
    if not channels:
        raise CodecError(f"AAC channel configuration {layout} is reserved or empty")
    if extension:
        bits.skip(1)  # extensionFlag3
    return channels


def _program_config_channels(bits: BitReader) -> int:
    """program_config_element (§4.4.1.1): the channels of its front, side, back and LFE elements."""
    bits.skip(4 + 2 + 4)  # tag, object type, sampling frequency
    front, side, back = bits.u(4), bits.u(4), bits.u(4)
    low, associated, coupling = bits.u(2), bits.u(3), bits.u(4)
    for width in (4, 4, 3):  # mono, stereo and matrix mix-down
        if bits.flag():
            bits.skip(width)
    channels = low
    for _ in range(front + side + back):
        channels += 2 if bits.flag() else 1
        bits.skip(4)
    bits.skip(4 * low + 4 * associated + 5 * coupling)
    bits.align()
    bits.skip(8 * bits.u(8))  # comment
    return channels


def _compatible_signalling(bits: BitReader, kind: int, rate: int) -> tuple[int, int]:
    """SBR and PS told behind a plain configuration (backward compatible): object type and sampling rate."""
    if bits.left < 16 or bits.u(11) != _SYNC_SBR or _object_type(bits) != _SBR or not bits.flag():
        return kind, rate
    extended = _sampling_rate(bits)
    if bits.left >= 12 and bits.u(11) == _SYNC_PS and bits.flag():
        return _PS, extended
    return _SBR, extended
