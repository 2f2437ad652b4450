"""Counting targets move as their images do."""

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch.nn import functional

from heteroagg_gui.learning.dataset.reading import DataSet
from heteroagg_gui.learning.paper.basic import BasicFeatures
from heteroagg_gui.learning.paper.moved_targets import (
    CELL_PIXELS,
    FIRST_CELL_PIXELS,
    moved_maps,
)
from heteroagg_gui.learning.training.augmentation import Augmentation


def test_cells_are_those_of_layer_10() -> None:
    """A cell's place is where the gradient of its value has its middle."""
    features = BasicFeatures(512).eval()
    images = torch.zeros(1, 1, 512, 512, requires_grad=True)
    with torch.no_grad():
        for layer in features.modules():
            if isinstance(layer, torch.nn.Conv2d):
                layer.weight.fill_(1.0)
    pooled = functional.avg_pool2d(images, 2)
    maps = features.blocks[:9](pooled + 1.0)
    assert maps.shape[-1] == BasicFeatures.map_side(512) == 56
    maps[0, 0, 10, 20].backward()
    assert images.grad is not None
    rows = torch.nonzero(images.grad[0, 0].sum(dim=1))[:, 0].float()
    columns = torch.nonzero(images.grad[0, 0].sum(dim=0))[:, 0].float()
    reach = CELL_PIXELS / 2
    assert float(rows.mean()) == pytest.approx(FIRST_CELL_PIXELS + 10 * CELL_PIXELS, abs=reach)
    assert float(columns.mean()) == pytest.approx(FIRST_CELL_PIXELS + 20 * CELL_PIXELS, abs=reach)


def mean_of_cells(image: NDArray[np.float32], cells: int) -> NDArray[np.float32]:
    """Return the mean brightness around the middle of each cell."""
    first = round(FIRST_CELL_PIXELS - CELL_PIXELS / 2 + 0.5)
    length = cells * CELL_PIXELS
    inner = image[first : first + length, first : first + length]
    blocks = inner.reshape(cells, CELL_PIXELS, cells, CELL_PIXELS)
    return np.asarray(blocks.mean(axis=(1, 3)))


@pytest.mark.parametrize("free_rotation", [True, False])
def test_particles_are_where_the_moved_image_is_bright(data: DataSet, free_rotation: bool) -> None:
    side, pixel_nm = data.plan.frame.height, data.plan.frame.pixel_size_nm
    cells = BasicFeatures.map_side(side)
    augmentation = Augmentation(free_rotation=free_rotation)
    transforms = augmentation.draw(6, side, torch.Generator().manual_seed(1))
    images = torch.from_numpy(data.intensities(range(6)))[:, None]
    moved = augmentation.apply(images, transforms, 0.0)[:, 0].numpy()
    for number, transform in enumerate(transforms.numpy()):
        aggregate = data.aggregate(number)
        maps = moved_maps(aggregate, transform, side, pixel_nm, cells)
        assert maps[:2].sum() == pytest.approx(len(aggregate), rel=1e-4)
        density = maps[:2].sum(axis=0)[2:-2, 2:-2].ravel()
        bright = mean_of_cells(moved[number], cells)
        alike = {
            (down, right): np.corrcoef(
                density,
                bright[2 + down : cells - 2 + down, 2 + right : cells - 2 + right].ravel(),
            )[0, 1]
            for down in (-2, -1, 0, 1, 2)
            for right in (-2, -1, 0, 1, 2)
        }
        assert max(alike, key=lambda shift: alike[shift]) == (0, 0)
