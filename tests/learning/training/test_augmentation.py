"""Rotation, reflection and displacement."""

import torch

from heteroagg_gui.learning.training.augmentation import Augmentation


def test_right_angles_keep_every_pixel_value() -> None:
    still = Augmentation(free_rotation=False, displacement_pixels=0)
    images = torch.rand(40, 1, 12, 12)
    transforms = still.draw(40, 12, torch.Generator().manual_seed(0))
    moved = still.apply(images, transforms, 0.0)
    symmetries = [
        torch.rot90(torch.flip(images, (3,)) if mirrored else images, turns, (2, 3))
        for turns in range(4)
        for mirrored in (False, True)
    ]
    matches = torch.stack([torch.isclose(moved, s).flatten(1).all(1) for s in symmetries])
    assert (matches.sum(0) == 1).all()
    assert (matches.sum(1) > 0).all()


def test_displacements_are_small_and_bring_in_background() -> None:
    augmentation = Augmentation(free_rotation=False, displacement_pixels=3)
    images = torch.full((60, 1, 21, 21), -0.5)
    images[:, :, 10, 10] = 0.5
    transforms = augmentation.draw(60, 21, torch.Generator().manual_seed(1))
    moved = augmentation.apply(images, transforms, -0.5)
    assert torch.equal(moved.flatten(1).sum(1), images.flatten(1).sum(1))
    places = torch.nonzero(moved[:, 0] > 0)[:, 1:] - 10
    assert places.abs().max() == 3


def test_free_rotation_keeps_mass_and_distance_from_the_middle() -> None:
    augmentation = Augmentation(displacement_pixels=0)
    images = torch.zeros(50, 1, 65, 65)
    images[:, :, 30:35, 50:55] = 1.0
    moved = augmentation.apply(images, augmentation.draw(50, 65, torch.Generator()), 0.0)[:, 0]
    mass = moved.sum((1, 2))
    torch.testing.assert_close(mass, torch.full((50,), 25.0), rtol=0.02, atol=0)
    axis = torch.arange(65.0) - 32
    rows = (moved * axis[:, None]).sum((1, 2)) / mass
    columns = (moved * axis).sum((1, 2)) / mass
    torch.testing.assert_close(
        torch.hypot(rows, columns), torch.full((50,), 20.0), rtol=0.01, atol=0
    )
    assert (columns < 0).any()
    assert (columns > 0).any()


def test_transforms_follow_the_generator() -> None:
    augmentation = Augmentation()
    first, again = (augmentation.draw(5, 64, torch.Generator().manual_seed(3)) for _ in range(2))
    assert torch.equal(first, again)
