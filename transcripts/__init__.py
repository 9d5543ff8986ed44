"""What was said in a lecture: recognition, cues, subtitles, their editor, and search in speech."""
