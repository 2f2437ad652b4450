"""The tag tree of DigitalMicrograph files, versions 3 and 4.

Both versions hold one tree of named or numbered tags. Structure is written big-endian,
values in the byte order that the header announces; version 4 widens counts to 64 bits and
states the size of each entry.
"""

import os
import struct
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

_GROUP, _DATA = 20, 21
_STRUCT, _STRING, _ARRAY = 15, 18, 20
_SIMPLE = dict(enumerate("hiHIfd?bbqQ", start=2))
"""Codes of numbers and their layouts in the terms of :mod:`struct`."""

_UINT16 = 4
PIXELS = "Data"
"""The tag that holds an image's pixels; small ones of 16 bits look like text."""

_LONGEST_TEXT = 4096
_DEEPEST_GROUP = 64
_LONGEST_DESCRIPTION = 10_000


class DamagedTagsError(ValueError):
    """The bytes are no DigitalMicrograph tag tree."""


@dataclass(frozen=True)
class Block:
    """An array left in the file: where its bytes start and how many there are."""

    offset: int
    size: int


@dataclass(frozen=True)
class Tags:
    """The tree, and the byte order ("<" or ">") of the values in the file.

    Unnamed tags go by their position: "0", "1", ...
    """

    tree: dict[str, Any]
    byte_order: Literal["<", ">"]


def read_tags(file: BinaryIO) -> Tags:
    """Read the tree and leave arrays in the file.

    Raises
    ------
    DamagedTagsError, EOFError
        If the bytes are no such tree, or end too early.
    """
    reader = _TagReader(file)
    return Tags(reader.group(depth=0), reader.byte_order)


def tag(tree: Any, *path: str) -> Any:
    """Return the value at this path of names below ``tree``, or None."""
    for name in path:
        if not isinstance(tree, dict):
            return None
        tree = tree.get(name)
    return tree


class _TagReader:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._size = file.seek(0, os.SEEK_END)
        file.seek(0)
        version = self._number(">I")
        if version not in (3, 4):
            raise DamagedTagsError(f"version {version}")
        self._wide = version == 4
        self._word()
        order = self._number(">I")
        if order not in (0, 1):
            raise DamagedTagsError(f"byte order {order}")
        self.byte_order: Literal["<", ">"] = "<" if order == 1 else ">"

    def _take(self, size: int) -> bytes:
        if size > self._size - self._file.tell():
            raise EOFError("the file ends inside a tag")
        return self._file.read(size)

    def _number(self, layout: str) -> int:
        return int(struct.unpack(layout, self._take(struct.calcsize(layout)))[0])

    def _word(self) -> int:
        return self._number(">Q" if self._wide else ">I")

    def group(self, depth: int) -> dict[str, Any]:
        if depth > _DEEPEST_GROUP:
            raise DamagedTagsError("groups nested too deeply")
        self._take(2)  # whether the group is sorted, whether it is open
        tree: dict[str, Any] = {}
        for position in range(self._word()):
            kind = self._number(">B")
            name = self._take(self._number(">H")).decode("latin-1") or str(position)
            if self._wide:
                self._word()  # size of the entry
            if kind == _GROUP:
                tree[name] = self.group(depth + 1)
            elif kind == _DATA:
                tree[name] = self._value(may_be_text=name != PIXELS)
            else:
                raise DamagedTagsError(f"tag of kind {kind}")
        return tree

    def _value(self, may_be_text: bool) -> Any:
        if self._take(4) != b"%%%%":
            raise DamagedTagsError("delimiter missing")
        length = self._word()
        if not 1 <= length <= _LONGEST_DESCRIPTION:
            raise DamagedTagsError(f"description of {length} words")
        description = [self._word() for _ in range(length)]
        if description[0] == _ARRAY:
            return self._array(description, may_be_text)
        if description[0] == _STRING and length == 2:
            return self._take(description[1]).decode("latin-1")
        values = self._unpack(_members(description))
        return values if description[0] == _STRUCT else values[0]

    def _unpack(self, layout: str) -> tuple[Any, ...]:
        layout = self.byte_order + layout
        return struct.unpack(layout, self._take(struct.calcsize(layout)))

    def _array(self, description: list[int], may_be_text: bool) -> Any:
        size = _bytes_of(description)
        if may_be_text and description[1] == _UINT16 and size <= _LONGEST_TEXT:
            order = "utf-16-le" if self.byte_order == "<" else "utf-16-be"
            return self._take(size).decode(order, errors="replace")
        block = Block(self._file.tell(), size)
        if size > self._size - block.offset:
            raise EOFError("the file ends inside an array")
        self._file.seek(size, os.SEEK_CUR)
        return block


def _members(description: list[int]) -> str:
    """Return the ``struct`` layout of a number or a structure."""
    codes = description[4::2] if description[0] == _STRUCT else description[:1]
    try:
        return "".join(_SIMPLE[code] for code in codes)
    except KeyError as error:
        raise DamagedTagsError(f"value of kind {error}") from error


def _bytes_of(description: list[int]) -> int:
    """Return the size of a value in bytes; an array ends with its length."""
    if description[:1] == [_ARRAY]:
        return _bytes_of(description[1:-1]) * description[-1]
    if not description:
        raise DamagedTagsError("array without a kind")
    return struct.calcsize("=" + _members(description))
