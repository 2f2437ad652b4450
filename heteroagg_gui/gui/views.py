"""Builds the panels of the workbench and joins them with the controllers."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from heteroagg_gui.gui.controllers.bundle import Controllers
from heteroagg_gui.gui.highlight import Highlight
from heteroagg_gui.gui.icons import IconKeeper
from heteroagg_gui.gui.network_view import as_network_sees
from heteroagg_gui.gui.panel import Panel
from heteroagg_gui.gui.panels.batch import BatchPanel
from heteroagg_gui.gui.panels.descriptors import DescriptorPanel
from heteroagg_gui.gui.panels.micrograph import MicrographPanel
from heteroagg_gui.gui.panels.prediction import PredictionPanel
from heteroagg_gui.gui.panels.viewer import ViewerPanel
from heteroagg_gui.gui.workbench import Workbench


class Views(QObject):
    """The panels of the workbench."""

    def __init__(
        self, icons: IconKeeper, highlight: Highlight, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.batch = BatchPanel(icons, self)
        self.micrograph = MicrographPanel(icons, as_network_sees, self)
        self.viewer = ViewerPanel(icons, self)
        self.prediction = PredictionPanel(icons, self)
        self.descriptors = DescriptorPanel(icons, highlight, self)
        self.workbench = Workbench(
            self.batch, self.micrograph, self.viewer, self.prediction, self.descriptors
        )
        self.viewer.open_if_possible()

    @property
    def panels(self) -> tuple[Panel, ...]:
        """All panels."""
        return (
            self.batch,
            self.micrograph,
            self.viewer,
            self.prediction,
            self.descriptors,
        )

    @property
    def key_widgets(self) -> tuple[QWidget, ...]:
        """Widgets in which the keys of images and shadows count."""
        widgets = [self.batch.list, self.prediction.table.widget, self.micrograph.view.widget]
        if self.viewer.scene is not None:
            widgets.append(self.viewer.scene.widget)
        return tuple(widgets)

    def connect_to(self, to: Controllers) -> None:
        """Send what the panels ask for to the controllers."""
        batch, micrograph, viewer = self.batch, self.micrograph, self.viewer
        batch.selected.connect(to.navigation.select_image)
        batch.include_asked.connect(to.files.include)
        batch.remove_asked.connect(to.files.remove)
        batch.retry_asked.connect(to.files.retry)
        batch.group_asked.connect(to.files.set_group)
        batch.open_asked.connect(to.files.ask_files)
        micrograph.pixel_size_given.connect(to.files.set_pixel_size)
        micrograph.failed.connect(to.files.failed)
        micrograph.copy_asked.connect(lambda: to.results.copy_picture(micrograph.picture))
        micrograph.save_asked.connect(
            lambda: to.results.save_picture("micrograph", micrograph.picture)
        )
        viewer.shadow_chosen.connect(to.navigation.select_shadow)
        viewer.step_asked.connect(to.navigation.step_shadow)
        viewer.copy_asked.connect(lambda: to.results.copy_picture(viewer.picture))
        viewer.save_asked.connect(lambda: to.results.save_picture("shadow", viewer.picture))
        self.prediction.image_selected.connect(to.navigation.select_image)
        self.prediction.copy_text_asked.connect(to.results.copy_text)
        self.prediction.copy_csv_asked.connect(to.results.copy_csv)
        self._connect_descriptors(to)

    def _connect_descriptors(self, to: Controllers) -> None:
        panel = self.descriptors
        panel.shadow_chosen.connect(to.navigation.select_shadow)
        panel.copy_asked.connect(lambda: to.results.copy_picture(panel.picture))
        panel.save_picture_asked.connect(
            lambda: to.results.save_picture("descriptors", panel.picture)
        )
        panel.save_data_asked.connect(
            lambda: to.results.save_text("Save descriptors", "descriptors.csv", panel.as_csv)
        )

    def stop(self) -> None:
        """End the work of the panels."""
        self.batch.stop()
        self.micrograph.stop()
        self.viewer.close()
