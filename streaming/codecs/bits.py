"""Bits of a parameter set: fixed fields, Exp-Golomb codes, and the bytes under them."""


class CodecError(ValueError):
    """A decoder configuration that cannot be read; the text is for the log and names what is wrong."""


def unescape(nal: bytes) -> bytes:
    """The RBSP of a NAL unit: emulation prevention bytes taken out (ITU-T H.264 §7.4.1, H.265 §7.4.2)."""
    if b"\x00\x00\x03" not in nal:
        return nal
    out = bytearray()
    zeros = 0
    for byte in nal:
        if zeros >= 2 and byte == 3:
            zeros = 0
            continue
        zeros = zeros + 1 if byte == 0 else 0
        out.append(byte)
    return bytes(out)


class BitReader:
    """Reads big-endian bit fields; every read past the end raises `CodecError`."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0

    @property
    def left(self) -> int:
        """Bits not read yet."""
        return len(self._data) * 8 - self._position

    @property
    def position(self) -> int:
        """Bits read so far."""
        return self._position

    def u(self, bits: int) -> int:
        """An unsigned field of that many bits."""
        end = self._position + bits
        if end > len(self._data) * 8:
            raise CodecError("the configuration ends in the middle of a field")
        first, last = self._position // 8, (end + 7) // 8
        word = int.from_bytes(self._data[first:last], "big")
        self._position = end
        return (word >> (last * 8 - end)) & ((1 << bits) - 1)

    def flag(self) -> bool:
        return self.u(1) == 1

    def skip(self, bits: int) -> None:
        if bits > self.left:
            raise CodecError("the configuration ends in the middle of a field")
        self._position += bits

    def align(self) -> None:
        """Go on to the next byte boundary."""
        self._position = (self._position + 7) // 8 * 8

    def ue(self) -> int:
        """An unsigned Exp-Golomb code (H.264 §9.1)."""
        zeros = 0
        while not self.flag():
            zeros += 1
            if zeros > 32:
                raise CodecError("an Exp-Golomb code of more than 32 leading zeros")
        return (1 << zeros) - 1 + (self.u(zeros) if zeros else 0)

    def se(self) -> int:
        """A signed Exp-Golomb code (H.264 §9.1.1)."""
        code = self.ue()
        return (code + 1) // 2 if code % 2 else -(code // 2)


def bounded(value: int, low: int, high: int, what: str) -> int:
    """The value, or `CodecError` when it lies outside what the standard allows."""
    if not low <= value <= high:
        raise CodecError(f"{what} is {value}, expected {low} to {high}")
    return value


def frame_rate(units_in_tick: int, time_scale: int, ticks_per_frame: int) -> float | None:
    """Frames per second told by a VUI, or None when it tells nothing that could be true.

    Encoders fed with millisecond times write a time base there (1/1000), not a frame rate.
    """
    if not units_in_tick or not time_scale:
        return None
    fps = time_scale / (units_in_tick * ticks_per_frame)
    return fps if 1 <= fps <= 240 else None


class RecordReader:
    """Byte fields of a configuration record; reading past the end raises `CodecError`."""

    def __init__(self, data: bytes, name: str) -> None:
        self._data = data
        self._name = name
        self._position = 0

    def take(self, count: int) -> bytes:
        piece = self._data[self._position : self._position + count]
        if len(piece) < count:
            raise CodecError(f"{self._name} of {len(self._data)} bytes ends too early")
        self._position += count
        return piece

    def u8(self) -> int:
        return self.take(1)[0]

    def nal(self) -> bytes:
        """A NAL unit behind its 16-bit length."""
        return self.take(int.from_bytes(self.take(2), "big"))
