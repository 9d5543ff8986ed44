"""Versions of the subtitles, who corrects them, and what is published."""
