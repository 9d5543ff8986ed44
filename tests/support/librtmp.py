"""librtmp, the client library inside OBS and most encoders. Debian's ffmpeg brings it along."""

import ctypes
import ctypes.util


def find() -> str | None:
    """The library's name, None where the machine has none."""
    return ctypes.util.find_library("rtmp")


def push(library: str, url: str, flv: bytes) -> bool:
    """Publish a whole FLV file as fast as it is taken; False when the server refuses. Blocks."""
    rtmp = ctypes.CDLL(library)
    rtmp.RTMP_Alloc.restype = ctypes.c_void_p
    handle = ctypes.c_void_p(rtmp.RTMP_Alloc())
    address = ctypes.create_string_buffer(url.encode())  # librtmp keeps pointers into it
    try:
        rtmp.RTMP_Init(handle)
        rtmp.RTMP_SetupURL(handle, address)
        rtmp.RTMP_EnableWrite(handle)
        if not rtmp.RTMP_Connect(handle, None) or not rtmp.RTMP_ConnectStream(handle, 0):
            return False
        written: int = rtmp.RTMP_Write(handle, flv, len(flv))
        return written == len(flv)
    finally:
        rtmp.RTMP_Close(handle)
        rtmp.RTMP_Free(handle)
