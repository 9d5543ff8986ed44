"""Fragmented MP4 by hand: what a real demuxer and decoder make of it."""

import pytest

from streaming import fmp4
from streaming.samples import AudioConfig, AudioSample, VideoConfig, VideoSample
from streaming.tracks import AudioSource, SourceTracks, VideoSource, run_tracks
from tests.support.decode import decode
from tests.support.media import make_flv, read_units


def boxes(data: bytes) -> list[tuple[bytes, bytes]]:
    found = []
    position = 0
    while position < len(data):
        size = int.from_bytes(data[position : position + 4], "big")
        found.append((data[position + 4 : position + 8], data[position + 8 : position + size]))
        position += size
    assert position == len(data)
    return found


def test_a_fragment_is_one_moof_and_one_mdat_whose_offsets_point_at_the_samples() -> None:
    samples = [
        fmp4.FragmentSample(3000, b"first", True, 6000),
        fmp4.FragmentSample(3000, b"second", False, -90),
    ]
    sound = [fmp4.FragmentSample(1024, b"aac")]
    data = fmp4.fragment(
        7, [fmp4.TrackRun(fmp4.VIDEO_TRACK_ID, 2**33, samples), fmp4.TrackRun(fmp4.AUDIO_TRACK_ID, 5, sound)]
    )
    (moof_kind, moof), (mdat_kind, mdat) = boxes(data)
    assert (moof_kind, mdat_kind, mdat) == (b"moof", b"mdat", b"firstsecondaac")
    trafs = [content for kind, content in boxes(moof) if kind == b"traf"]
    offsets = []
    for traf in trafs:
        trun = dict(boxes(traf))[b"trun"]
        offsets.append(int.from_bytes(trun[8:12], "big"))
    assert data[offsets[0] :].startswith(b"firstsecond")
    assert data[offsets[1] :] == b"aac"
    assert int.from_bytes(dict(boxes(trafs[0]))[b"tfdt"][4:12], "big") == 2**33


def test_a_run_without_samples_has_no_trun() -> None:
    (_, moof), (_, mdat) = boxes(fmp4.fragment(1, [fmp4.TrackRun(fmp4.VIDEO_TRACK_ID, 90, [])]))
    traf = next(content for kind, content in boxes(moof) if kind == b"traf")
    assert [kind for kind, _ in boxes(traf)] == [b"tfhd", b"tfdt"]
    assert mdat == b""


def test_an_init_section_needs_a_track() -> None:
    with pytest.raises(ValueError, match="track"):
        fmp4.init_section(None, None)


@pytest.mark.ffmpeg
@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_a_real_decoder_gets_every_picture_and_sound_at_its_time(codec: str) -> None:
    units = read_units(make_flv(seconds=2, b_frames=2, codec="hevc" if codec == "hevc" else "h264"))
    video = next(VideoSource.of(unit) for unit in units if isinstance(unit, VideoConfig))
    audio = next(AudioSource.of(unit) for unit in units if isinstance(unit, AudioConfig))
    pictures = [unit for unit in units if isinstance(unit, VideoSample)]
    sounds = [unit for unit in units if isinstance(unit, AudioSample)]
    tracks = run_tracks(SourceTracks(video, audio))
    runs = [
        fmp4.TrackRun(
            fmp4.VIDEO_TRACK_ID,
            pictures[0].dts_ms * 90,
            [fmp4.FragmentSample(3000, p.data, p.keyframe, (p.pts_ms - p.dts_ms) * 90) for p in pictures],
        ),
        fmp4.TrackRun(fmp4.AUDIO_TRACK_ID, 0, [fmp4.FragmentSample(1024, s.data) for s in sounds]),
    ]
    times = decode(tracks.init.data + fmp4.fragment(1, runs))
    assert len(times["video"]) == len(pictures)
    assert times["video"] == sorted(times["video"])
    assert len(times["audio"]) == len(sounds)
    assert (tracks.init.width, tracks.init.height) == (320, 180)


def test_an_init_section_is_named_by_its_content() -> None:
    one, other = (
        fmp4.init_section(None, fmp4.AudioTrack(bytes.fromhex(asc), 44_100, 2)) for asc in ("1210", "1190")
    )
    assert fmp4.content_id(one) == fmp4.content_id(bytes(one)) != fmp4.content_id(other)
