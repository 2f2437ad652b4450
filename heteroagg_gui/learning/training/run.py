"""State of a training: weights, their average, optimiser, curves; saved and resumed."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from heteroagg_gui.core.errors import DivergedError, ModelError
from heteroagg_gui.core.files import replacing
from heteroagg_gui.learning.tensors import with_prefix
from heteroagg_gui.learning.training.checkpoint import (
    Checkpoint,
    optimiser_tensors,
    read_checkpoint,
    restore_optimiser,
    write_checkpoint,
)
from heteroagg_gui.learning.training.task import Recipe, Task
from heteroagg_gui.learning.training.team import ALONE, Team

LAST_FILE = "last.safetensors"
BEST_FILE = "best.safetensors"
CURVES_FILE = "curves.jsonl"
CHECKED_EVERY = 50


class TrainingRun:
    """A task that is being trained in a folder.

    Parameters
    ----------
    task
        What is trained; its network must lie on ``device``.
    recipe
        How.
    folder
        Where ``last.safetensors``, ``best.safetensors`` and ``curves.jsonl`` lie.
    device
        The network's device.
    team
        The processes that train together.
    last_file
        Name of the checkpoint.
    notes
        Further JSON documents for the checkpoint.
    """

    def __init__(
        self,
        task: Task,
        recipe: Recipe,
        folder: Path,
        device: torch.device,
        *,
        team: Team = ALONE,
        last_file: str = LAST_FILE,
        notes: dict[str, Any] | None = None,
    ) -> None:
        self.task = task
        self.recipe = recipe
        self.folder = folder
        self.device = device
        self.team = team
        self.step = 0
        self.seconds = 0.0
        self.log: list[dict[str, Any]] = []
        self.best: dict[str, Any] | None = None
        self.averaged: dict[str, Tensor] | None = None
        if recipe.averaging is not None:
            self.averaged = {k: v.detach().clone() for k, v in self.weights().items()}
        self.optimiser = torch.optim.Adam(
            recipe.groups(task.network), lr=0.0, fused=device.type in {"cpu", "cuda"}
        )
        self._last_file = last_file
        self._notes = notes or {}
        self._sums: dict[str, Tensor] = {}
        self._summed = 0

    def weights(self) -> dict[str, Tensor]:
        """Return parameters and buffers of the network."""
        return dict(self.task.network.state_dict())

    def update(self, chunk: Sequence[Any], done: float = 0.0) -> dict[str, Tensor]:
        """Do one update of the weights and return the means of the losses.

        Parameters
        ----------
        chunk
            Batches whose gradients are averaged.
        done
            Share of the training that is done, for the learning rate.
        """
        network = self.task.network
        network.train()
        for group in self.optimiser.param_groups:
            group["lr"] = group["factor"] * self.recipe.rate(self.step, done)
        self.optimiser.zero_grad(set_to_none=True)
        sums: dict[str, Tensor] = {}
        for batch in chunk:
            losses = self.task.losses(batch)
            (losses["total"] / len(chunk)).backward()  # type: ignore[no-untyped-call]
            for name, value in losses.items():
                part = value.detach().float() / len(chunk)
                sums[name] = sums[name] + part if name in sums else part
        self.team.average_gradients(network)
        if self.recipe.clip is not None:
            torch.nn.utils.clip_grad_norm_(network.parameters(), self.recipe.clip)
        self.optimiser.step()
        self._average_weights()
        self.step += 1
        self._note(sums)
        return sums

    def _average_weights(self) -> None:
        if self.averaged is None or self.recipe.averaging is None:
            return
        decay = min(self.recipe.averaging, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for name, value in self.weights().items():
                if value.is_floating_point():
                    self.averaged[name].lerp_(value, 1.0 - decay)
                else:
                    self.averaged[name].copy_(value)

    def _note(self, losses: dict[str, Tensor]) -> None:
        for name, value in losses.items():
            self._sums[name] = self._sums[name] + value if name in self._sums else value
        self._summed += 1
        if self.device.type == "cpu" or self._summed % CHECKED_EVERY == 0:
            self._check_losses()

    def _check_losses(self) -> None:
        """Stop before weights that are no numbers replace good ones.

        Raises
        ------
        ModelError
            If the loss is no finite number.
        """
        if "total" in self._sums and not bool(torch.isfinite(self._sums["total"])):
            raise DivergedError(
                f"The training diverged before update {self.step}: go on from the last "
                "checkpoint, which is kept, with a smaller learning rate."
            )

    def close_epoch(self) -> dict[str, Any]:
        """Validate, keep the weights if they are the best, and add a row to the curves."""
        self._check_losses()
        means = {name: float(value) / self._summed for name, value in self._sums.items()}
        self._sums, self._summed = {}, 0
        row: dict[str, Any] = {
            "step": self.step,
            "images": self.step * self.task.images_per_update,
            "seconds": self.seconds,
            **means,
        }
        with self.evaluated_weights():
            row |= self.task.validate()
        self.log.append(row)
        self._keep_if_best(row)
        return row

    def _keep_if_best(self, row: dict[str, Any]) -> None:
        criterion = self.task.criterion
        if not criterion or row.get(criterion) is None:
            return
        if self.best is not None and not row[criterion] < self.best[criterion]:
            return
        self.best = row
        if self.team.leads:
            with self.evaluated_weights():
                kept = Checkpoint(self.weights(), {"row": row})
                write_checkpoint(self.folder / BEST_FILE, kept)

    @contextmanager
    def evaluated_weights(self) -> Iterator[None]:
        """Put the averaged weights, where there are any, into the network for a while."""
        if self.averaged is None:
            yield
            return
        own = {k: v.detach().clone() for k, v in self.weights().items()}
        self.task.network.load_state_dict(self.averaged)
        try:
            yield
        finally:
            self.task.network.load_state_dict(own)

    def adopt(self, step: int, seconds: float, log: list[dict[str, Any]]) -> None:
        """Go on with the network's present weights as the best so far.

        Parameters
        ----------
        step, seconds, log
            Updates, time and curves that lie behind these weights.
        """
        self.step, self.seconds, self.log = step, seconds, list(log)
        if self.averaged is not None:
            self.averaged = {k: v.detach().clone() for k, v in self.weights().items()}
        criterion = self.task.criterion
        rated = [row for row in log if row.get(criterion) is not None]
        if rated:
            self._keep_if_best(min(rated, key=lambda row: float(row[criterion])))

    def load_best(self) -> None:
        """Put the best weights of this run into the network, or else the averaged ones."""
        if self.best is not None and (self.folder / BEST_FILE).exists():
            best = read_checkpoint(self.folder / BEST_FILE, str(self.device))
            self.task.network.load_state_dict(best.tensors)
        elif self.averaged is not None:
            self.task.network.load_state_dict(self.averaged)

    def save(self) -> None:
        """Write the checkpoint and the curves, unless the weights are no numbers."""
        if not self.team.leads or not self._healthy():
            return
        tensors = {f"weights.{k}": v for k, v in self.weights().items()}
        tensors |= {f"average.{k}": v for k, v in (self.averaged or {}).items()}
        tensors |= optimiser_tensors(self.optimiser) | dict(self.task.kept)
        state = {
            "step": self.step,
            "seconds": self.seconds,
            "log": self.log,
            "best": self.best,
        }
        write_checkpoint(
            self.folder / self._last_file, Checkpoint(tensors, {"state": state, **self._notes})
        )
        with replacing(self.folder / CURVES_FILE) as path:
            path.write_text("".join(json.dumps(row) + "\n" for row in self.log), encoding="utf-8")

    def _healthy(self) -> bool:
        return all(
            bool(torch.isfinite(value).all())
            for value in (*self.task.network.parameters(), *self._sums.values())
        )

    def resume(self) -> bool:
        """Go on from the folder's checkpoint, if there is one.

        Raises
        ------
        ModelError
            If the checkpoint is damaged or belongs to another network.
        """
        path = self.folder / self._last_file
        if not path.exists():
            return False
        checkpoint = read_checkpoint(path, str(self.device))
        try:
            self.task.network.load_state_dict(with_prefix(checkpoint.tensors, "weights."))
            if self.averaged is not None:
                self.averaged = with_prefix(checkpoint.tensors, "average.")
            restore_optimiser(self.optimiser, checkpoint.tensors)
            state = checkpoint.notes["state"]
            self.step, self.seconds, self.log = state["step"], state["seconds"], state["log"]
        except (KeyError, ValueError, IndexError, RuntimeError) as error:
            raise ModelError(
                f"The checkpoint '{path.name}' belongs to another network or plan: choose "
                "another folder or delete it."
            ) from error
        self.best = state.get("best")
        return True
