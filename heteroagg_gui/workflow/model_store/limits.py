"""What a network's file may hold, and how large it may be."""

import shutil
from pathlib import Path

from heteroagg_gui.core.errors import ModelError

CARD = "card.json"
MATERIALS = "materials"
NETWORK_KINDS = frozenset({".json", ".safetensors", ".md", ".txt", ".csv"})
MATERIAL_KINDS = frozenset({".json", ".npz"})
LARGEST_BYTES = 2_000_000_000
LARGEST_TEXT_BYTES = 16_000_000
MOST_FILES = 200
_SPARE_BYTES = 50_000_000


def check_size(path: str, size: int, title: str) -> None:
    """Refuse a file that is larger than any network's.

    Raises
    ------
    ModelError
        With a sentence that names it.
    """
    is_text = Path(path).suffix not in (".safetensors", ".npz")
    if size > (LARGEST_TEXT_BYTES if is_text else LARGEST_BYTES):
        raise ModelError(
            f"'{Path(path).name}' in '{title}' has {size / 1e6:.0f} MB, more than any network "
            "needs: ask for a file that was exported by this program."
        )


def check_total(sizes: list[int], title: str, folder: Path) -> None:
    """Refuse what is too much altogether, or more than there is room for in ``folder``.

    Raises
    ------
    ModelError
        With a sentence that says which.
    """
    total = sum(sizes)
    if len(sizes) > MOST_FILES or total > LARGEST_BYTES:
        raise ModelError(
            f"'{title}' holds {len(sizes)} files of {total / 1e6:.0f} MB altogether, more than "
            "any network needs: ask for a file that was exported by this program."
        )
    room = shutil.disk_usage(folder).free - _SPARE_BYTES
    if total > room:
        raise ModelError(
            f"There is no room for '{title}': it takes {total / 1e6:.0f} MB in '{folder}'; make "
            "room and install it again."
        )
