"""One process of a training by several; started by the test, or by torchrun."""

import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

from heteroagg_gui.learning.paper.examples import StreamedImages
from heteroagg_gui.learning.paper.trainer import PaperPlan, Place, begin, finish, stored_examples
from heteroagg_gui.learning.training.team import joined_team
from tests.learning.paper.tiny_data import SIDE, TinyData

STEPS = 3


def train_some(folder: Path, batch: int) -> None:
    """Train for a few updates; write the first gradient and the validation error."""
    torch.set_num_threads(1)
    with joined_team("cpu") as (team, device):
        place = Place(torch.device(device), team)
        plan = PaperPlan(batch=batch, side=SIDE, epochs=1, validation_share=0.4)
        data = TinyData(configurations=2, trained=12)
        store = StreamedImages(data, place.device)
        run = begin("Df", plan, stored_examples("Df", plan, data, store, team), folder, place)
        assert run.task.updates_per_epoch == STEPS
        run.update(next(iter(run.task.chunks(0, team))))
        found = {
            f"gradient.{name}": parameter.grad.clone()
            for name, parameter in run.task.network.named_parameters()
            if parameter.grad is not None
        }
        found |= {f"statistic.{k}": v.clone() for k, v in run.task.network.named_buffers()}
        finish(run, plan)
        if team.leads:
            found["validation"] = torch.tensor(run.log[-1]["validation_loss"])
            tensors = {name: value.contiguous() for name, value in found.items()}
            save_file(tensors, folder / "found.safetensors")


if __name__ == "__main__":
    train_some(Path(sys.argv[1]), int(sys.argv[2]))
