"""The paper's five networks from common starts: read-outs, figures and weights in one command.

``python -m heteroagg_gui.learning.paper.from_start --data DIR --start DIR --out DIR``
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor

from heteroagg_gui.core.errors import HeteroaggError
from heteroagg_gui.core.files import replacing
from heteroagg_gui.learning.compact import device_named
from heteroagg_gui.learning.dataset.reading import open_dataset
from heteroagg_gui.learning.paper.basic import BasicFeatures, ReadOut
from heteroagg_gui.learning.paper.common_start import (
    VALIDATION_SHARE,
    StartedFeatures,
    started_features,
)
from heteroagg_gui.learning.paper.examples import image_store
from heteroagg_gui.learning.paper.figures import Outputs, evaluation_sets, figures_of
from heteroagg_gui.learning.paper.model import (
    COMMON_FEATURES,
    as_stored,
    entry_of,
    write_model_card,
)
from heteroagg_gui.learning.paper.networks import PURPOSES, Purpose
from heteroagg_gui.learning.paper.orders import fewer_evaluated
from heteroagg_gui.learning.paper.read_outs import (
    ReadOutTask,
    describe,
    fresh_read_out,
    joined,
)
from heteroagg_gui.learning.paper.record import PrintedTenths, Source, epoch_line, write_metrics
from heteroagg_gui.learning.paper.shards import in_half_precision, write_shards
from heteroagg_gui.learning.paper.trainer import (
    PaperPlan,
    Place,
    image_side,
    stored_examples,
    training_note,
)
from heteroagg_gui.learning.training.loop import train
from heteroagg_gui.learning.training.run import TrainingRun
from heteroagg_gui.learning.training.task import Limits

EVALUATIONS = 256
LEARNING_RATE = 1e-3
UPDATES = 4000
PLAIN, INVERTED = "plain", "inverted"


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(description="The paper's networks from a common start.")
    parser.add_argument("--data", type=Path, required=True, help="the paper's training data")
    parser.add_argument("--start", type=Path, required=True, help="folder of a common start")
    parser.add_argument(
        "--inverted-start", type=Path, help="one of inverted images, for CNN^1 [--start]"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder of the model")
    parser.add_argument("--work", type=Path, required=True, help="folder that can be deleted")
    parser.add_argument("--evaluated", type=int, help="evaluation images at most [all]")
    parser.add_argument("--updates", type=int, default=UPDATES, help="updates of each g")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    parser.add_argument("--seed", type=int, default=1, help="seed of weights and order")
    return parser.parse_args(arguments)


@dataclass
class Start:
    """One common start and what its features say of the images.

    Parameters
    ----------
    name
        ``plain`` or ``inverted``.
    started
        The features.
    vectors
        Feature vectors of all images, shape (n, 112).
    shards
        Where the features' weights are stored.
    """

    name: str
    started: StartedFeatures
    vectors: Tensor
    shards: list[dict[str, Any]]


class Builder:
    """Makes a model from common starts.

    Parameters
    ----------
    options
        See :func:`parse`.
    """

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._device = torch.device(device_named(options.device))
        self._data = open_dataset(options.data)
        if options.evaluated is not None:
            self._data.evaluation = fewer_evaluated(self._data, options.evaluated, options.seed)
        indices = np.arange(len(self._data), dtype=np.int64)
        self._store = image_store(self._data, indices, self._device)
        self._source = Source(
            self._data, self._store, pixel_size_nm=self._data.plan.frame.pixel_size_nm
        )
        self._plan = PaperPlan(
            side=image_side(self._data.plan.frame),
            batch=EVALUATIONS,
            learning_rate=LEARNING_RATE,
            falling=True,
            validation_share=VALIDATION_SHARE,
            seed=options.seed,
        )
        self._starts: dict[str, Start] = {}
        options.work.mkdir(parents=True, exist_ok=True)
        options.out.mkdir(parents=True, exist_ok=True)

    def build(self) -> dict[str, Any]:
        """Describe images, train the five read-outs, evaluate and write; return the figures."""
        plain = self._start(PLAIN, self._options.start)
        inverted = plain
        if self._options.inverted_start is not None:
            inverted = self._start(INVERTED, self._options.inverted_start)
        outputs = Outputs(evaluation_sets(self._data), {})
        networks, curves = {}, {}
        for key, purpose in PURPOSES.items():
            start = inverted if purpose.inverted else plain
            used = replace(purpose, inverted=start.name == INVERTED)
            read_out, run = self._trained(used, start)
            outputs.values[key] = self._said(used, read_out, start, outputs)
            networks[key] = self._stored(used, read_out, run, start)
            curves[key] = run.log
        figures = figures_of(self._data, outputs)
        self._write(networks, curves, figures)
        return figures

    def _start(self, name: str, folder: Path) -> Start:
        started = started_features(folder, self._plan.side)
        tensors = {f"features.{k}": v for k, v in started.features.state_dict().items()}
        shards = write_shards(
            in_half_precision(tensors), self._options.out, f"{COMMON_FEATURES}{name}"
        )
        vectors = self._vectors(name, started.features, shards)
        self._starts[name] = Start(name, started, vectors, shards)
        return self._starts[name]

    def _vectors(
        self, name: str, features: BasicFeatures, shards: Sequence[dict[str, Any]]
    ) -> Tensor:
        """Return the feature vectors of all images that are used, from an earlier call if equal."""
        used = np.union1d(self._data.training, self._data.evaluation)
        version = f"{shards[0]['sha256'][:12]}-{len(used)}"
        path = self._options.work / f"vectors-{name}-{version}.safetensors"
        if not path.exists():
            features.to(self._device)
            found = describe(
                features, self._store, used, inverted=name == INVERTED, progress=PrintedTenths()
            )
            vectors = torch.zeros((len(self._data), found.shape[1]))
            vectors[torch.from_numpy(used)] = found
            with replacing(path) as part:
                save_file({"vectors": vectors}, part)
        return load_file(path)["vectors"]

    def _trained(self, purpose: Purpose, start: Start) -> tuple[ReadOut, TrainingRun]:
        read_out = fresh_read_out(purpose, self._plan.seed)
        examples = stored_examples(purpose.key, self._plan, self._data, self._store)
        task = ReadOutTask(purpose, read_out, examples, start.vectors)
        folder = self._options.work / f"read-out-{purpose.key}"
        folder.mkdir(exist_ok=True)
        run = TrainingRun(task, self._plan.recipe, folder, torch.device("cpu"))
        train(run, Limits(steps=self._options.updates))
        print(epoch_line(purpose.key, run.best or {}), flush=True)
        run.load_best()
        return as_stored(read_out).eval(), run

    def _said(
        self, purpose: Purpose, read_out: ReadOut, start: Start, outputs: Outputs
    ) -> NDArray[np.float64]:
        rows = outputs.sets
        if purpose.images == 1:
            rows = np.asarray(self._data.evaluation, dtype=np.int64)[:, None]
        with torch.inference_mode():
            said = purpose.transfer(read_out(joined(start.vectors, rows)))
        return said.double().numpy()

    def _stored(
        self, purpose: Purpose, read_out: ReadOut, run: TrainingRun, start: Start
    ) -> dict[str, Any]:
        tensors = {f"read_out.{k}": v for k, v in read_out.state_dict().items()}
        own = write_shards(in_half_precision(tensors), self._options.out, f"read-out-{purpose.key}")
        training = {
            **training_note(run, self._plan),
            "epochs": self._epochs(start),
            "images": start.started.note["images"],
        }
        return entry_of(purpose, "basic", [*start.shards, *own], training)

    def _epochs(self, start: Start) -> float:
        """Return how often the features have seen each training image."""
        learnt = (1.0 - self._plan.validation_share) * len(self._data.training)
        return round(float(start.started.note["images"]) / learnt, 2)

    def _write(
        self, networks: dict[str, Any], curves: dict[str, Any], figures: dict[str, Any]
    ) -> None:
        write_metrics(self._options.out, {"figures": figures, "curves": curves})
        examples = self._source.examples("Df", self._plan, Place(self._device))
        more = {
            "side": self._plan.side,
            "figures": figures,
            "training": {
                "device": str(self._device),
                "torch": str(torch.__version__),
                **{name: start.started.note for name, start in self._starts.items()},
                "seconds": sum(s.started.note["seconds"] for s in self._starts.values()),
                "updates": sum(s.started.note["updates"] for s in self._starts.values()),
            },
            **self._source.description(examples),
        }
        write_model_card(self._options.out, networks, more)


def main(arguments: Sequence[str] | None = None) -> int:
    """Build a model from the command line and return the exit status."""
    options = parse(arguments)
    try:
        figures = Builder(options).build()
    except HeteroaggError as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(figures, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
