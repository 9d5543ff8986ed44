"""Twelve grey pictures of 64 × 64 in H.264 and in HEVC, to try an ffmpeg with.

Made by `ffmpeg -f lavfi -i color=gray:s=64x64:r=25 -frames:v 12 -bf 0` with libx264 and libx265 (without SEI). The
first picture is a keyframe; each is kept without its 4-byte NAL unit length.
"""

from streaming.samples import VideoCodec, VideoConfig, VideoSample

FRAME_MS = 40

_H264_RECORD = "0142c00affe100166742c00ada109b011000000300100000030320f1226a01000468ce0fc8"
_H264_PICTURES = (
    "6588843a26280c9c9c9d75d75d75d75d75d75e",
    "419a203a8230",
    "419a403e8230",
    "419a603e8230",
    "419a803e8230",
    "419aa03e8230",
    "419ac03e8230",
    "419ae03e8230",
    "419b003e8230",
    "419b203e8230",
    "419b403e8230",
    "419b603e8230",
)
_HEVC_RECORD = (
    "0101600000009000000000001ef000fcfdf8f800000f03200001001840010c01ffff0160000003009000000300000300"
    "1e928090210001002942010101600000030090000003000003001ea0208105964a924caf016808000003000800000300"
    "c84022000100074401c172b42240"
)
_HEVC_PICTURES = (
    "2801af1d80f701b2f5afb33c",
    "0201d0097e10c63bfd8430",
    "0201d011ffd4430639fd8430",
    "0201d0189ffdc43018e4fd8430",
    "0201d0209ffdc43018ecfd8430",
    "0201d0289ffdc43018e4fd8430",
    "0201d0309ffdc43018ecfd8430",
    "0201d0389ffdc43018e4fd8430",
    "0201d0409ffdc43018e4fd8430",
    "0201d0489ffdc43018ecfd8430",
    "0201d0509ffdc43018e4fd8430",
    "0201d0589ffdc43018ecfd8430",
)


def trial_clip(codec: VideoCodec, first_ms: int) -> tuple[VideoConfig, list[VideoSample]]:
    """Configuration and pictures, 40 ms apart from first_ms on."""
    record, pictures = (
        (_H264_RECORD, _H264_PICTURES) if codec is VideoCodec.H264 else (_HEVC_RECORD, _HEVC_PICTURES)
    )
    samples = []
    for index, text in enumerate(pictures):
        nal, time = bytes.fromhex(text), first_ms + FRAME_MS * index
        samples.append(VideoSample(time, time, index == 0, len(nal).to_bytes(4, "big") + nal))
    return VideoConfig(codec, bytes.fromhex(record)), samples
