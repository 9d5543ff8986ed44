"""Reading AMF3 (Adobe AMF 3 specification, 2013), which a value switches to by AMF0's marker 0x11.

Only what a publisher's commands carry: Flash-era encoders that connect with objectEncoding 3. Externalizable
objects, vectors and dictionaries have no meaning here and raise AmfError.
"""

from collections.abc import Callable
from dataclasses import dataclass

from streaming.rtmp.amf_values import (
    MAX_VALUES,
    UNDEFINED,
    AmfDate,
    AmfError,
    AmfValue,
    AmfXml,
    Cursor,
    EcmaArray,
    TypedObject,
)


@dataclass(frozen=True, slots=True)
class _Traits:
    class_name: str
    members: tuple[str, ...]
    dynamic: bool


class _Unfinished:
    """Stands in the table for a value that is still being read: a reference to it would be a cycle."""


_UNFINISHED = _Unfinished()


class Amf3Reader:
    """Reads AMF3 values; its three reference tables (§2.2) live as long as the message."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._strings: list[str] = []
        self._objects: list[AmfValue | _Unfinished] = []
        self._traits: list[_Traits] = []
        self._readers: dict[int, Callable[[], AmfValue]] = {
            0x00: lambda: UNDEFINED,
            0x01: lambda: None,
            0x02: lambda: False,
            0x03: lambda: True,
            0x04: self._integer,
            0x05: cursor.double,
            0x06: self._string,
            0x07: self._xml,
            0x08: self._date,
            0x09: self._array,
            0x0A: self._object,
            0x0B: self._xml,
            0x0C: self._byte_array,
        }

    def value(self) -> AmfValue:
        self._cursor.count_value()
        marker = self._cursor.unsigned(1)
        reader = self._readers.get(marker)
        if reader is None:
            raise AmfError(f"AMF3 marker 0x{marker:02x} is not supported")
        self._cursor.enter()
        value = reader()
        self._cursor.leave()
        return value

    def _u29(self) -> int:
        value = 0
        for _ in range(3):
            byte = self._cursor.unsigned(1)
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                return value
        return value << 8 | self._cursor.unsigned(1)  # the fourth byte carries eight bits (§1.3.1)

    def _integer(self) -> float:
        value = self._u29()
        return float(value - (1 << 29) if value & (1 << 28) else value)

    def _string(self) -> str:
        header = self._u29()
        if not header & 1:
            return self._referenced_string(header >> 1)
        text = self._cursor.text(header >> 1)
        if text:  # the empty string is never sent by reference (§1.3.2)
            self._strings.append(text)
        return text

    def _referenced_string(self, index: int) -> str:
        if index >= len(self._strings):
            raise AmfError(f"AMF3 string reference {index} of {len(self._strings)}")
        return self._strings[index]

    def _referenced_object(self, index: int) -> AmfValue:
        if index >= len(self._objects):
            raise AmfError(f"AMF3 object reference {index} of {len(self._objects)}")
        value = self._objects[index]
        if isinstance(value, _Unfinished):
            raise AmfError("an AMF3 object refers to itself")
        return value

    def _remember(self, value: AmfValue) -> AmfValue:
        self._objects.append(value)
        return value

    def _date(self) -> AmfValue:
        header = self._u29()
        if not header & 1:
            return self._referenced_object(header >> 1)
        return self._remember(AmfDate(self._cursor.double()))

    def _xml(self) -> AmfValue:
        header = self._u29()
        if not header & 1:
            return self._referenced_object(header >> 1)
        return self._remember(AmfXml(self._cursor.text(header >> 1)))

    def _byte_array(self) -> AmfValue:
        header = self._u29()
        if not header & 1:
            return self._referenced_object(header >> 1)
        return self._remember(self._cursor.take(header >> 1))

    def _array(self) -> AmfValue:
        """A list, or an EcmaArray when there are named members; dense ones are then named by their index."""
        header = self._u29()
        if not header & 1:
            return self._referenced_object(header >> 1)
        place = len(self._objects)
        self._objects.append(_UNFINISHED)
        named = self._named_values()
        dense = [self.value() for _ in range(header >> 1)]
        value: AmfValue = dense
        if named:
            value = EcmaArray(named | {str(index): item for index, item in enumerate(dense)})
        self._objects[place] = value
        return value

    def _object(self) -> AmfValue:
        header = self._u29()
        if not header & 1:
            return self._referenced_object(header >> 1)
        traits = self._object_traits(header)
        place = len(self._objects)
        self._objects.append(_UNFINISHED)
        values = {name: self.value() for name in traits.members}
        if traits.dynamic:
            values |= self._named_values()
        value: AmfValue = TypedObject(traits.class_name, values) if traits.class_name else values
        self._objects[place] = value
        return value

    def _object_traits(self, header: int) -> _Traits:
        """Traits by reference, or inline: flag bits 01 ref, 0111 externalizable, x011 inline (§3.12)."""
        if header & 0b11 == 0b01:
            index = header >> 2
            if index >= len(self._traits):
                raise AmfError(f"AMF3 traits reference {index} of {len(self._traits)}")
            return self._traits[index]
        if header & 0b111 == 0b111:
            raise AmfError("AMF3 externalizable objects are not supported")
        count = header >> 4
        if count > MAX_VALUES:
            raise AmfError(f"AMF3 object announces {count} members")
        class_name = self._string()
        traits = _Traits(class_name, tuple(self._string() for _ in range(count)), bool(header & 0b1000))
        self._traits.append(traits)
        return traits

    def _named_values(self) -> dict[str, AmfValue]:
        values: dict[str, AmfValue] = {}
        while name := self._string():
            values[name] = self.value()
        return values
