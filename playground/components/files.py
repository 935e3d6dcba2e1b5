"""Style sheets and scripts that lie beside the modules which use them."""

from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@cache
def file(name: str) -> str:
    """Return the text of a file of this folder; read once."""
    return (HERE / name).read_text(encoding="utf-8")


@cache
def beside(module: str, name: str) -> str:
    """Return the text of a file that lies beside a module, told by its ``__file__``; read once."""
    return Path(module).with_name(name).read_text(encoding="utf-8")
