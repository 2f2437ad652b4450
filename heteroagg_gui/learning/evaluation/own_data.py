"""Images to evaluate on where the user has no data set: evaluation images alone."""

import hashlib
import json

import numpy as np

from heteroagg_gui.learning.dataset.plan import DataPlan, listed_plan, paper_plan
from heteroagg_gui.learning.dataset.provenance import provenance_of

EVALUATION_SEED = 10**9
"""Keeps the random numbers apart from those of the sets that networks are trained on."""


def evaluation_plan(sets: int, images: int, seed: int) -> DataPlan:
    """Return a plan of evaluation images for parameter vectors of the paper's set.

    Parameters
    ----------
    sets
        Sets of images wanted; each gets a parameter vector of its own as long as there are.
    images
        Images of each parameter vector.
    seed
        Seed of aggregates and images. It also decides which parameter vectors are taken.
    """
    vectors = paper_plan().configurations
    rng = np.random.default_rng(seed)
    count = min(sets, len(vectors))
    chosen = np.sort(rng.choice(len(vectors), size=count, replace=False))
    return listed_plan(
        [vectors[k] for k in chosen],
        images,
        seed=EVALUATION_SEED + seed,
        training_per_configuration=0,
        name="evaluation",
    )


def folder_name(plan: DataPlan) -> str:
    """Return a folder name that tells data of this plan and installation from any other."""
    document = {"plan": plan.as_dict(), "provenance": provenance_of(plan.system)}
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    return f"evaluation-{len(plan)}-{digest[:16]}"
