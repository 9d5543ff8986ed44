from hypothesis import given
from hypothesis import strategies as st

from streaming.encoder_queue import EncoderQueue, QueueLimits
from streaming.samples import VideoSample

TWO_SECONDS = QueueLimits(seconds=2.0, bytes=1_000_000)


def picture(frame: int, *, gop: int = 25, size: int = 100) -> VideoSample:
    time = frame * 40
    return VideoSample(time, time, frame % gop == 0, bytes(size))


def taken(queue: EncoderQueue) -> list[int]:
    frames = []
    while (sample := queue.take()) is not None:
        frames.append(sample.dts_ms // 40)
    return frames


def test_pictures_come_out_in_order() -> None:
    queue = EncoderQueue(TWO_SECONDS)
    for frame in range(20):
        assert queue.offer(picture(frame)) == 0
    assert (len(queue), queue.waiting_ms, queue.waiting_bytes) == (20, 760, 2000)
    assert taken(queue) == list(range(20))
    assert queue.waiting_bytes == 0


def test_what_comes_before_the_first_keyframe_is_not_missed() -> None:
    queue = EncoderQueue(TWO_SECONDS)
    for frame in range(5, 30):
        assert queue.offer(picture(frame)) == 0
    assert queue.left_out == 0
    assert taken(queue) == list(range(25, 30))


def test_past_two_seconds_the_group_that_is_not_complete_is_left_out() -> None:
    queue = EncoderQueue(TWO_SECONDS)
    for frame in range(52):
        queue.offer(picture(frame))
    assert queue.left_out == 2  # frame 50 and 51: the third group had begun
    for frame in range(52, 75):
        queue.offer(picture(frame))
    assert taken(queue) == list(range(50))


def test_past_the_bytes_too() -> None:
    queue = EncoderQueue(QueueLimits(seconds=100, bytes=3_000))
    for frame in range(31):
        queue.offer(picture(frame))
    assert queue.left_out == 6
    assert queue.waiting_bytes == 2_500


def test_a_group_longer_than_the_queue_loses_only_its_rest() -> None:
    queue = EncoderQueue(TWO_SECONDS)
    for frame in range(100):
        queue.offer(picture(frame, gop=250))
    assert taken(queue) == list(range(51))
    assert queue.left_out == 49


def test_it_goes_on_at_a_keyframe_once_half_is_free() -> None:
    queue = EncoderQueue(TWO_SECONDS)
    for frame in range(76):
        queue.offer(picture(frame))  # full; the keyframe 75 is refused
    assert queue.left_out == 26
    while queue.waiting_ms > 1000:
        queue.take()
    ended = [queue.offer(picture(frame)) for frame in range(76, 102)]
    assert ended == [0] * 24 + [50, 0]
    assert queue.left_out == 0
    assert taken(queue)[-2:] == [100, 101]


def fall_behind(queue: EncoderQueue, first: int) -> None:
    """Two seconds and a little arrive at once; then all is taken and the next keyframe is awaited."""
    for frame in range(first, first + 53):
        queue.offer(picture(frame))
    taken(queue)
    assert queue.left_out


def test_falling_behind_three_times_in_thirty_seconds_is_an_overload() -> None:
    queue = EncoderQueue(TWO_SECONDS)
    fall_behind(queue, 0)
    fall_behind(queue, 300)
    assert not queue.overloaded
    fall_behind(queue, 600)
    assert queue.overloaded


def test_falling_behind_now_and_then_is_none() -> None:
    queue = EncoderQueue(TWO_SECONDS)
    for first in (0, 500, 1000, 1500):
        fall_behind(queue, first)
    assert not queue.overloaded


def test_an_encoder_that_stands_still_is_an_overload_too() -> None:
    queue = EncoderQueue(TWO_SECONDS)
    for frame in range(290):
        queue.offer(picture(frame))
    assert not queue.overloaded
    for frame in range(290, 320):
        queue.offer(picture(frame))
    assert queue.overloaded


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5), st.integers(0, 400)), max_size=300))
def test_what_is_taken_can_always_be_decoded(steps: list[tuple[bool, int, int]]) -> None:
    """Behind a gap comes a keyframe, nothing comes twice, and the bounds hold."""
    queue = EncoderQueue(QueueLimits(seconds=0.5, bytes=2_000))
    offered: list[VideoSample] = []
    out: list[VideoSample] = []
    told = 0
    for keyframe, takes, size in steps:
        time = len(offered) * 40
        offered.append(VideoSample(time, time, keyframe, bytes(size)))
        told += queue.offer(offered[-1])
        assert queue.waiting_ms <= 500
        assert queue.waiting_bytes <= 2_000
        for _ in range(takes):
            if (sample := queue.take()) is not None:
                out.append(sample)
    waiting = len(queue)
    while (sample := queue.take()) is not None:
        out.append(sample)
    frames = [sample.dts_ms // 40 for sample in out]
    assert frames == sorted(set(frames))
    for before, now, sample in zip([None, *frames], frames, out, strict=False):
        assert sample.keyframe or (before is not None and now == before + 1)
    first = next((index for index, sample in enumerate(offered) if sample.keyframe), len(offered))
    assert len(out) + told + queue.left_out == len(offered) - first
    assert waiting <= len(out)
