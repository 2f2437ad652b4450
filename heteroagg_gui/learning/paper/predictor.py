"""Prediction of theta by the paper's five networks, Eqs. (13)-(15)."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from heteroagg_gui.core.errors import ModelError, ParameterError
from heteroagg_gui.core.micrograph import Micrograph
from heteroagg_gui.core.prediction import ImagePrediction, Prediction
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.learning.paper.estimators import combined_mixing_ratio, limited_cluster_size
from heteroagg_gui.learning.paper.field import Field, centred_field
from heteroagg_gui.learning.paper.intensities import encode
from heteroagg_gui.learning.paper.model import UNDERTRAINED, PaperModel
from heteroagg_gui.learning.paper.networks import PURPOSES, SET_SIZE

RANDOM_SETS = 32
SETS = ("theta0", "theta1")


class PaperPredictor:
    """The paper's networks: sets of exactly 12 images, point estimates.

    Parameters
    ----------
    model
        The networks.
    device
        The device they lie on.
    """

    def __init__(self, model: PaperModel, device: str) -> None:
        self.card = model.card
        self.device = device
        self._model = model

    def predict(
        self, micrographs: Sequence[Micrograph], progress: Progress = no_progress
    ) -> Prediction:
        """Estimate theta from images of aggregates of one sample.

        More than 12 images enter theta_Df and theta_rho with equal weight, and theta_0 and
        theta_1 through random sets of 12. theta_0 and theta_1 are limited to 1 ... 6.

        Parameters
        ----------
        micrographs
            Calibrated images, one aggregate each, at least 12.
        progress
            Receives the share of images done.

        Raises
        ------
        ModelError
            If one of the five networks is missing.
        MicrographError
            If an image can't be prepared.
        ParameterError
            If there are fewer than 12 images, all of which can be prepared.
        """
        self._check_complete()
        fields = [self._field(micrograph) for micrograph in micrographs]
        if len(micrographs) < SET_SIZE:
            raise ParameterError(
                f"The paper's networks read sets of {SET_SIZE} images, and there are "
                f"{len(micrographs)}: add images of the same sample or use the compact network."
            )
        limits = self.card.document.get("limits", ())
        warnings = [text for text in limits if text.startswith(UNDERTRAINED)]
        values: dict[str, list[Tensor]] = {key: [] for key in PURPOSES}
        for done, (micrograph, field) in enumerate(zip(micrographs, fields, strict=True), start=1):
            for key, value in self._read(torch.from_numpy(field.intensities)[None]).items():
                values[key].append(value)
            progress(done / len(micrographs), f"Reading {micrograph.name}")
        relative = sum(not field.absolute for field in fields)
        if relative:
            warnings.append(
                f"{relative} of {len(micrographs)} images are not in fractions of the incident "
                "beam, on which theta_1 depends: their brightness was set to what is usual in "
                "the training images."
            )
        if len(micrographs) > SET_SIZE:
            warnings.append(
                f"The networks for theta_0 and theta_1 read {SET_SIZE} images at a time: the "
                f"estimates are means over {RANDOM_SETS} random sets of the {len(micrographs)}."
            )
        table = {key: torch.cat(parts) for key, parts in values.items()}
        return self._summary(table, tuple(warnings))

    def _field(self, micrograph: Micrograph) -> Field:
        model = self._model
        return centred_field(micrograph, model.usual_full_scale, model.side, model.pixel_size_nm)

    def _check_complete(self) -> None:
        missing = [key for key in PURPOSES if key not in self._model.networks]
        if missing:
            raise ModelError(
                f"The model '{self.card.name}' lacks the networks {', '.join(missing)}, without "
                "which there is no theta: train them with 'heteroagg train' or use another model."
            )

    def _read(self, intensities: Tensor) -> dict[str, Tensor]:
        levels, full_scale = (part.to(self.device) for part in encode(intensities))
        return self._model.read(levels, full_scale)

    def _summary(self, table: dict[str, Tensor], warnings: tuple[str, ...]) -> Prediction:
        dimensions = table["Df"][:, 0]
        ratios = combined_mixing_ratio(table["rho-reg"], table["rho-class"])[:, 0]
        outputs = [self._over_sets(key, table[key]) for key in SETS]
        sizes = [int(limited_cluster_size(torch.tensor(value))) for value in outputs]
        images = tuple(
            ImagePrediction(fractal_dimension=d, mixing_ratio=r, inside_training_range=None)
            for d, r in zip(dimensions.tolist(), ratios.tolist(), strict=True)
        )
        return Prediction(
            model=self.card.name,
            theta=Theta(float(dimensions.mean()), float(ratios.mean()), sizes[0], sizes[1]),
            interval_90=None,
            probabilities=None,
            images=images,
            inside_training_range=None,
            warnings=warnings,
            details={"outputs": {"theta_0": outputs[0], "theta_1": outputs[1]}},
        )

    def _over_sets(self, key: str, vectors: Tensor) -> float:
        """Return the mean output of CNN^0 or CNN^1 over sets of 12 feature vectors."""
        rows = [np.arange(SET_SIZE)]
        if len(vectors) > SET_SIZE:
            rng = np.random.default_rng(0)
            rows = [rng.choice(len(vectors), SET_SIZE, replace=False) for _ in range(RANDOM_SETS)]
        chosen = vectors[torch.from_numpy(np.stack(rows))]
        return float(self._model.over_sets(key, chosen, self.device).mean())
