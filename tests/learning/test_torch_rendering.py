"""Images made in batches against those made one by one."""

import numpy as np
import pytest
import torch

from heteroagg_gui.aggregation.parameters import AggregationParameters
from heteroagg_gui.aggregation.sampler import sample_aggregates
from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.core.theta import Theta
from heteroagg_gui.learning import torch_rendering
from heteroagg_gui.learning.torch_rendering import add_noise_batch, render_batch
from heteroagg_gui.stem.curves import Curves, load_curves
from heteroagg_gui.stem.image import render_intensity
from heteroagg_gui.stem.microscope import Frame, Microscope

DEVICES = ["cpu", pytest.param("cuda", marks=pytest.mark.gpu)]
OF_FULL_SCALE = 1e-4


@pytest.fixture(scope="module")
def curves() -> Curves:
    """Return the program's own reference curves."""
    return load_curves()


@pytest.fixture(scope="module")
def aggregates() -> list[Aggregate]:
    """Return compact and open aggregates."""
    thetas = [Theta(d, 0.5, 3, 2) for d in (1.4, 1.8, 2.2, 2.6, 1.5, 2.0)]
    return sample_aggregates(thetas, 3, AggregationParameters())


def compare(
    aggregates: list[Aggregate], curves: Curves, microscope: Microscope, frame: Frame, device: str
) -> None:
    """Assert that each image is the one that is made alone."""
    rng = np.random.default_rng(0)
    chosen = [curves.choose(aggregate.labels, rng) for aggregate in aggregates]
    batch = render_batch(aggregates, curves, chosen, microscope, frame, device)
    assert batch.shape == (len(aggregates), frame.height, frame.width)
    assert batch.dtype == torch.float32
    assert batch.device.type == device
    images = batch.cpu().numpy()
    for image, aggregate, choice in zip(images, aggregates, chosen, strict=True):
        expected = render_intensity(aggregate, curves, choice, microscope, frame)
        np.testing.assert_allclose(image, expected, rtol=0, atol=OF_FULL_SCALE * expected.max())


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize(
    ("microscope", "frame"),
    [
        (Microscope(), Frame()),
        (Microscope(focus_offset_nm=150.0), Frame(201, 302, 1.25)),
        (Microscope(semi_angle_mrad=0.0), Frame(256, 256, 0.8)),
        (Microscope(), Frame(40, 33, 1.25)),
        (Microscope(), Frame(60, 60, 6.0)),
    ],
)
def test_batches_are_the_single_images(
    aggregates: list[Aggregate],
    curves: Curves,
    microscope: Microscope,
    frame: Frame,
    device: str,
) -> None:
    compare(aggregates, curves, microscope, frame, device)


@pytest.mark.parametrize("most", [1, 3000])
def test_small_chunks_make_the_same_images(
    aggregates: list[Aggregate], curves: Curves, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch_rendering, "LARGEST_CHUNK", most)
    compare(aggregates[:2], curves, Microscope(), Frame(200, 200, 2.0), "cpu")


def test_paths_longer_than_the_curves_keep_their_last_value(curves: Curves) -> None:
    huge = Aggregate(
        np.zeros((1, 3)), np.array([200.0]), np.zeros(1, np.uint8), np.zeros(1, np.int32)
    )
    compare([huge], curves, Microscope(), Frame(101, 101, 5.0), "cpu")


def test_no_aggregates_are_no_images(curves: Curves) -> None:
    assert render_batch([], curves, [], Microscope(), Frame(20, 30, 1.0)).shape == (0, 20, 30)


def test_a_missing_choice_is_refused(aggregates: list[Aggregate], curves: Curves) -> None:
    with pytest.raises(ParameterError):
        render_batch(aggregates[:1], curves, [np.zeros(1, np.int64)], Microscope(), Frame())


@pytest.mark.parametrize("device", DEVICES)
def test_batches_are_counted_with_the_dose(device: str) -> None:
    level, dose = 0.02, 30.0
    images = torch.full((3, 200, 210), level, device=device)
    generator = torch.Generator(device).manual_seed(1)
    noisy = add_noise_batch(images, Microscope(dose_e_per_a2=dose), 1.25, generator)
    electrons = dose * 1.25**2 * 100
    assert noisy.shape == images.shape
    error = float(np.sqrt(level / electrons / images.numel()))
    assert float(noisy.double().mean()) == pytest.approx(level, abs=4 * error)
    assert float(noisy.double().var()) == pytest.approx(level / electrons, rel=0.02)
    counts = noisy.double() * electrons
    assert float((counts - counts.round()).abs().max()) < 1e-3
    assert bool((images == images[0, 0, 0]).all())


@pytest.mark.parametrize("device", DEVICES)
def test_the_beam_is_displaced_by_the_stated_sd_along_each_axis(device: str) -> None:
    slope = torch.arange(180.0, device=device).expand(2, 150, 180)
    microscope = Microscope(dose_e_per_a2=0.0, scan_noise_nm=0.05)
    for images in (slope.contiguous(), slope.transpose(1, 2).contiguous()):
        generator = torch.Generator(device).manual_seed(2)
        moved = add_noise_batch(images, microscope, 0.5, generator) - images
        inner = moved[:, 5:-5, 5:-5]
        assert float(inner.std()) == pytest.approx(0.1, rel=0.02)
        assert abs(float(inner.mean())) < 0.002


def test_noise_is_repeatable_and_differs_between_the_images_of_a_chunk(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    images = torch.rand((4, 40, 50), generator=torch.Generator().manual_seed(0))
    monkeypatch.setattr(torch_rendering, "LARGEST_CHUNK", 2 * 40 * 50)
    runs = [
        add_noise_batch(images, Microscope(), 1.25, torch.Generator().manual_seed(seed))
        for seed in (1, 1, 2)
    ]
    assert torch.equal(runs[0], runs[1])
    assert not torch.equal(runs[0], runs[2])
    residues = (runs[0] - images).reshape(4, -1)
    assert torch.corrcoef(residues).triu(1).abs().max() < 0.1


def test_no_noise_asked_for_is_no_noise() -> None:
    images = torch.rand((2, 9, 1), generator=torch.Generator().manual_seed(0))
    off = Microscope(dose_e_per_a2=0.0, scan_noise_nm=0.0)
    assert torch.equal(add_noise_batch(images, off, 1.25), images)
