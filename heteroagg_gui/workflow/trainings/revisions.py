"""Plans changed so that a training that failed has a better chance."""

from dataclasses import replace

from heteroagg_gui.learning.retraining.plan import RetrainingPlan


def with_smaller_batch(plan: RetrainingPlan) -> RetrainingPlan | None:
    """Return a plan that needs about half the memory; None where there is none.

    As many images are seen in each update as before, in smaller batches.
    """
    effort = plan.effort
    if effort.batch == 1:
        return replace(plan, workers=plan.workers // 2) if plan.workers > 1 else None
    half = effort.batch // 2
    batches = -(-effort.images_per_update // half)
    return replace(
        plan,
        effort=replace(effort, batch=half, batches=batches),
        workers=max(1, plan.workers // 2) if plan.workers else 0,
    )


def with_lower_rate(plan: RetrainingPlan) -> RetrainingPlan:
    """Return a plan that changes the weights more carefully: a third of the learning rate."""
    rate = float(f"{plan.effort.learning_rate / 3.0:.2g}")
    return replace(plan, effort=replace(plan.effort, learning_rate=rate))
