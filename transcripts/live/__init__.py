"""Rough captions while a lecture is on the air."""
