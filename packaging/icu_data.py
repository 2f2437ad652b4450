"""Taking out of ICU's data, the largest file of Qt on Linux, what Qt never asks for."""

import platform
import shutil
import struct
import subprocess
import tempfile
from pathlib import Path

from failure import BootstrapError

# Qt has its own tables for all of these; it asks ICU for the order of names and for codecs.
DROPPED = ("brkitr", "curr", "lang", "rbnf", "region", "translit", "unit", "zone")
LIBRARY = "internal/PySide6/Qt/lib/libicudata.so.*"
TOOLS = ("cc", "objcopy")
_FORMAT = b"CmnD"
_FORMAT_AT = 12
_ALIGNED = 16
_ASSEMBLY = """
    .section .rodata
    .balign 16
    .globl {symbol}
    .type {symbol}, @object
    .size {symbol}, {size}
{symbol}:
    .incbin "{data}"
    .section .note.GNU-stack,"",@progbits
"""


def items_of(data: bytes) -> dict[str, bytes]:
    """Return the items of a package of ICU's data by name, in their order.

    Raises
    ------
    BootstrapError
        If it is none.
    """
    if data[_FORMAT_AT : _FORMAT_AT + 4] != _FORMAT:
        raise BootstrapError("ICU's data have another format than expected: leave them whole.")
    (begin,) = struct.unpack_from("<H", data)
    (count,) = struct.unpack_from("<I", data, begin)
    table = [struct.unpack_from("<II", data, begin + 4 + 8 * k) for k in range(count)]
    ends = [begin + at for _, at in table[1:]] + [len(data)]
    items = {}
    for (name_at, at), end in zip(table, ends, strict=True):
        stop = data.index(b"\0", begin + name_at)
        items[data[begin + name_at : stop].decode("ascii")] = data[begin + at : end]
    return items


def packed(header: bytes, items: dict[str, bytes]) -> bytes:
    """Return a package of items.

    Parameters
    ----------
    header
        The header of the package they come from.
    items
        Their contents by name, in the order of the names.
    """
    names = b"".join(name.encode("ascii") + b"\0" for name in items)
    at = 4 + 8 * len(items) + len(names)
    at += -(len(header) + at) % _ALIGNED
    table, contents, name_at = [], [], 4 + 8 * len(items)
    padding = bytes(at - name_at - len(names))
    for name, item in items.items():
        whole = item + bytes(-len(item) % _ALIGNED)
        table.append(struct.pack("<II", name_at, at))
        contents.append(whole)
        name_at += len(name) + 1
        at += len(whole)
    count = struct.pack("<I", len(items))
    return b"".join([header, count, *table, names, padding, *contents])


def without_dropped(data: bytes) -> bytes:
    """Return a package of ICU's data without the folders that nothing asks for."""
    (begin,) = struct.unpack_from("<H", data)
    items = items_of(data)
    kept = {name: item for name, item in items.items() if name.split("/")[1] not in DROPPED}
    return packed(data[:begin], kept)


def read_library(library: Path) -> bytes:
    """Return the package in a library of ICU's data."""
    with tempfile.TemporaryDirectory() as folder:
        content = Path(folder, "data")
        _run("objcopy", "-O", "binary", "--only-section=.rodata", str(library), str(content))
        return content.read_bytes()


def write_library(data: bytes, library: Path) -> None:
    """Make a library ``libicudata.so.NUMBER`` of a package."""
    number = library.name.rpartition(".")[2]
    with tempfile.TemporaryDirectory() as folder:
        content, source, made = (Path(folder, name) for name in ("data", "data.s", "data.so"))
        content.write_bytes(data)
        text = _ASSEMBLY.format(symbol=f"icudt{number}_dat", size=len(data), data=content)
        source.write_text(text, encoding="utf-8")
        options = ("-shared", "-nostdlib", "-Wl,-Bsymbolic", f"-Wl,-soname,{library.name}")
        _run("cc", *options, "-o", str(made), str(source))
        shutil.copyfile(made, library)


def trim_icu(bundle: Path) -> int:
    """Trim ICU's data where there are any and the tools for it; return the bytes saved."""
    if platform.system() != "Linux" or not all(map(shutil.which, TOOLS)):
        return 0
    saved = 0
    for library in bundle.glob(LIBRARY):
        before = library.stat().st_size
        write_library(without_dropped(read_library(library)), library)
        saved += before - library.stat().st_size
    return saved


def _run(*command: str) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise BootstrapError(f"'{command[0]}' failed on ICU's data: {done.stderr.strip()}")
