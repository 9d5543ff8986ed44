from bench.hls import ListedPart, parse_media, parse_multivariant

LIVE = """#EXTM3U
#EXT-X-VERSION:10
#EXT-X-TARGETDURATION:4
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.2,CAN-SKIP-UNTIL=24
#EXT-X-PART-INF:PART-TARGET=0.4
#EXT-X-MEDIA-SEQUENCE:7
#EXT-X-MAP:URI="init-a.mp4"
#EXTINF:2.00000,
7.m4s
#EXT-X-GAP
#EXTINF:1.5,
8.m4s
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="init-b.mp4"
#EXT-X-PART:DURATION=0.4,URI="9.0.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.36,URI="9.1.m4s"
#EXTINF:0.76,
9.m4s
#EXT-X-PART:DURATION=0.4,URI="10.0.m4s",INDEPENDENT=YES
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="10.1.m4s"
"""


def test_parts_carry_the_number_of_their_segment_and_their_place_in_it() -> None:
    playlist = parse_media(LIVE)
    assert playlist.parts == [
        ListedPart(9, 0, "9.0.m4s", 0.4),
        ListedPart(9, 1, "9.1.m4s", 0.36),
        ListedPart(10, 0, "10.0.m4s", 0.4),
    ]
    assert playlist.next_part == (10, 1)
    assert playlist.can_block
    assert playlist.part_target == 0.4


def test_segments_know_their_init_section_gap_and_discontinuity() -> None:
    first, gap, last = parse_media(LIVE).segments
    assert (first.msn, first.init_uri, first.gap, first.discontinuity) == (7, "init-a.mp4", False, False)
    assert (gap.msn, gap.gap) == (8, True)
    assert (last.msn, last.init_uri, last.discontinuity, last.gap) == (9, "init-b.mp4", True, False)
    assert parse_media(LIVE).duration == 2.76


def test_a_delta_update_counts_the_segments_it_leaves_out() -> None:
    delta = "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:5\n#EXT-X-SKIP:SKIPPED-SEGMENTS=20\n#EXTINF:2.0,\n25.m4s\n"
    playlist = parse_media(delta)
    assert playlist.segments[0].msn == 25
    assert playlist.next_part == (26, 0)


def test_a_playlist_of_gaps_lists_no_media() -> None:
    assert not parse_media("#EXTM3U\n#EXT-X-GAP\n#EXTINF:2.0,\n0.m4s\n").has_media
    assert parse_media(LIVE).has_media


def test_an_ended_playlist_says_so() -> None:
    assert not parse_media(LIVE).ended
    assert parse_media(LIVE + "#EXT-X-ENDLIST\n").ended


def test_variants_are_resolved_against_their_playlist() -> None:
    text = (
        '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=2200000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720\n'
        "source.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=900000\n../x/480p.m3u8\n"
    )
    variants = parse_multivariant(text, "http://127.0.0.1:8000/live/2026-11-1/index.m3u8")
    assert [variant.uri for variant in variants] == [
        "http://127.0.0.1:8000/live/2026-11-1/source.m3u8",
        "http://127.0.0.1:8000/live/x/480p.m3u8",
    ]
    assert (variants[0].bandwidth, variants[0].resolution) == (2_200_000, "1280x720")
