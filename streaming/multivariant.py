"""Multivariant playlists as text (draft-pantos-hls-rfc8216bis §4.4.6.2). Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_AVC = ("avc1", "avc3")


@dataclass(frozen=True, slots=True)
class Nominal:
    """What is known of a rendition before its first segment. bandwidth: bits per second, sound included."""

    codecs: str
    bandwidth: int
    width: int | None = None
    height: int | None = None
    frame_rate: float | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """A rendition as the multivariant playlist lists it; average is None before it is measured."""

    uri: str
    bandwidth: int
    average: int | None
    codecs: str
    width: int | None
    height: int | None
    frame_rate: float | None


@dataclass(frozen=True, slots=True)
class Subtitles:
    """A subtitle rendition that goes with every variant. name: for people; language: BCP 47."""

    group: str
    name: str
    language: str
    uri: str


def multivariant(
    variants: Sequence[Variant], *, version: int, independent: bool, subtitles: Subtitles | None = None
) -> str:
    """In the order given; a player without measurements of its own begins with the first."""
    lines = ["#EXTM3U", f"#EXT-X-VERSION:{version}"]
    if independent:
        lines.append("#EXT-X-INDEPENDENT-SEGMENTS")
    if subtitles is not None:
        lines.append(
            f'#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="{subtitles.group}",NAME="{subtitles.name}",'
            f'LANGUAGE="{subtitles.language}",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="{subtitles.uri}"'
        )
    group = f',SUBTITLES="{subtitles.group}"' if subtitles is not None else ""
    for variant in variants:
        lines += [_stream_inf(variant) + group, variant.uri]
    return "\n".join(lines) + "\n"


def _stream_inf(variant: Variant) -> str:
    attributes = [f"BANDWIDTH={variant.bandwidth}"]
    if variant.average is not None:
        attributes.append(f"AVERAGE-BANDWIDTH={variant.average}")
    if variant.codecs:
        attributes.append(f'CODECS="{variant.codecs}"')
    if variant.width and variant.height:
        attributes.append(f"RESOLUTION={variant.width}x{variant.height}")
    if variant.frame_rate:
        attributes.append(f"FRAME-RATE={variant.frame_rate:.3f}")
    return "#EXT-X-STREAM-INF:" + ",".join(attributes)


def common_codecs(codecs: Iterable[str]) -> str:
    """One CODECS string for a rendition whose configuration changed on the way.

    A decoder for the most demanding H.264 profile and level takes the lesser ones too, so one `avc1` stands
    for all of them; of other formats the newest is named.
    """
    chosen: dict[str, str] = {}
    for text in codecs:
        for codec in filter(None, (part.strip() for part in text.split(","))):
            kind = codec.split(".", 1)[0]
            if kind in _AVC and kind in chosen and _demand(chosen[kind]) > _demand(codec):
                continue
            chosen[kind] = codec
    return ",".join(chosen.values())


def _demand(avc: str) -> tuple[int, int]:
    """Profile and level of `avc1.PPCCLL` (RFC 6381 §3.3)."""
    hexadecimal = avc.split(".", 1)[1]
    return int(hexadecimal[:2], 16), int(hexadecimal[4:6], 16)
