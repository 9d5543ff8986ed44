"""What /metrics tells of the lectures held; what adds up is counted in `streaming.counters`."""

from collections.abc import Callable, Iterable, Iterator

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from streaming.lecture import LiveLecture


class HeldLectures(Collector):
    """A collector over the lectures held at the moment it is asked; asked in a thread."""

    def __init__(self, lectures: Callable[[], Iterable[LiveLecture]]) -> None:
        self._lectures = lectures

    def collect(self) -> Iterator[Metric]:
        held = list(self._lectures())
        on_air = [lecture for lecture in held if lecture.on_air is not None]
        yield _gauge("weiketang_lectures_held", "Lectures this process holds.", len(held))
        yield _gauge("weiketang_publications_on_air", "Encoders that are on the air.", len(on_air))
        waiting = sum(
            len(rendition.changes)
            for lecture in held
            for rendition in list(lecture.media.renditions.values())
        )
        yield _gauge("weiketang_requests_held", "Requests waiting for the next part or playlist.", waiting)
        queued = _by_lecture("weiketang_journal_queued_bytes", "Media that is not on the disk yet.")
        bits = _by_lecture("weiketang_received_bits_per_second", "What the encoder on the air sends.")
        for lecture in held:
            journal, publication = lecture.media.journal, lecture.on_air
            if journal is not None:
                queued.add_metric([lecture.name.number], journal.queued)
            if publication is not None:
                bits.add_metric([lecture.name.number], publication.bits_per_second() or 0)
        yield queued
        yield bits


def _gauge(name: str, help: str, value: float) -> Metric:
    return GaugeMetricFamily(name, help, value=value)


def _by_lecture(name: str, help: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, help, labels=["broadcast"])
