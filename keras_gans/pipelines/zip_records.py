"""The list of files in a zip archive: checks and names that `zipfile` leaves out."""

import os
import zipfile
from collections.abc import Sequence
from pathlib import Path

_END, _LARGE_END = 22, 98  # bytes of the record at the end, also with that for many files
_NAME = 26  # bytes of the record in front of a file before the length of its name
_UTF8 = 0x800  # a flag
_OLD_ENCODING = "cp437"


def check_list(path: Path, archive: zipfile.ZipFile, endings: Sequence[str]) -> None:
    """Checks that the list of files is complete, and that the names of other files are right.

    Damage to a single bit can hide the rest of the list in the comment of a file, or a file behind
    the name of another. The names of files that are read are checked by `zipfile`.

    Args:
        path: Path of the archive.
        archive: The opened archive.
        endings: Sequence of strings, the endings of the names of wanted files.

    Raises:
        ValueError: If the list is damaged.
    """
    members = archive.infolist()
    with path.open("rb") as file:
        noted = _noted(file, path.stat().st_size, len(archive.comment))
        if noted not in (len(members), len(members) % (1 << 16)):  # of many files, old programs
            raise ValueError(f"it lists {len(members):,} files instead of {noted:,}")
        read = {member.filename: member for member in members}  # the last one of a name
        for member in members:
            is_wanted = member.filename.lower().endswith(tuple(endings))
            if not is_wanted or read[member.filename] is not member:
                _check_name(file, member)


def name_of(member: zipfile.ZipInfo) -> str:
    """Returns the name of a file; macOS and Linux write UTF-8 without noting it.

    Args:
        member: `zipfile.ZipInfo`, whose name may have been read in the encoding of MS-DOS.
    """
    if member.flag_bits & _UTF8:
        return member.filename
    try:
        return member.filename.encode(_OLD_ENCODING).decode()
    except UnicodeError:
        return member.filename


def _noted(file, size, comment):
    """Returns the number of files according to the end of the archive."""
    file.seek(-min(size, _LARGE_END + comment), os.SEEK_END)
    end = file.read()
    if end.startswith(b"PK\6\6"):
        return int.from_bytes(end[32:40], "little")
    return int.from_bytes(end[-_END - comment :][10:12], "little")


def _check_name(file, member):
    """Compares a name in the list with its copy in front of the file."""
    file.seek(member.header_offset + _NAME)
    length = int.from_bytes(file.read(4)[:2], "little")
    encoding = "utf-8" if member.flag_bits & _UTF8 else _OLD_ENCODING
    if file.read(length) != member.orig_filename.encode(encoding):
        raise ValueError(f"the name {member.filename!r} is damaged")
