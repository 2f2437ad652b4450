"""What the window remembers between sessions: its place, its docks, what was opened."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QSettings

Batch = tuple[Path, ...]

LAYOUT_VERSION = 1
MOST_RECENT = 8
_MOST_FILES = 200


class Remembered:
    """Reads and writes the settings store; a damaged entry counts as missing."""

    def __init__(self, store: QSettings) -> None:
        self._store = store

    def recent(self) -> list[Batch]:
        """Return the batches opened before, the latest first, without those that are gone."""
        text = self._store.value("recent", "[]")
        try:
            entries = json.loads(str(text))
            batches = [tuple(Path(str(path)) for path in entry) for entry in entries]
        except (ValueError, TypeError):
            return []
        return [batch for batch in batches if batch and batch[0].exists()]

    def add_recent(self, paths: Sequence[Path]) -> None:
        """Put a batch in front of the list."""
        batch = tuple(path.absolute() for path in paths[:_MOST_FILES])
        if not batch:
            return
        batches = [batch, *(old for old in self.recent() if old != batch)][:MOST_RECENT]
        self._store.setValue("recent", json.dumps([[str(p) for p in b] for b in batches]))

    def clear_recent(self) -> None:
        """Forget what was opened."""
        self._store.remove("recent")

    def bytes_of(self, key: str) -> QByteArray | None:
        """Return a stored geometry or layout."""
        value = self._store.value(f"window/{LAYOUT_VERSION}/{key}")
        return value if isinstance(value, QByteArray) and not value.isEmpty() else None

    def keep_bytes(self, key: str, value: QByteArray) -> None:
        """Store a geometry or layout."""
        self._store.setValue(f"window/{LAYOUT_VERSION}/{key}", value)

    def document_of(self, key: str) -> dict[str, Any]:
        """Return values kept under a key; empty where there are none."""
        try:
            document = json.loads(str(self._store.value(f"documents/{key}", "{}")))
        except ValueError:
            return {}
        return document if isinstance(document, dict) else {}

    def keep_document(self, key: str, document: Mapping[str, Any]) -> None:
        """Keep numbers and texts by their names."""
        self._store.setValue(f"documents/{key}", json.dumps(dict(document)))

    def sync(self) -> None:
        """Write everything now."""
        self._store.sync()
