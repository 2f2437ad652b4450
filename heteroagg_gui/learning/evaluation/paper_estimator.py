"""The paper's five networks on stored images, sections 2.3.2 to 2.3.5."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch

from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.learning.dataset.reading import DataSet
from heteroagg_gui.learning.evaluation.estimator import ImageMemory, Indices, Reals, Values
from heteroagg_gui.learning.paper.estimators import combined_mixing_ratio, limited_cluster_size
from heteroagg_gui.learning.paper.model import PaperModel, load_paper
from heteroagg_gui.learning.paper.networks import PURPOSES, SET_SIZE

CHUNK = 8
SIZES = {"theta0": "theta_0", "theta1": "theta_1"}
NO_INTERVALS = "the paper's networks give point estimates"
NOT_ASKED = "none of the paper's networks estimates it"


class PaperEstimator:
    """The paper's networks; those that a model lacks leave their rows empty.

    CNN^0 and CNN^1 read 12 images. Smaller sets are repeated until there are 12; of larger
    ones the outputs for all runs of 12 neighbours are averaged.

    Parameters
    ----------
    name
        Name of the model.
    model
        Its networks.
    device
        The torch device they lie on.
    """

    def __init__(self, name: str, model: PaperModel, device: str = "cpu") -> None:
        self.name = name
        self.title = f"the paper's networks '{name}'"
        self._model = model
        self._device = device
        self.reasons: Mapping[str, str] = self._missing()
        self._memory = ImageMemory(self._read)
        self.cost = self._memory.cost

    def _missing(self) -> dict[str, str]:
        reasons = dict.fromkeys(
            ("n_particles", "s_tio2", "s_wo3", "z_hetero", "z_total"), NOT_ASKED
        )
        for quantity in ("theta_fractal_dimension", "theta_mixing_ratio"):
            reasons |= dict.fromkeys((f"{quantity}_low", f"{quantity}_high"), NO_INTERVALS)
        reasons["theta_mixing_ratio_on_grid"] = "the means of Eq. (14) are not tied to a grid"
        needed = {
            "fractal_dimension": ("Df",),
            "mixing_ratio": ("rho-class", "rho-reg"),
            "homogeneous": ("rho-class",),
            "theta_fractal_dimension": ("Df",),
            "theta_mixing_ratio": ("rho-class", "rho-reg"),
            **{name: (key,) for key, name in SIZES.items()},
            **{f"{name}_unrounded": (key,) for key, name in SIZES.items()},
        }
        for quantity, keys in needed.items():
            absent = [key for key in keys if key not in self._model.networks]
            if absent:
                reasons[quantity] = f"the model has no trained network {' and '.join(absent)}"
        return reasons

    def images(self, data: DataSet, indices: Indices, progress: Progress = no_progress) -> Values:
        """Return what the single-image networks say; see :class:`Estimator`."""
        return self._of_images(self._memory.rows(data, indices, progress))

    def sets(self, data: DataSet, groups: Indices, progress: Progress = no_progress) -> Values:
        """Return Eqs. (13) to (15); see :class:`Estimator`."""
        rows = self._memory.rows(data, groups, progress)
        single = self._of_images(rows)
        found = {
            f"theta_{key}": single[key].mean(axis=1)
            for key in ("fractal_dimension", "mixing_ratio")
            if key in single
        }
        for key, name in SIZES.items():
            if key in self._model.networks:
                output = self._over_sets(key, self._part(rows, key))
                found[f"{name}_unrounded"] = output
                found[name] = limited_cluster_size(torch.from_numpy(output)).numpy()
        return found

    def _of_images(self, rows: Reals) -> dict[str, Reals]:
        networks = self._model.networks
        values: dict[str, Reals] = {}
        if "Df" in networks:
            values["fractal_dimension"] = self._part(rows, "Df")[..., 0]
        if "rho-class" in networks:
            values["homogeneous"] = self._part(rows, "rho-class")[..., 0]
        if "rho-class" in networks and "rho-reg" in networks:
            regressed = torch.from_numpy(self._part(rows, "rho-reg")[..., 0])
            homogeneous = torch.from_numpy(values["homogeneous"])
            values["mixing_ratio"] = combined_mixing_ratio(regressed, homogeneous).numpy()
        return values

    def _over_sets(self, key: str, vectors: Reals) -> Reals:
        """Return the mean output of CNN^0 or CNN^1 for feature vectors (S, n, 112)."""
        count = vectors.shape[1]
        starts = range(count) if count > SET_SIZE else (0,)
        outputs = []
        for start in starts:
            chosen = vectors[:, (start + np.arange(SET_SIZE)) % count].astype(np.float32)
            read = self._model.over_sets(key, torch.from_numpy(chosen), self._device)
            outputs.append(read.numpy())
        return np.asarray(np.mean(outputs, axis=0), dtype=np.float64)

    def _part(self, rows: Reals, key: str) -> Reals:
        """Return the columns that a network wrote."""
        start = 0
        for other in self._model.networks:
            width = self._width(other)
            if other == key:
                return rows[..., start : start + width]
            start += width
        raise KeyError(key)

    def _width(self, key: str) -> int:
        return 1 if PURPOSES[key].images == 1 else self._model.networks[key].read_out_inputs

    def _read(self, data: DataSet, indices: Indices, progress: Progress) -> Reals:
        rows = []
        for start in range(0, len(indices), CHUNK):
            chunk = indices[start : start + CHUNK]
            levels = torch.from_numpy(data.levels(chunk)).to(self._device)
            scales = torch.from_numpy(data.full_scale[chunk]).to(self._device)
            found = self._model.read(levels, scales)
            rows.append(torch.cat(list(found.values()), dim=1).numpy().astype(np.float64))
            done = start + len(chunk)
            progress(done / len(indices), f"{self.name}: {done} of {len(indices)} images")
        return np.concatenate(rows)


def load_paper_estimator(folder: Path, name: str, device: str) -> PaperEstimator:
    """Load a stored model of the paper's networks for evaluation."""
    return PaperEstimator(name, load_paper(folder, device), device)
