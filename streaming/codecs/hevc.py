"""H.265: what hvcC and its sequence parameter set say (ISO/IEC 14496-15 §8.3.3, ITU-T H.265 §7.3.2.2)."""

from dataclasses import dataclass

from streaming.codecs.bits import BitReader, CodecError, RecordReader, bounded, frame_rate, unescape

_SPS_NAL_TYPE = 33
_EXTENDED_SAR = 255
_LARGEST_SIDE = 16_384


@dataclass(frozen=True, slots=True)
class HevcInfo:
    """codecs: RFC 6381 (`hvc1.1.6.L93.B0`); width, height: luma samples inside the conformance window.

    fps: from the VUI, if it tells one.
    """

    codecs: str
    profile: int
    level: int
    width: int
    height: int
    fps: float | None
    nal_length_size: int
    chroma_format: int
    bit_depth: int

    @classmethod
    def parse(cls, record: bytes) -> "HevcInfo":
        """Read an HEVCDecoderConfigurationRecord; raises `CodecError` when it is broken."""
        if not record:
            raise CodecError("the encoder sent an empty H.265 configuration")
        reader = RecordReader(record, "hvcC")
        if (version := reader.u8()) > 1:  # 0: encoders from before the standard was final
            raise CodecError(f"hvcC version is {version}, expected 1")
        general = reader.take(12)
        reader.take(8)  # segmentation, parallelism, chroma, bit depths, average frame rate
        nal_length_size = (reader.u8() & 3) + 1
        if nal_length_size == 3:
            raise CodecError("hvcC asks for 3-byte NAL unit lengths, which do not exist")
        sps = _first_sps(reader)
        picture = _read_sps(sps)
        return cls(
            codecs=_codecs_string(general),
            profile=general[0] & 31,
            level=general[11],
            width=picture.width,
            height=picture.height,
            fps=picture.fps,
            nal_length_size=nal_length_size,
            chroma_format=picture.chroma_format,
            bit_depth=picture.bit_depth,
        )


@dataclass(frozen=True, slots=True)
class _Picture:
    width: int
    height: int
    fps: float | None
    chroma_format: int
    bit_depth: int


def _codecs_string(general: bytes) -> str:
    """ISO/IEC 14496-15 §E.3: profile, reversed compatibility flags, tier and level, constraint bytes."""
    space = ("", "A", "B", "C")[general[0] >> 6]
    tier = "H" if general[0] & 0x20 else "L"
    compatibility = int(f"{int.from_bytes(general[1:5], 'big'):032b}"[::-1], 2)
    constraints = "".join(f".{byte:X}" for byte in general[5:11].rstrip(b"\x00"))
    return f"hvc1.{space}{general[0] & 31}.{compatibility:X}.{tier}{general[11]}{constraints}"


def _first_sps(reader: RecordReader) -> bytes:
    for _ in range(reader.u8()):
        kind = reader.u8() & 63
        units = [reader.nal() for _ in range(int.from_bytes(reader.take(2), "big"))]
        if kind == _SPS_NAL_TYPE and units:
            return units[0]
    raise CodecError("hvcC holds no sequence parameter set")


def _read_sps(nal: bytes) -> _Picture:
    if len(nal) < 3 or nal[0] >> 1 & 63 != _SPS_NAL_TYPE:
        raise CodecError("the parameter set in hvcC is not a sequence parameter set")
    bits = BitReader(unescape(nal[2:]))
    bits.skip(4)  # sps_video_parameter_set_id
    sub_layers = bounded(bits.u(3), 0, 6, "sps_max_sub_layers_minus1")
    bits.skip(1)  # sps_temporal_id_nesting_flag
    _skip_profile_tier_level(bits, sub_layers)
    bounded(bits.ue(), 0, 15, "sps_seq_parameter_set_id")
    chroma_format = bounded(bits.ue(), 0, 3, "chroma_format_idc")
    separate_planes = bits.flag() if chroma_format == 3 else False
    width = bounded(bits.ue(), 1, _LARGEST_SIDE, "picture width")
    height = bounded(bits.ue(), 1, _LARGEST_SIDE, "picture height")
    if bits.flag():
        left, right, top, bottom = (bits.ue() for _ in range(4))
        across, down = {0: (1, 1), 1: (2, 2), 2: (2, 1), 3: (1, 1)}[0 if separate_planes else chroma_format]
        width -= (left + right) * across
        height -= (top + bottom) * down
        if width <= 0 or height <= 0:
            raise CodecError("the H.265 conformance window holds no picture")
    bit_depth = bounded(bits.ue(), 0, 8, "bit_depth_luma_minus8") + 8
    bounded(bits.ue(), 0, 8, "bit_depth_chroma_minus8")
    return _Picture(width, height, _sps_frame_rate(bits, sub_layers), chroma_format, bit_depth)


