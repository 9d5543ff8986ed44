"""Recognising a lecture after its end: pieces, checkpoints, pauses, progress."""
