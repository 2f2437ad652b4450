"""All controllers in one hand."""

from dataclasses import dataclass

from heteroagg_gui.gui.controllers.analysis import AnalysisController
from heteroagg_gui.gui.controllers.files import FilesController
from heteroagg_gui.gui.controllers.models import ModelsController
from heteroagg_gui.gui.controllers.navigation import NavigationController
from heteroagg_gui.gui.controllers.results import ResultsController
from heteroagg_gui.gui.controllers.simulation import SimulationController
from heteroagg_gui.gui.controllers.trainings import TrainingsController


@dataclass(frozen=True)
class Controllers:
    """Everything that panels and commands can ask for."""

    files: FilesController
    analysis: AnalysisController
    models: ModelsController
    navigation: NavigationController
    results: ResultsController
    simulation: SimulationController
    trainings: TrainingsController
