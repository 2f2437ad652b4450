"""A second look at each image: its quantities from everything the trunk says of it.

The trunk learns each image once, with all its weights changing. What it says in the end is read
out once more, from the descriptions of all training images, at next to no cost.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.learning.set_data import SetTable

REFINED = 7
"""The quantities of the aggregate itself; those of theta are left to the set heads."""

WIDTH = 256
DROPPED = 0.1
LARGEST_INPUT = 8.0
IMAGES = 1024
LEARNING_RATE = 1e-3
WEIGHT_DECAY = 1e-2


class ImageReadOut(nn.Module):
    """Corrects the trunk's estimates of an image's quantities; untrained, it changes nothing.

    Parameters
    ----------
    inputs
        Length of an image's description.
    """

    def __init__(self, inputs: int) -> None:
        super().__init__()
        self.register_buffer("input_mean", torch.zeros(inputs))
        self.register_buffer("input_deviation", torch.ones(inputs))
        self.register_buffer("unit", torch.ones(REFINED))
        self.layers = nn.Sequential(
            nn.Linear(inputs, WIDTH),
            nn.ReLU(),
            nn.Dropout(DROPPED),
            nn.Linear(WIDTH, WIDTH),
            nn.ReLU(),
            nn.Dropout(DROPPED),
            nn.Linear(WIDTH, REFINED),
        )
        for parameter in self.layers[-1].parameters():
            nn.init.zeros_(parameter)

    input_mean: Tensor
    input_deviation: Tensor
    unit: Tensor

    def correction(self, descriptions: Tensor) -> Tensor:
        """Return what to add to the first seven quantities, in units of their spread."""
        inputs = (descriptions - self.input_mean) / self.input_deviation
        corrections: Tensor = self.layers(inputs.clamp(-LARGEST_INPUT, LARGEST_INPUT))
        return corrections

    def forward(self, descriptions: Tensor, quantities: Tensor) -> Tensor:
        """Return corrected quantities.

        Parameters
        ----------
        descriptions
            Of images, shape (..., D).
        quantities
            The trunk's estimates in their own units, shape (..., 9).
        """
        corrected = quantities[..., :REFINED] + self.unit * self.correction(descriptions)
        return torch.cat([corrected, quantities[..., REFINED:]], dim=-1)


def train_image_read_out(
    table: SetTable, updates: int, seed: int, progress: Progress = no_progress
) -> ImageReadOut:
    """Train the read-out on the images of the training sets.

    Parameters
    ----------
    table
        Descriptions, the trunk's estimates and the truth.
    updates
        Updates of 1,024 images; the learning rate falls to zero over them.
    seed
        Seed of weights and of the choice of images.
    progress
        Receives the share of updates done.
    """
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    descriptions = table.descriptions.flatten(0, 1)
    truth = table.quantities.flatten(0, 1)[:, :REFINED]
    predicted = table.predicted.flatten(0, 1)[:, :REFINED]
    read_out = ImageReadOut(descriptions.shape[1])
    read_out.input_mean.copy_(descriptions.mean(dim=0))
    read_out.input_deviation.copy_(descriptions.std(dim=0).clamp_min(1e-3))
    read_out.unit.copy_(truth.std(dim=0).clamp_min(1e-6))
    wanted = (truth - predicted) / read_out.unit
    optimiser = torch.optim.AdamW(
        read_out.parameters(), lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY
    )
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, updates)
    for update in range(updates):
        chosen = torch.randint(len(wanted), (IMAGES,), generator=generator)
        loss = functional.l1_loss(read_out.correction(descriptions[chosen]), wanted[chosen])
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
        if update % 20 == 0:
            progress(update / updates, "Training the read-out of images")
    return read_out.eval()
