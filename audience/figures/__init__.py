"""Figures from what was counted: reports, recounts, sealed months."""