def _skip_profile_tier_level(bits: BitReader, sub_layers: int) -> None:
    bits.skip(96)
    present = [(bits.flag(), bits.flag()) for _ in range(sub_layers)]
    if sub_layers:
        bits.skip(2 * (8 - sub_layers))
    for profile, level in present:
        bits.skip((88 if profile else 0) + (8 if level else 0))


def _sps_frame_rate(bits: BitReader, sub_layers: int) -> float | None:
    """Frame rate of the VUI at the end of the set; one that cannot be read tells none."""
    try:
        _skip_to_vui(bits, sub_layers)
        return _vui_frame_rate(bits) if bits.flag() else None
    except CodecError:
        return None


def _skip_to_vui(bits: BitReader, sub_layers: int) -> None:
    order_bits = bounded(bits.ue(), 0, 12, "log2_max_pic_order_cnt_lsb_minus4") + 4
    for _ in range(sub_layers + 1 if bits.flag() else 1):
        for _ in range(3):
            bits.ue()  # buffering, reordering, latency
    for _ in range(6):
        bits.ue()  # block and transform sizes, transform hierarchy depths
    if bits.flag() and bits.flag():
        _skip_scaling_lists(bits)
    bits.skip(2)  # amp_enabled_flag, sample_adaptive_offset_enabled_flag
    if bits.flag():  # pcm_enabled_flag
        bits.skip(8)
        bits.ue()
        bits.ue()
        bits.skip(1)
    _skip_reference_sets(bits)
    if bits.flag():  # long_term_ref_pics_present_flag
        for _ in range(bounded(bits.ue(), 0, 32, "num_long_term_ref_pics_sps")):
            bits.skip(order_bits + 1)
    bits.skip(2)  # sps_temporal_mvp_enabled_flag, strong_intra_smoothing_enabled_flag


def _skip_scaling_lists(bits: BitReader) -> None:
    for size in range(4):
        for _ in range(0, 6, 3 if size == 3 else 1):
            if not bits.flag():
                bits.ue()  # scaling_list_pred_matrix_id_delta
                continue
            if size > 1:
                bits.se()  # scaling_list_dc_coef_minus8
            for _ in range(min(64, 1 << (4 + 2 * size))):
                bits.se()


def _skip_reference_sets(bits: BitReader) -> None:
    """H.265 §7.3.7; a predicted set is as long as the one it is predicted from, so lengths are kept."""
    lengths: list[int] = []
    for index in range(bounded(bits.ue(), 0, 64, "num_short_term_ref_pic_sets")):
        if index and bits.flag():
            bits.skip(1)  # delta_rps_sign
            bits.ue()
            kept = 0
            for _ in range(lengths[-1] + 1):
                used = bits.flag()
                kept += used or bits.flag()
            lengths.append(kept)
            continue
        pictures = bounded(bits.ue(), 0, 16, "num_negative_pics") + bounded(
            bits.ue(), 0, 16, "num_positive_pics"
        )
        for _ in range(pictures):
            bits.ue()
            bits.skip(1)
        lengths.append(pictures)


def _vui_frame_rate(bits: BitReader) -> float | None:
    """H.265 §E.2.1, up to the timing information."""
    if bits.flag() and bits.u(8) == _EXTENDED_SAR:
        bits.skip(32)
    if bits.flag():
        bits.skip(1)  # overscan_appropriate_flag
    if bits.flag():
        bits.skip(4)  # video_format, video_full_range_flag
        if bits.flag():
            bits.skip(24)  # colour description
    if bits.flag():
        bits.ue()  # chroma sample locations
        bits.ue()
    bits.skip(3)  # neutral chroma, field sequence, frame and field information
    if bits.flag():
        for _ in range(4):
            bits.ue()  # default display window
    return frame_rate(bits.u(32), bits.u(32), 1) if bits.flag() else None
