"""winmail.dat: what Outlook packs attachments into for those who have no Outlook ([MS-OXTNEF]). Names and bytes out, nothing run.

No maintained library with a licence that suits us reads it, and the little of it that holds files is this.
"""

import struct
from collections.abc import Iterator

SIGNATURE = 0x223E9F78
BODY, NEW_FILE, FILE_NAME, FILE_DATA, FILE_PROPERTIES = 0x0002800C, 0x00069002, 0x00018010, 0x0006800F, 0x00069005
HEADER = struct.Struct("<BII")
MOST_PARTS = 5000
LONG_NAMES = (struct.pack("<HH", 0x001F, 0x3707), struct.pack("<HH", 0x001E, 0x3707))  # PidTagAttachLongFilename


def is_winmail(data: bytes) -> bool:
    """Whether the bytes begin as one."""
    return len(data) > 6 and bool(struct.unpack_from("<I", data)[0] == SIGNATURE)


def unpacked(data: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    """(the letter's words when they are in clear, [(name, bytes)]). What is cut off or damaged ends it there."""
    body, files = "", []
    name, held = "", b""
    for kind, value in _parts(data):
        if kind == NEW_FILE:
            if held:
                files.append((name, held))
            name, held = "", b""
        elif kind == BODY:
            body = value.rstrip(b"\0").decode("cp1252", "replace")
        elif kind == FILE_NAME:
            name = name or value.rstrip(b"\0").decode("cp1252", "replace")
        elif kind == FILE_DATA:
            held = value
        elif kind == FILE_PROPERTIES:
            name = _long_name(value) or name
    if held:
        files.append((name, held))
    return body, files


def _parts(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6  # the signature and a key
    for _n in range(MOST_PARTS):
        if at + HEADER.size > len(data):
            return
        _level, kind, size = HEADER.unpack_from(data, at)
        at += HEADER.size
        if at + size > len(data):
            return
        yield kind, data[at : at + size]
        at += size + 2  # and a checksum


def _long_name(properties: bytes) -> str:
    """The file's whole name out of its properties: type, id, how many values, length, the words."""
    for mark in LONG_NAMES:
        at = properties.find(mark)
        if at >= 0 and at + 12 <= len(properties):
            count, size = struct.unpack_from("<II", properties, at + 4)
            raw = properties[at + 12 : at + 12 + size]
            if count == 1 and len(raw) == size and size < 1000:
                return raw.decode("utf-16-le" if mark == LONG_NAMES[0] else "cp1252", "replace").rstrip("\0")
    return ""
