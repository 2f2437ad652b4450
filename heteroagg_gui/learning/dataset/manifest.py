"""The file dataset.json: plan, provenance and the list of finished chunks."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from heteroagg_gui.aggregation.descriptors import DESCRIPTORS
from heteroagg_gui.core.errors import DataSetError
from heteroagg_gui.core.files import replacing
from heteroagg_gui.learning.dataset.chunk_file import chunk_name
from heteroagg_gui.learning.dataset.plan import DataPlan, plan_from

MANIFEST = "dataset.json"
FORMAT = "heteroagg-training-data"
VERSION = 1


@dataclass(frozen=True)
class ChunkEntry:
    """A finished chunk: its size in bytes and the SHA-256 of its file."""

    size: int
    sha256: str


@dataclass
class Manifest:
    """What dataset.json says.

    Parameters
    ----------
    plan
        What the set consists of.
    provenance
        See :func:`~heteroagg_gui.learning.dataset.provenance.provenance_of`.
    chunks
        The finished chunks by number.
    """

    plan: DataPlan
    provenance: Mapping[str, Any]
    chunks: dict[int, ChunkEntry] = field(default_factory=dict)

    @property
    def missing(self) -> list[int]:
        """Numbers of the chunks that are not finished."""
        return [k for k in range(self.plan.n_chunks) if k not in self.chunks]

    def write(self, folder: Path) -> None:
        """Replace dataset.json in a folder."""
        document = {
            "format": FORMAT,
            "version": VERSION,
            "images": len(self.plan),
            "descriptors": [info.key for info in DESCRIPTORS],
            "provenance": self.provenance,
            "chunks": [
                {
                    "file": chunk_name(index),
                    "number": index,
                    "images": len(self.plan.chunk(index)),
                    "bytes": self.chunks[index].size,
                    "sha256": self.chunks[index].sha256,
                }
                for index in sorted(self.chunks)
            ],
            "plan": self.plan.as_dict(),
        }
        with replacing(folder / MANIFEST) as part:
            part.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Read dataset.json.

    Raises
    ------
    DataSetError
        If there is none, it is damaged or of another format.
    """
    path = folder / MANIFEST
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DataSetError(
            f"'{folder}' holds no training data: make some with 'heteroagg generate'."
        ) from error
    except (OSError, ValueError) as error:
        raise DataSetError(
            f"'{path}' can't be read ({error}): make the data again in an empty folder."
        ) from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise DataSetError(f"'{path}' does not describe training data: choose another folder.")
    if document.get("version") != VERSION:
        raise DataSetError(
            f"'{path}' has format version {document.get('version')}, this program reads "
            f"{VERSION}: make the data again."
        )
    try:
        chunks = {
            int(entry["number"]): ChunkEntry(int(entry["bytes"]), str(entry["sha256"]))
            for entry in document["chunks"]
        }
        provenance = dict(document["provenance"])
        plan = plan_from(document["plan"])
    except (KeyError, TypeError, ValueError) as error:
        raise DataSetError(
            f"'{path}' is damaged ({error}): make the data again in an empty folder."
        ) from error
    return Manifest(plan, provenance, chunks)


def entry_of(content: bytes) -> ChunkEntry:
    """Return size and SHA-256 of a file's content."""
    return ChunkEntry(len(content), hashlib.sha256(content).hexdigest())


def checksum(path: Path) -> ChunkEntry | None:
    """Return size and SHA-256 of a file; None if it is missing."""
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            return ChunkEntry(stream.tell(), digest)
    except FileNotFoundError:
        return None
