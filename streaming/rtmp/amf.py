"""AMF0 (Adobe AMF 0 specification, 2007): the bodies of RTMP commands and data messages."""

import struct
from collections.abc import Callable, Mapping

from streaming.rtmp.amf3 import Amf3Reader
from streaming.rtmp.amf_values import (
    MAX_DEPTH,
    UNDEFINED,
    AmfDate,
    AmfError,
    AmfValue,
    AmfXml,
    Cursor,
    EcmaArray,
    TypedObject,
    Undefined,
)

_NUMBER, _BOOLEAN, _STRING, _OBJECT = 0x00, 0x01, 0x02, 0x03
_NULL, _UNDEFINED, _REFERENCE, _ECMA_ARRAY = 0x05, 0x06, 0x07, 0x08
_OBJECT_END, _STRICT_ARRAY, _DATE, _LONG_STRING = 0x09, 0x0A, 0x0B, 0x0C
_UNSUPPORTED, _XML, _TYPED_OBJECT, _AMF3 = 0x0D, 0x0F, 0x10, 0x11

_NUMBER_VALUE = struct.Struct(">Bd")
_DATE_VALUE = struct.Struct(">Bdh")


def decode(data: bytes) -> list[AmfValue]:
    """All AMF0 values of a message body. Raises AmfError."""
    return _Reader(Cursor(data)).values()


def encode(*values: AmfValue) -> bytes:
    """The values one after another. Raises AmfError for what AMF0 cannot hold."""
    out = bytearray()
    for value in values:
        _write(out, value, 0)
    return bytes(out)


class _Reader:
    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        # Complex values by order of appearance (§2.9); None while one is still being read.
        self._complex: list[AmfValue] = []
        self._amf3: Amf3Reader | None = None
        self._readers: dict[int, Callable[[], AmfValue]] = {
            _NUMBER: cursor.double,
            _BOOLEAN: lambda: cursor.unsigned(1) != 0,
            _STRING: self._short_string,
            _OBJECT: self._object,
            _NULL: lambda: None,
            _UNDEFINED: lambda: UNDEFINED,
            _UNSUPPORTED: lambda: UNDEFINED,
            _REFERENCE: self._reference,
            _ECMA_ARRAY: self._ecma_array,
            _STRICT_ARRAY: self._strict_array,
            _DATE: self._date,
            _LONG_STRING: self._long_string,
            _XML: lambda: AmfXml(self._long_string()),
            _TYPED_OBJECT: self._typed_object,
            _AMF3: self._switched,
        }

    def values(self) -> list[AmfValue]:
        values = []
        while self._cursor.left:
            values.append(self._value())
        return values

    def _value(self) -> AmfValue:
        self._cursor.count_value()
        marker = self._cursor.unsigned(1)
        reader = self._readers.get(marker)
        if reader is None:
            raise AmfError(f"AMF0 marker 0x{marker:02x} is not supported")
        self._cursor.enter()
        value = reader()
        self._cursor.leave()
        return value

    def _short_string(self) -> str:
        return self._cursor.text(self._cursor.unsigned(2))

    def _long_string(self) -> str:
        return self._cursor.text(self._cursor.unsigned(4))

    def _date(self) -> AmfDate:
        milliseconds = self._cursor.double()
        self._cursor.take(2)
        return AmfDate(milliseconds)

    def _switched(self) -> AmfValue:
        if self._amf3 is None:
            self._amf3 = Amf3Reader(self._cursor)
        return self._amf3.value()

    def _reference(self) -> AmfValue:
        index = self._cursor.unsigned(2)
        if index >= len(self._complex):
            raise AmfError(f"AMF0 reference {index} of {len(self._complex)}")
        value = self._complex[index]
        if value is None:
            raise AmfError("an AMF0 object refers to itself")
        return value

    def _object(self) -> AmfValue:
        return self._kept(self._members)

    def _ecma_array(self) -> AmfValue:
        self._cursor.take(4)  # the count is a hint: encoders send 0 and any other number (§2.10)
        return self._kept(lambda: EcmaArray(self._members()))

    def _typed_object(self) -> AmfValue:
        class_name = self._short_string()
        return self._kept(lambda: TypedObject(class_name, self._members()))

    def _strict_array(self) -> AmfValue:
        count = self._cursor.unsigned(4)
        if count > self._cursor.left:
            raise AmfError(f"AMF0 array announces {count} values in {self._cursor.left} bytes")
        return self._kept(lambda: [self._value() for _ in range(count)])

    def _kept(self, read: Callable[[], AmfValue]) -> AmfValue:
        place = len(self._complex)
        self._complex.append(None)
        value = self._complex[place] = read()
        return value

    def _members(self) -> dict[str, AmfValue]:
        members: dict[str, AmfValue] = {}
        while True:
            name = self._short_string()
            if name:
                members[name] = self._value()
            elif self._ends_here():
                return members
            else:
                members[""] = self._value()

    def _ends_here(self) -> bool:
        """After an empty name: the end marker, or else a value whose name is empty."""
        if self._cursor.peek() != _OBJECT_END:
            return False
        self._cursor.take(1)
        return True


def _write(out: bytearray, value: AmfValue, depth: int) -> None:
    if depth >= MAX_DEPTH:
        raise AmfError(f"AMF values nested more than {MAX_DEPTH} deep")
    match value:
        case None:
            out.append(_NULL)
        case Undefined():
            out.append(_UNDEFINED)
        case bool():
            out += bytes((_BOOLEAN, value))
        case int() | float():
            out += _NUMBER_VALUE.pack(_NUMBER, value)
        case str():
            _write_string(out, value)
        case AmfDate(milliseconds):
            out += _DATE_VALUE.pack(_DATE, milliseconds, 0)
        case AmfXml(text):
            out.append(_XML)
            encoded = _utf8(text)
            out += len(encoded).to_bytes(4) + encoded
        case list():
            out.append(_STRICT_ARRAY)
            out += len(value).to_bytes(4)
            for item in value:
                _write(out, item, depth + 1)
        case dict():
            _write_object(out, value, depth)
        case _:
            raise AmfError(f"AMF0 cannot hold {type(value).__name__}")


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _write_string(out: bytearray, text: str) -> None:
    encoded = _utf8(text)
    if len(encoded) > 0xFFFF:
        out.append(_LONG_STRING)
        out += len(encoded).to_bytes(4) + encoded
    else:
        out.append(_STRING)
        out += len(encoded).to_bytes(2) + encoded


def _write_name(out: bytearray, name: str) -> None:
    encoded = _utf8(name)
    if len(encoded) > 0xFFFF:
        raise AmfError("an AMF0 name is at most 65535 bytes long")
    out += len(encoded).to_bytes(2) + encoded


def _write_object(out: bytearray, value: Mapping[str, AmfValue], depth: int) -> None:
    if isinstance(value, EcmaArray):
        out.append(_ECMA_ARRAY)
        out += len(value).to_bytes(4)
    elif isinstance(value, TypedObject):
        out.append(_TYPED_OBJECT)
        _write_name(out, value.class_name)
    else:
        out.append(_OBJECT)
    for name, member in value.items():
        _write_name(out, name)
        _write(out, member, depth + 1)
    out += bytes((0, 0, _OBJECT_END))
