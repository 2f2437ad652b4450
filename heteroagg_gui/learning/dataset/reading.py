"""Reading a set of training data."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.aggregation.descriptors import DESCRIPTORS
from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.core.errors import DataSetError, ParameterError
from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.learning.dataset.chunk_file import ChunkFile, chunk_name
from heteroagg_gui.learning.dataset.levels import to_intensity
from heteroagg_gui.learning.dataset.manifest import Manifest, read_manifest
from heteroagg_gui.learning.dataset.plan import EVALUATION, TRAINING, DataPlan
from heteroagg_gui.learning.dataset.verification import verify

KEPT_CHUNKS = 256

Indices = Sequence[int] | NDArray[np.integer[Any]]


class DataSet:
    """A finished set of training data; see :func:`open_dataset`.

    Files are opened when they are first needed; images may be read in any order.

    Parameters
    ----------
    folder
        Where the set lies.
    manifest
        What its dataset.json says.

    Attributes
    ----------
    theta
        Parameter vector of every image, (theta_Df, theta_rho, theta_0, theta_1), shape
        (n, 4), float64.
    configuration
        Index of every image's parameter vector, shape (n,), int32.
    part
        0 for training (set T) and 1 for evaluation (set E), shape (n,), uint8.
    training, evaluation
        Indices of the images of either part.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest
        self.plan: DataPlan = manifest.plan
        self.theta = self.plan.theta
        self.configuration = self.plan.configuration
        self.part = self.plan.part
        self.training = np.flatnonzero(self.part == TRAINING)
        self.evaluation = np.flatnonzero(self.part == EVALUATION)
        self._files: OrderedDict[int, ChunkFile] = OrderedDict()

    def __len__(self) -> int:
        return len(self.plan)

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_files": OrderedDict()}

    def _file(self, number: int) -> ChunkFile:
        file = self._files.get(number)
        if file is None:
            file = ChunkFile(self.folder / chunk_name(number))
            if not np.array_equal(file.arrays["index"], np.array(self.plan.chunk(number))):
                raise DataSetError(
                    f"The file '{file.path.name}' of the training data holds other images than "
                    "its plan says: run 'heteroagg generate' again on its folder."
                )
            box = file.arrays["box"].astype(np.int64)
            frame = (self.plan.frame.height, self.plan.frame.width)
            if (box[:, :2] + box[:, 2:] > frame).any():
                raise DataSetError(
                    f"The file '{file.path.name}' of the training data holds images larger than "
                    "its plan says: run 'heteroagg generate' again on its folder."
                )
            self._files[number] = file
            if len(self._files) > KEPT_CHUNKS:
                self._files.popitem(last=False)
        self._files.move_to_end(number)
        return file

    def _place(self, index: int) -> tuple[ChunkFile, int]:
        if not 0 <= index < len(self):
            raise IndexError(f"image {index} of {len(self)}")
        number, row = divmod(int(index), self.plan.chunk_size)
        return self._file(number), row

    @cached_property
    def _tables(self) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
        scales, described = [], []
        for number in range(self.plan.n_chunks):
            arrays = self._file(number).arrays
            scales.append(arrays["full_scale"])
            described.append(arrays["descriptors"])
        return np.concatenate(scales), np.concatenate(described)

    @property
    def full_scale(self) -> NDArray[np.float32]:
        """Intensity of level 255 of every image, fraction of the beam, shape (n,), float32."""
        return self._tables[0]

    @property
    def descriptors(self) -> Mapping[str, NDArray[np.float64]]:
        """Structural descriptors of every aggregate, shape (n,) each, by key."""
        table = self._tables[1]
        return {info.key: table[:, k] for k, info in enumerate(DESCRIPTORS)}

    def levels(self, indices: Indices) -> NDArray[np.uint8]:
        """Return stored images, shape (k, height, width), uint8.

        The intensity is ``full_scale * (levels / 255)**2``.
        """
        frame = self.plan.frame
        images = np.zeros((len(indices), frame.height, frame.width), dtype=np.uint8)
        for image, index in zip(images, indices, strict=True):
            file, row = self._place(int(index))
            place, cut = file.cut(row)
            image[place] = cut
        return images

    def intensities(self, indices: Indices) -> NDArray[np.float32]:
        """Return images as fractions of the incident beam, shape (k, height, width), float32."""
        frame = self.plan.frame
        images = np.zeros((len(indices), frame.height, frame.width), dtype=np.float32)
        for image, index in zip(images, indices, strict=True):
            file, row = self._place(int(index))
            place, cut = file.cut(row)
            image[place] = to_intensity(cut, file.arrays["full_scale"][row])
        return images

    def aggregate(self, index: int) -> Aggregate:
        """Return the aggregate that image ``index`` shows."""
        file, row = self._place(index)
        return file.aggregate(row)

    def batches(
        self, part: int, size: int, count: int | None = None, seed: int = 0
    ) -> list[NDArray[np.int64]]:
        """Draw batches B of images of one configuration each, Eq. (9).

        Every pass shuffles the images of each configuration and cuts them into as many
        batches as they fill; the order of the batches is shuffled too. No image occurs
        twice in a batch, nor twice in a pass.

        Parameters
        ----------
        part
            0 for training, 1 for evaluation.
        size
            Images of a batch, nu.
        count
            Number of batches; one pass if None, else as many passes as it takes.
        seed
            Seed of the draw.

        Raises
        ------
        ParameterError
            If no configuration has that many images in the part.
        """
        rule = self.part[: self.plan.per_configuration]
        members = np.flatnonzero(rule == part)
        if not 1 <= size <= len(members):
            raise ParameterError(
                f"Batches of {size} images can't be drawn: every configuration has "
                f"{len(members)} in this part of the training data."
            )
        rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(part, size)))
        found: list[NDArray[np.int64]] = []
        while True:
            found += self._pass(members, size, rng)
            if count is None:
                return found
            if len(found) >= count:
                return found[:count]

    def _pass(
        self, members: NDArray[np.int64], size: int, rng: np.random.Generator
    ) -> list[NDArray[np.int64]]:
        per = self.plan.per_configuration
        sets = []
        for configuration in range(len(self.plan.configurations)):
            shuffled = configuration * per + rng.permutation(members)
            full = len(members) // size * size
            sets += np.split(shuffled[:full], full // size)
        return [sets[k] for k in rng.permutation(len(sets))]

    def verify(self, progress: Progress = no_progress) -> None:
        """Check files, split and a sample of the aggregates.

        Parameters
        ----------
        progress
            Receives the share of files checked; may raise to end early.

        Raises
        ------
        DataSetError
            For the first defect, naming the file.
        """
        verify(self.folder, self.manifest, progress)


def open_dataset(folder: Path | str) -> DataSet:
    """Open a finished set of training data.

    Parameters
    ----------
    folder
        Where ``heteroagg generate`` wrote it.

    Raises
    ------
    DataSetError
        If there is none, it is not finished or its description is damaged.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    missing = manifest.missing
    if missing:
        raise DataSetError(
            f"{len(missing)} of {manifest.plan.n_chunks} files of the training data in "
            f"'{folder}' are not made yet: run 'heteroagg generate' again with the same options."
        )
    return DataSet(folder, manifest)
