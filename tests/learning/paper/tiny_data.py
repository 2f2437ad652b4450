"""Training data small enough for a test: disks on a black ground."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.theta import Theta
from heteroagg_gui.learning.dataset.plan import listed_plan
from heteroagg_gui.stem.microscope import Frame

SIDE = 160


class TinyData:
    """Looks like ``learning.dataset.reading.DataSet``, with images of 160 pixels a side.

    Configuration c has theta_0 = 1 + c and theta_1 = 6 - c; every tenth aggregate is of one
    material.
    """

    def __init__(self, configurations: int = 3, per: int = 40, trained: int = 26) -> None:
        rng = np.random.default_rng(5)
        count = configurations * per
        self.configuration = np.arange(configurations, dtype=np.int32).repeat(per)
        place = np.tile(np.arange(per), configurations)
        self.training = np.flatnonzero(place < trained)
        self.evaluation = np.flatnonzero(place >= trained)
        number = self.configuration.astype(float)
        self.theta = np.column_stack(
            [1.5 + 0.3 * number, 0.2 + 0.2 * number, 1 + number, 6 - number]
        )
        mixing = np.clip(self.theta[:, 1] + rng.normal(0, 0.05, count), 0.05, 0.95)
        mixing[place % 10 == 0] = 0.0
        self._descriptors = {
            "fractal_dimension": self.theta[:, 0] + rng.normal(0, 0.05, count),
            "mixing_ratio": mixing,
        }
        self.plan = listed_plan([Theta(1.8, 0.5, 2, 2)], per, frame=Frame(SIDE, SIDE, 1.25))
        self.full_scale = rng.uniform(0.1, 0.3, count).astype(np.float32)

    def __len__(self) -> int:
        return len(self.configuration)

    @property
    def descriptors(self) -> dict[str, NDArray[np.float64]]:
        return self._descriptors

    def levels(self, indices: Any) -> NDArray[np.uint8]:
        rows, columns = np.mgrid[:SIDE, :SIDE]
        images = np.zeros((len(indices), SIDE, SIDE), dtype=np.uint8)
        for image, index in zip(images, indices, strict=True):
            rng = np.random.default_rng(int(index))
            for _ in range(4 + 4 * int(self.configuration[index])):
                row, column = rng.uniform(50, 110, 2)
                inside = (rows - row) ** 2 + (columns - column) ** 2 < 30
                image[inside] = rng.integers(60, 256)
        return images
