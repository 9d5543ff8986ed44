"""RTMP publish server: handshake, chunks, AMF, session (no I/O), server (I/O)."""
