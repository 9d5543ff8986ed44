"""H.264: what avcC and its sequence parameter set say (ISO/IEC 14496-15 §5.3.3, ITU-T H.264 §7.3.2.1)."""

from dataclasses import dataclass

from streaming.codecs.bits import BitReader, CodecError, RecordReader, bounded, frame_rate, unescape

_WITH_CHROMA_FORMAT = {44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244}
_SPS_NAL_TYPE = 7
_EXTENDED_SAR = 255
_LARGEST_MACROBLOCKS = 1024  # 16,384 luma samples: more than any level allows


@dataclass(frozen=True, slots=True)
class AvcInfo:
    """codecs: RFC 6381 (`avc1.64001f`); width, height: luma samples after cropping; fps: as the VUI says."""

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
    def parse(cls, record: bytes) -> "AvcInfo":
        """Read an AVCDecoderConfigurationRecord; raises `CodecError` when it is broken."""
        if not record:
            raise CodecError("the encoder sent an empty H.264 configuration")
        reader = RecordReader(record, "avcC")
        if (version := reader.u8()) != 1:
            raise CodecError(f"avcC version is {version}, expected 1")
        reader.take(3)  # profile, compatibility, level: the parameter set itself is the truth
        nal_length_size = (reader.u8() & 3) + 1
        if nal_length_size == 3:
            raise CodecError("avcC asks for 3-byte NAL unit lengths, which do not exist")
        parameter_sets = [reader.nal() for _ in range(reader.u8() & 31)]
        if not parameter_sets:
            raise CodecError("avcC holds no sequence parameter set")
        return _read_sps(parameter_sets[0], nal_length_size)


def _read_sps(nal: bytes, nal_length_size: int) -> AvcInfo:
    if len(nal) < 4 or nal[0] & 31 != _SPS_NAL_TYPE:
        raise CodecError("the first parameter set in avcC is not a sequence parameter set")
    profile, compatibility, level = nal[1:4]
    bits = BitReader(unescape(nal[4:]))
    bounded(bits.ue(), 0, 31, "seq_parameter_set_id")
    chroma_format, bit_depth, separate_planes = 1, 8, False
    if profile in _WITH_CHROMA_FORMAT:
        chroma_format, bit_depth, separate_planes = _chroma(bits)
    _skip_picture_order(bits)
    bits.ue()  # max_num_ref_frames
    bits.skip(1)  # gaps_in_frame_num_value_allowed_flag
    columns = bounded(bits.ue() + 1, 1, _LARGEST_MACROBLOCKS, "picture width in macroblocks")
    rows = bounded(bits.ue() + 1, 1, _LARGEST_MACROBLOCKS, "picture height in map units")
    frames_only = bits.flag()
    if not frames_only:
        bits.skip(1)  # mb_adaptive_frame_field_flag
        rows *= 2
    bits.skip(1)  # direct_8x8_inference_flag
    unit_x, unit_y = _crop_unit(0 if separate_planes else chroma_format, frames_only)
    left, right, top, bottom = (bits.ue() for _ in range(4)) if bits.flag() else (0, 0, 0, 0)
    width = columns * 16 - (left + right) * unit_x
    height = rows * 16 - (top + bottom) * unit_y
    if width <= 0 or height <= 0:
        raise CodecError("H.264 cropping leaves no picture")
    fps = _vui_frame_rate(bits) if bits.flag() else None
    codecs = f"avc1.{profile:02x}{compatibility:02x}{level:02x}"
    return AvcInfo(codecs, profile, level, width, height, fps, nal_length_size, chroma_format, bit_depth)


def _chroma(bits: BitReader) -> tuple[int, int, bool]:
    chroma_format = bounded(bits.ue(), 0, 3, "chroma_format_idc")
    separate_planes = bits.flag() if chroma_format == 3 else False
    bit_depth = bounded(bits.ue(), 0, 6, "bit_depth_luma_minus8") + 8
    bounded(bits.ue(), 0, 6, "bit_depth_chroma_minus8")
    bits.skip(1)  # qpprime_y_zero_transform_bypass_flag
    if bits.flag():
        for index in range(8 if chroma_format != 3 else 12):
            if bits.flag():
                _skip_scaling_list(bits, 16 if index < 6 else 64)
    return chroma_format, bit_depth, separate_planes


def _skip_scaling_list(bits: BitReader, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            following = (last + bits.se()) % 256
        last = following or last


def _skip_picture_order(bits: BitReader) -> None:
    bounded(bits.ue(), 0, 12, "log2_max_frame_num_minus4")
    kind = bounded(bits.ue(), 0, 2, "pic_order_cnt_type")
    if kind == 0:
        bounded(bits.ue(), 0, 12, "log2_max_pic_order_cnt_lsb_minus4")
    elif kind == 1:
        bits.skip(1)
        bits.se()
        bits.se()
        for _ in range(bounded(bits.ue(), 0, 255, "num_ref_frames_in_pic_order_cnt_cycle")):
            bits.se()


def _crop_unit(chroma_array_type: int, frames_only: bool) -> tuple[int, int]:
    """Luma samples per cropping step (H.264 equations 7-19 to 7-22)."""
    field = 1 if frames_only else 2
    across, down = {0: (1, 1), 1: (2, 2), 2: (2, 1), 3: (1, 1)}[chroma_array_type]
    return across, down * field


def _vui_frame_rate(bits: BitReader) -> float | None:
    """Frame rate of a VUI (H.264 §E.1.1); a VUI cut off, as some hardware writes it, tells none."""
    try:
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
        return frame_rate(bits.u(32), bits.u(32), 2) if bits.flag() else None
    except CodecError:
        return None
