"""A lecture on the air: RTMP in, ladder, packager, journal, LL-HLS out."""
