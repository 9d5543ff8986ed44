"""The plan: Broadcast (期次), its public number and its states."""
