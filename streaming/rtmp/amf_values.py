"""The values of AMF0 and AMF3 (Adobe's Action Message Formats) and the bounded reader both decoders share.

Numbers are float, booleans bool, strings str, null None, anonymous objects dict, strict arrays list; the rest
has types of its own below, so that what was decoded can be encoded again.
"""

import struct
from dataclasses import dataclass
from enum import Enum

from streaming.rtmp.errors import ProtocolError

MAX_DEPTH = 16
MAX_VALUES = 4096  # the largest connect seen in the wild has under 60

_DOUBLE = struct.Struct(">d")


class AmfError(ProtocolError):
    """Bytes that are no AMF, or that are too deep or too many values."""


class Undefined(Enum):
    """AMF tells `undefined` from null."""

    UNDEFINED = "undefined"


UNDEFINED = Undefined.UNDEFINED


@dataclass(frozen=True, slots=True)
class AmfDate:
    """Milliseconds since 1970 in UTC. The format's time zone is reserved and is not kept."""

    milliseconds: float


@dataclass(frozen=True, slots=True)
class AmfXml:
    """An XML document, unparsed."""

    text: str


class EcmaArray(dict[str, "AmfValue"]):
    """An associative array: written with a count in front, otherwise an object."""


class TypedObject(dict[str, "AmfValue"]):
    """An object of a named class."""

    def __init__(self, class_name: str, values: "dict[str, AmfValue] | None" = None) -> None:
        super().__init__(values or {})
        self.class_name = class_name

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TypedObject) or self.class_name != other.class_name:
            return False
        return dict.__eq__(self, other)

    __hash__ = None  # mutable, as any dict


AmfValue = (
    None
    | bool
    | float
    | str
    | bytes
    | Undefined
    | AmfDate
    | AmfXml
    | list["AmfValue"]
    | dict[str, "AmfValue"]
    | EcmaArray
    | TypedObject
)
"""Any value. int is accepted where float is; bytes come from AMF3 only and cannot be written as AMF0."""


class Cursor:
    """A position in bytes that raises AmfError at the end, and counts values and depth against the limits."""

    __slots__ = ("_data", "_depth", "_position", "_values")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0
        self._depth = 0
        self._values = 0

    @property
    def left(self) -> int:
        return len(self._data) - self._position

    def take(self, count: int) -> bytes:
        end = self._position + count
        if end > len(self._data):
            raise AmfError(f"AMF ends {end - len(self._data)} bytes early")
        taken = self._data[self._position : end]
        self._position = end
        return taken

    def peek(self) -> int:
        """The next byte, which stays."""
        if not self.left:
            raise AmfError("AMF ends 1 byte early")
        return self._data[self._position]

    def unsigned(self, width: int) -> int:
        return int.from_bytes(self.take(width))

    def double(self) -> float:
        number: float = _DOUBLE.unpack(self.take(8))[0]
        return number

    def text(self, length: int) -> str:
        # Encoders on Chinese Windows have sent GBK here; a broken character must not cost the connection.
        return self.take(length).decode("utf-8", "replace")

    def count_value(self) -> None:
        self._values += 1
        if self._values > MAX_VALUES:
            raise AmfError(f"more than {MAX_VALUES} AMF values in one message")

    def enter(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise AmfError(f"AMF values nested more than {MAX_DEPTH} deep")

    def leave(self) -> None:
        self._depth -= 1
