"""What adds up at the door of beacons, for /metrics: counted where it happens."""

from prometheus_client import Counter, Histogram

BEACONS = Counter(
    "weiketang_beacons",
    "Beacons by what became of them: accepted, or the reason of the refusal.",
    ["outcome"],
)
BATCH_SECONDS = Histogram(
    "weiketang_beacon_batch_seconds",
    "Time to commit a batch of beacons.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
BATCH_BEACONS = Histogram(
    "weiketang_beacon_batch_size", "Beacons in a batch.", buckets=(1, 5, 20, 50, 100, 200, 500, 1000, 5000)
)
