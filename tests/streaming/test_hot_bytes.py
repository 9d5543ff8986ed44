from streaming.hot_bytes import HotBytes


def filled(limit: int, segments: int, *, saved: bool = True) -> HotBytes:
    hot = HotBytes(limit)
    for msn in range(segments):
        for part in range(3):
            hot.add_part(msn, bytes([msn, part]))
        hot.close(msn, saved=saved)
    return hot


def test_a_closed_segment_is_its_parts_in_order() -> None:
    hot = filled(8, 2)
    assert hot.get("1.m4s") == bytes([1, 0, 1, 1, 1, 2])
    assert hot.get("1.2.m4s") == bytes([1, 2])


def test_an_open_segment_has_parts_but_no_file() -> None:
    hot = filled(8, 2)
    hot.add_part(2, b"x")
    assert hot.get("2.0.m4s") == b"x"
    assert hot.get("2.m4s") is None


def test_a_gap_takes_no_place() -> None:
    hot = filled(2, 2)
    hot.close(2, saved=True)
    assert hot.get("0.m4s") is not None
    assert hot.get("2.m4s") is None


def test_unsaved_segments_stay_until_they_are_saved() -> None:
    hot = filled(2, 5, saved=False)
    assert hot.get("0.m4s") is not None
    hot.saved(0)
    hot.saved(1)
    assert [hot.get(f"{msn}.m4s") is not None for msn in range(5)] == [False, False, True, True, True]
    hot.saved(3)  # not the oldest: what is older and unsaved keeps its place
    assert hot.get("2.m4s") is not None


def test_nothing_is_left_when_it_is_cleared() -> None:
    hot = filled(4, 5, saved=False)
    hot.clear()
    assert not any(hot.get(f"{msn}.m4s") or hot.get(f"{msn}.0.m4s") for msn in range(5))
