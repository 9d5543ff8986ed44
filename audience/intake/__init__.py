"""Taking beacons in: reading them, who sends them, and committing them in batches."""
