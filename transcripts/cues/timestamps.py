"""Times as subtitle files write them."""

MS_OF_SECOND, MS_OF_MINUTE, MS_OF_HOUR = 1_000, 60_000, 3_600_000


def vtt_time(ms: int) -> str:
    """`00:01:02.345`, with more digits of hours where there are more (WebVTT §4.1). ms is not negative."""
    hours, rest = divmod(ms, MS_OF_HOUR)
    minutes, rest = divmod(rest, MS_OF_MINUTE)
    seconds, millis = divmod(rest, MS_OF_SECOND)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{millis:03}"


def srt_time(ms: int) -> str:
    """`00:01:02,345`."""
    return vtt_time(ms).replace(".", ",")


def clock_time(ms: int) -> str:
    """As a person reads it: `1:02`, `1:02:03`."""
    hours, rest = divmod(ms // MS_OF_SECOND, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
