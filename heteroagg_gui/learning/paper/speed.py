"""How long the paper's basic network takes to learn from an image, four ways.

``python -m heteroagg_gui.learning.paper.speed`` prints milliseconds of one core and ratios.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn import functional

from heteroagg_gui.learning.paper.basic import BasicFeatures
from heteroagg_gui.learning.paper.intensities import network_images
from heteroagg_gui.learning.paper.networks import PaperNetwork, make_network
from heteroagg_gui.learning.paper.simulated_examples import LEARNT_STREAM, SimulatedBatches
from heteroagg_gui.stem.microscope import Frame

REPEATS = 3
Describe = Callable[[BasicFeatures, Tensor], Tensor]


def everywhere(features: BasicFeatures, images: Tensor) -> Tensor:
    """Return feature vectors with every map computed everywhere."""
    flat = torch.flatten(features.blocks(functional.avg_pool2d(images, 2)), 1)
    return functional.relu(features.features(functional.relu(features.dense(flat))))


def where_seen(features: BasicFeatures, images: Tensor) -> Tensor:
    """Return feature vectors as the network computes them on a processor."""
    vectors: Tensor = features(images)
    return vectors


def milliseconds(
    network: PaperNetwork, images: Tensor, describe: Describe, bfloat16: bool
) -> float:
    """Return the time of one core for the gradient of one image."""
    features = network.features
    if not isinstance(features, BasicFeatures):
        raise TypeError("only the basic network is measured")
    durations = []
    for _ in range(REPEATS + 1):
        start = time.thread_time()
        network.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
            vectors = describe(features, images)
        network.read_out(vectors.float()).square().mean().backward()
        durations.append(time.thread_time() - start)
    return 1000.0 * min(durations[1:]) / len(images)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(description="Time of a training image of the basic network.")
    parser.add_argument("--images", type=int, default=16, help="images of a batch")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    made = SimulatedBatches("Df", options.images, 1, seed=1, stream=LEARNT_STREAM, frame=Frame())
    batch = made.make(0)
    images = network_images(batch.levels, batch.full_scale, inverted=False)[:, None]
    network = make_network("Df").train()
    usual = 0.0
    for describe in (everywhere, where_seen):
        for bfloat16 in (False, True):
            took = milliseconds(network, images, describe, bfloat16=bfloat16)
            usual = usual or took
            name = describe.__name__.replace("_", " ")
            precision = "bfloat16" if bfloat16 else "float32"
            print(
                f"{name:12} {precision:9} {took:6.1f} ms an image, {usual / took:.1f} times as fast"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
