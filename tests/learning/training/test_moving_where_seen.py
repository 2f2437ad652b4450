"""On a processor only what is seen of an image is moved, with the same result."""

import pytest
import torch
from torch.nn import functional

from heteroagg_gui.learning.training.augmentation import Augmentation

SIDE = 96


@pytest.mark.parametrize("free_rotation", [True, False])
@pytest.mark.parametrize("box", [(30, 36, 25, 33), (0, 0, 20, 96), (0, 0, 96, 96), (5, 80, 3, 16)])
def test_images_move_as_if_all_of_them_were_computed(
    box: tuple[int, int, int, int], free_rotation: bool
) -> None:
    row, column, height, width = box
    images = torch.full((12, 1, SIDE, SIDE), -0.5, dtype=torch.float64)
    images[:11, :, row : row + height, column : column + width] += torch.rand(
        (11, 1, height, width), dtype=torch.float64
    )
    augmentation = Augmentation(free_rotation=free_rotation, displacement_pixels=9)
    drawn = augmentation.draw(12, SIDE, torch.Generator().manual_seed(3)).double()
    moved = augmentation.apply(images, drawn, -0.5)
    grid = functional.affine_grid(drawn, list(images.shape), align_corners=False)
    mode = "bilinear" if free_rotation else "nearest"
    whole = functional.grid_sample(images + 0.5, grid, mode, "zeros", align_corners=False) - 0.5
    differing = (moved - whole).abs() > 1e-6
    assert float(differing.double().mean()) <= (0.0 if free_rotation else 1e-3)
    assert bool((moved[11] == -0.5).all())
