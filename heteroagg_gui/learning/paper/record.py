"""What a campaign has found: networks, figures and curves, written after each network."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

from heteroagg_gui.core.errors import ModelError
from heteroagg_gui.core.files import replacing
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.learning.dataset.reading import DataSet
from heteroagg_gui.learning.model_card import CARD_FILE, PAPER_FIVE, read_card
from heteroagg_gui.learning.paper.basic import PIXEL_NM
from heteroagg_gui.learning.paper.examples import Examples, ImageStore, image_store
from heteroagg_gui.learning.paper.figures import Outputs, evaluation_sets, figures_of, outputs_on
from heteroagg_gui.learning.paper.model import (
    as_stored,
    load_weights,
    store_network,
    write_model_card,
)
from heteroagg_gui.learning.paper.networks import SET_SIZE, PaperNetwork
from heteroagg_gui.learning.paper.orders import StoredImages
from heteroagg_gui.learning.paper.shards import read_shards, write_shards
from heteroagg_gui.learning.paper.trainer import (
    PaperPlan,
    Place,
    begin,
    best_network,
    finish,
    simulated_examples,
    stored_examples,
    training_note,
)
from heteroagg_gui.learning.training.checkpoint import optimiser_tensors, restore_optimiser
from heteroagg_gui.learning.training.run import TrainingRun

METRICS_FILE = "metrics.json"


@dataclass
class Source:
    """Where examples come from.

    Parameters
    ----------
    data
        Stored training data; None where images are simulated while a network learns.
    store
        Gives the stored images to the device.
    workers
        Processes that simulate images.
    pixel_size_nm
        Edge of the images' pixels in nm.
    """

    data: StoredImages | None = None
    store: ImageStore | None = None
    workers: int = 0
    pixel_size_nm: float = PIXEL_NM

    @classmethod
    def stored(cls, data: DataSet, device: torch.device) -> "Source":
        """Return stored training data as a source, on the device if they fit."""
        store = image_store(data, np.arange(len(data), dtype=np.int64), device)
        return cls(data, store, pixel_size_nm=data.plan.frame.pixel_size_nm)

    def examples(self, key: str, plan: PaperPlan, place: Place) -> Examples:
        """Return the examples of a network."""
        if self.data is None or self.store is None:
            return simulated_examples(key, plan, place.device, self.workers)
        return stored_examples(key, plan, self.data, self.store, place.team)

    def description(self, examples: Examples) -> dict[str, Any]:
        """Return what the card says of the data."""
        if self.data is None:
            batch = next(iter(examples.validation()))
            trained_on = {"material_system": "tio2-wo3", "images": "simulated without end"}
            return {
                "pixel_size_nm": self.pixel_size_nm,
                "usual_full_scale": float(batch.full_scale.median()),
                "trained_on": trained_on,
            }
        return {
            "pixel_size_nm": self.pixel_size_nm,
            "usual_full_scale": float(np.median(self.data.full_scale[self.data.training])),
            "trained_on": {
                "material_system": "tio2-wo3",
                "images": len(self.data.training),
                "configurations": len(np.unique(self.data.configuration)),
            },
        }


@dataclass
class Campaign:
    """Networks, figures and curves of a model in the making.

    Parameters
    ----------
    out
        Where the model goes.
    source
        What the networks learn from.
    plan
        How each network is trained.
    place
        Where to compute.
    keep_optimiser
        Store the optimiser's state, too, in bfloat16: twice the size of the weights.
    """

    out: Path
    source: Source
    plan: PaperPlan
    place: Place
    keep_optimiser: bool = False
    networks: dict[str, Any] = field(default_factory=dict)
    curves: dict[str, Any] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.trained: list[str] = []
        self._before: Path | None = None
        self._earlier: dict[str, Any] = {}
        self._description: dict[str, Any] = {}
        sets = np.empty((0, SET_SIZE), dtype=np.int64)
        if self.source.data is not None:
            sets = evaluation_sets(self.source.data)
        self._outputs = Outputs(sets, {})

    def adopt(self, folder: Path) -> None:
        """Go on from what an earlier campaign has left in a folder.

        Raises
        ------
        ModelError
            If it holds no model with the metrics of a campaign.
        """
        self._before = folder
        self._earlier = dict(read_card(folder).document["networks"])
        try:
            metrics = json.loads((folder / METRICS_FILE).read_text(encoding="utf-8"))
            self.curves, figures = dict(metrics["curves"]), dict(metrics["figures"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(
                f"The file {METRICS_FILE} in '{folder}' is missing or damaged: give the folder "
                "of an earlier campaign, or start without --resume."
            ) from error
        if folder.resolve() == self.out.resolve():
            self.networks, self.figures = dict(self._earlier), figures

    def keep_others(self, keys: Sequence[str]) -> None:
        """Keep the networks of the folder that are not among those to be trained."""
        if not (self.out / CARD_FILE).exists():
            return
        card = read_card(self.out).document
        if card["kind"] == PAPER_FIVE and card.get("side") == self.plan.side:
            self.networks = {k: v for k, v in card["networks"].items() if k not in keys}
            self.figures = dict(card.get("figures", {}))

    def train(
        self,
        key: str,
        folder: Path,
        *,
        seconds: float | None,
        resume: bool = False,
        progress: Progress = no_progress,
    ) -> None:
        """Train one network, evaluate it and write everything found so far.

        Parameters
        ----------
        key
            Which network.
        folder
            Folder for its checkpoints.
        seconds
            Time for the training; None if the plan says how many epochs.
        resume
            Go on from the checkpoint in the folder, exactly.
        progress
            Receives the share done.

        Raises
        ------
        ModelError
            If the training diverges before there is any network worth keeping.
        """
        examples = self.source.examples(key, self.plan, self.place)
        run = begin(key, self.plan, examples, folder, self.place)
        folder.mkdir(parents=True, exist_ok=True)
        if resume:
            run.resume()
        elif self._before is not None and key in self._earlier:
            self._continue(run, key, self._before)
        try:
            finish(run, self.plan, seconds=seconds, report=PrintedEpochs(key), progress=progress)
        except ModelError as error:
            if run.best is None:
                raise
            print(f"{key}: {error} The best network so far is used.", flush=True)
        if not self.place.team.leads:
            return
        network = as_stored(best_network(run))
        self._description = self._description or self.source.description(examples)
        self._measure(network)
        self._store(network, run)

    def _continue(self, run: TrainingRun, key: str, before: Path) -> None:
        entry = self._earlier[key]
        load_weights(run.task.network, before, entry)
        if "optimiser" in entry:
            tensors = read_shards(before, entry["optimiser"])
            restore_optimiser(run.optimiser, {k: v.float() for k, v in tensors.items()})
        note = entry["training"]
        run.adopt(int(note["updates"]), float(note["seconds"]), self.curves.get(key, []))

    def _measure(self, network: PaperNetwork) -> None:
        data, store = self.source.data, self.source.store
        if data is None or store is None:
            return
        key = network.purpose.key
        rows = np.asarray(data.evaluation, dtype=np.int64)[:, None]
        if network.purpose.images > 1:
            rows = self._outputs.sets
        if not len(rows):
            return
        self._outputs.values[key] = outputs_on(network, store, rows, self.place.device)
        self.figures |= figures_of(data, self._outputs)

    def _store(self, network: PaperNetwork, run: TrainingRun) -> None:
        key = network.purpose.key
        entry = store_network(network, self.out, self.plan.features, training_note(run, self.plan))
        if self.keep_optimiser:
            kept = {
                k: v.bfloat16() if v.ndim else v
                for k, v in optimiser_tensors(run.optimiser).items()
            }
            entry["optimiser"] = write_shards(kept, self.out, f"adam-{key}")
        self.networks[key] = entry
        self.trained.append(key)
        self.curves[key] = run.log
        self.write()

    def write(self) -> None:
        """Write metrics.json and card.json."""
        metrics = {"figures": self.figures, "curves": self.curves, "seconds": self.seconds}
        write_metrics(self.out, metrics)
        more = {"side": self.plan.side, "figures": self.figures, **self._description}
        write_model_card(self.out, self.networks, more)


def write_metrics(folder: Path, metrics: Mapping[str, Any]) -> None:
    """Write figures and curves of a model as ``metrics.json``."""
    with replacing(folder / METRICS_FILE) as path:
        path.write_text(json.dumps(metrics), encoding="utf-8")


class PrintedEpochs:
    """Prints a line per epoch of one network."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, row: dict[str, Any]) -> None:
        """Print a row of figures."""
        print(epoch_line(self._key, row), flush=True)


class PrintedTenths:
    """Prints progress every tenth."""

    def __init__(self) -> None:
        self._last = -1

    def __call__(self, fraction: float, message: str) -> None:
        """Print the share done if it has grown by a tenth."""
        if int(10 * fraction) != self._last:
            self._last = int(10 * fraction)
            print(f"{fraction:.0%} {message}", flush=True)


def epoch_line(key: str, row: Mapping[str, Any]) -> str:
    """Return a row of figures as a line of text."""
    figures = " ".join(
        f"{name} {value:.4g}" for name, value in row.items() if isinstance(value, int | float)
    )
    return f"{key}: {figures}"
