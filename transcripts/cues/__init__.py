"""Words to cues by Chinese subtitle rules, and cues to files and back. Pure."""
