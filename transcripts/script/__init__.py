"""The approved script: its text out of a document, and which of its words stand beside which cue."""
