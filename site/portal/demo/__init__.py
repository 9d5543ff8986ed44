"""The sample lecture: its text, how it is made, and how it is put on the air through the real RTMP port."""
