"""Files that the commands write: checked before the work begins, and whole or not at all."""

from pathlib import Path

from rnncore.errors import ConfigError
from rnncore.files import sealed


def check_save(file: Path, *, source: Path | None = None) -> None:
    """Refuse a place where nothing could be written, before any work is done for it.

    Parameters
    ----------
    file
        Where a file is to go.
    source
        A file that must not be overwritten.

    Raises
    ------
    ConfigError
        It is a folder, or lies in none, or cannot be written, or is the source.
    """
    file = file.absolute()
    try:
        if file.is_dir():
            raise ConfigError(f"'--save' must name a file, and '{file}' is a folder: add a name to it.")
        if not file.parent.is_dir():
            raise ConfigError(f"'--save' must name a file in a folder that exists, and '{file.parent}' does not.")
        if source is not None and file.exists() and source.exists() and file.samefile(source):
            raise ConfigError(f"'--save' must not name the text itself, '{file}': it would be overwritten.")
        if _is_special(file):
            return
        if file.exists():
            file.open("ab").close()
        part = _part(file)
        part.open("ab").close()
        part.unlink()
    except OSError as error:
        said = f"'--save' must name a file that can be written, and '{str(file)[-80:]}' cannot: {error.strerror}."
        raise ConfigError(said) from None


def write_whole(file: Path, data: bytes) -> None:
    """Write a whole file or none: an interrupted write never leaves half of one behind."""
    if _is_special(file):
        file.write_bytes(data)
        return
    file = file.resolve()  # a link stays a link
    part = _part(file)
    try:
        part.write_bytes(data)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def read_saved(file: Path) -> bytes:
    """Return the bytes of a saved file; of one that is none of ours only the beginning is read."""
    with sealed.refusals_told():
        return sealed.read_bytes(file)


def _part(file: Path) -> Path:
    resolved = file.resolve()
    return resolved.with_name(resolved.name + ".part")


def _is_special(file: Path) -> bool:
    """Return whether it is there and no ordinary file, such as /dev/null, which must not be replaced."""
    return file.exists() and not file.is_file()
