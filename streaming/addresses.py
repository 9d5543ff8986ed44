"""Where a lecture is watched and published to."""

from dataclasses import dataclass
from uuid import UUID

from core.secrets import AppSecrets
from core.settings import Settings
from streaming.keys import stream_key


@dataclass(frozen=True, slots=True)
class PublicAddresses:
    """For everybody. Both playlists are multivariant playlists."""

    watch_url: str
    playlist_url: str
    replay_url: str


@dataclass(frozen=True, slots=True)
class EncoderAddress:
    """What the encoder's two fields take; for the lecturer alone."""

    rtmp_url: str
    stream_key: str


def public_addresses(settings: Settings, number: str) -> PublicAddresses:
    site = settings.public_url
    return PublicAddresses(
        watch_url=f"{site}/l/{number}",
        playlist_url=f"{site}/live/{number}/index.m3u8",
        replay_url=f"{site}/replay/{number}/index.m3u8",
    )


def encoder_address(
    settings: Settings, secrets: AppSecrets, broadcast_id: UUID, number: str, key_version: int
) -> EncoderAddress:
    key = stream_key(secrets.current, broadcast_id, number, key_version)
    return EncoderAddress(rtmp_url=settings.public_rtmp_url, stream_key=key)
