"""What adds up in the media process, for /metrics: counted where it happens."""

from prometheus_client import Counter

PARTS_ANNOUNCED = Counter("weiketang_parts_announced", "Parts listed for players.", ["rendition"])
PARTS_WRITTEN = Counter("weiketang_journal_parts_written", "Parts written to the journals' disk.")
JOURNAL_ALARMS = Counter("weiketang_journal_alarms", "Alarms of the journals.", ["kind"])
PUBLISHES_REFUSED = Counter("weiketang_publishes_refused", "Encoders that were not let in.", ["code"])
ENCODER_RESTARTS = Counter("weiketang_encoder_restarts", "Encoders of rungs replaced in mid-lecture.")
PICTURES_LEFT_OUT = Counter(
    "weiketang_encoder_pictures_left_out", "Pictures no rung has: too slow an encoder."
)
RUNGS_SHED = Counter("weiketang_rungs_shed", "Rungs given up for the rest of their lecture.")
