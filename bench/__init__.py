"""Measurements of a running server beside its peers: see scripts/bench and docs/performance.md."""
