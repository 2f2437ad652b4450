"""All controllers in one hand."""

from dataclasses import dataclass

from heteroagg_gui.gui.controllers.analysis import AnalysisController
from heteroagg_gui.gui.controllers.files import FilesController
from heteroagg_gui.gui.controllers.models import ModelsController
from heteroagg_gui.gui.controllers.navigation import NavigationController
from heteroagg_gui.gui.controllers.networks import NetworksController
from heteroagg_gui.gui.controllers.results import ResultsController
from heteroagg_gui.gui.controllers.retraining import RetrainingController
from heteroagg_gui.gui.controllers.sessions import SessionsController
from heteroagg_gui.gui.controllers.simulation import SimulationController
from heteroagg_gui.gui.controllers.trainings import TrainingsController


@dataclass(frozen=True)
class Controllers:
    """Everything that panels and commands can ask for."""

    files: FilesController
    analysis: AnalysisController
    models: ModelsController
    networks: NetworksController
    navigation: NavigationController
    results: ResultsController
    sessions: SessionsController
    simulation: SimulationController
    retraining: RetrainingController
    trainings: TrainingsController
