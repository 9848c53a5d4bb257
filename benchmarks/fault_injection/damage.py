"""Eleven kinds of damage to a file, as caused by disks, editors and people."""

import shutil
from collections.abc import Callable
from pathlib import Path

FOREIGN = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4


def _cut(share: float) -> Callable[[Path], None]:
    def cut(path: Path) -> None:
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * share)])

    return cut


def _flip(share: float) -> Callable[[Path], None]:
    def flip(path: Path) -> None:
        content = bytearray(path.read_bytes())
        content[int(len(content) * share)] ^= 0x41
        path.write_bytes(bytes(content))

    return flip


def _write(content: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(content)

    return write


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _unreadable(path: Path) -> None:
    """Replace the file by a link to itself, which even the superuser cannot read."""
    path.unlink()
    path.symlink_to(path.name)


DAMAGES: dict[str, Callable[[Path], None]] = {
    "cut at a tenth": _cut(0.1),
    "cut in the middle": _cut(0.5),
    "cut near its end": _cut(0.99),
    "changed at its head": _flip(0.01),
    "changed in its middle": _flip(0.5),
    "empty": _write(b""),
    "a picture": _write(FOREIGN),
    "other JSON": _write(b'{"a": [1, null, {"b": NaN}]}'),
    "a folder": _folder,
    "unreadable": _unreadable,
    "gone": Path.unlink,
}


def copy_folder(source: Path, target: Path) -> Path:
    """Copy a folder, replacing an existing target, and return the path of the copy."""
    shutil.rmtree(target, ignore_errors=True)
    return Path(shutil.copytree(source, target))


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return the content of all readable files of a folder but its lock, by relative path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if not path.is_symlink() and path.is_file()
    }
