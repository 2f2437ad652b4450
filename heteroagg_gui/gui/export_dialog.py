"""What to write, and where."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from heteroagg_gui.workflow.state import SessionState

FORMATS = (
    ("obj", "OBJ with materials", "Surfaces in nm, for Blender, MeshLab and other 3D programs"),
    ("xyz", "Extended XYZ", "Centres, radii and materials, opens in OVITO"),
    ("vtk", "VTK PolyData", "Centres, radii and materials, opens in ParaView"),
)
USUAL_COUNT = 10


class ExportDialog(QDialog):
    """Lists what will be written before it is written."""

    chosen = Signal(dict)

    def __init__(self, state: SessionState, folder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._most = len(state.shadows) if state.shadows is not None else 0
        self.setWindowTitle("Export")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(520)
        start = Path(folder) if folder else Path.home()
        self.folder = QLineEdit(str(start / "heteroagg-results"))
        self.folder.setAccessibleName("Folder")
        self.browse = QPushButton("Choose…")
        self.formats: dict[str, tuple[QCheckBox, QSpinBox]] = {}
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.save = self.buttons.addButton("Export", QDialogButtonBox.ButtonRole.AcceptRole)
        self.save.setDefault(True)
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setIcon(QIcon())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        row = QHBoxLayout()
        row.addWidget(self.folder, 1)
        row.addWidget(self.browse)
        form = QFormLayout()
        form.addRow("Folder", row)
        layout.addLayout(form)
        layout.addWidget(self._contents(state))
        if self._most:
            layout.addWidget(self._singles())
        layout.addWidget(self.buttons)
        self.browse.clicked.connect(self._ask_folder)
        self.folder.textChanged.connect(lambda text: self.save.setEnabled(bool(text.strip())))
        self.buttons.accepted.connect(self._accept)
        self.buttons.rejected.connect(self.reject)

    @staticmethod
    def _contents(state: SessionState) -> QLabel:
        lines = []
        if state.prediction is not None:
            lines.append("prediction.json: θ with its intervals, and the estimates of each image")
        if state.shadows is not None:
            count = len(state.shadows)
            lines += [
                f"particles.csv: every particle of {count} shadows, in nm",
                "descriptors.csv: one row for each shadow",
                "summary.json: mean, standard deviation and quantiles of each descriptor",
            ]
        label = QLabel("These files are written:\n" + "\n".join(f"•  {line}" for line in lines))
        label.setWordWrap(True)
        return label

    def _singles(self) -> QGroupBox:
        box = QGroupBox("Also write single shadows")
        rows = QGridLayout(box)
        rows.setColumnStretch(2, 1)
        for row, (key, title, tip) in enumerate(FORMATS):
            check = QCheckBox(f"{title}, the first")
            check.setToolTip(tip)
            count = QSpinBox()
            count.setRange(1, self._most)
            count.setValue(min(USUAL_COUNT, self._most))
            count.setSuffix(f" of {self._most}")
            count.setEnabled(False)
            count.setToolTip(tip)
            check.toggled.connect(count.setEnabled)
            rows.addWidget(check, row, 0)
            rows.addWidget(count, row, 1)
            self.formats[key] = (check, count)
        return box

    def _ask_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Export to a folder", self.folder.text())
        if name:
            self.folder.setText(name)

    def _accept(self) -> None:
        values: dict[str, object] = {"folder": Path(self.folder.text().strip()).expanduser()}
        for key, (check, count) in self.formats.items():
            values[key] = count.value() if check.isChecked() else 0
        self.accept()
        self.chosen.emit(values)
