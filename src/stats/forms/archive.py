"""A workbook's archive with the same bytes on every machine. Knows nothing of what is in it."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

_EARLIEST_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX = 3


def packed_anew(archive: bytes) -> bytes:
    """The same archive without dates, system marks and compression, which differ between machines."""
    memory = BytesIO()
    with ZipFile(BytesIO(archive)) as source, ZipFile(memory, "w", ZIP_STORED) as target:
        for name in source.namelist():
            entry = ZipInfo(name, _EARLIEST_ZIP_DATE)
            entry.create_system = _UNIX
            target.writestr(entry, source.read(name))
    return memory.getvalue()
