"""Reference curves by multislice with frozen phonons (section 2.1.3).

Every curve is the mean of a few thermal configurations; each is one independent run with
its own seed, so the result depends neither on the number of workers nor on interruptions.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.progress import Progress, no_progress
from heteroagg_gui.stem.crystals import Crystal, load_crystal
from heteroagg_gui.stem.equivalent_views import shared_views
from heteroagg_gui.stem.plane_waves import (
    BeamSettings,
    frozen_atoms,
    import_abtem,
    scatter,
    speckle_waves,
)
from heteroagg_gui.stem.reference_table import ReferenceTable
from heteroagg_gui.stem.simulation_plan import Plan, identity, provenance
from heteroagg_gui.stem.simulation_runs import PartialRuns, Run, perform
from heteroagg_gui.stem.viewing_directions import ORIENTATIONS, box_of, seeds_of

_ORIGIN_STEP = 0.6180339887498949
"""Golden ratio: successive configurations cut the crystal at evenly spread places."""


def simulate_reference(  # noqa: PLR0913 - the settings of the method, each with its default
    crystal: str | Path,
    out_path: Path,
    *,
    thickness_nm: float = 60.0,
    voltage_kv: float = 300.0,
    semi_angle_mrad: float = 21.1,
    orientations: Sequence[str] = ORIENTATIONS,
    configurations: int = 3,
    thin_configurations: int = 4,
    zone_axis_configurations: int = 6,
    speckles: int = 4,
    seed: int = 0,
    workers: int = 1,
    device: str = "cpu",
    progress: Progress = no_progress,
) -> ReferenceTable:
    """Simulate the reference table of one crystal and write it, section 2.1.3.

    Finished runs are kept beside the output until all are done, so that a call with the
    same settings goes on where an earlier one was interrupted.

    Parameters
    ----------
    crystal : str or Path
        Name of a bundled crystal or path of a CIF file.
    out_path : Path
        The ``.npz`` file to write.
    thickness_nm : float
        Largest thickness in nm.
    voltage_kv : float
        Acceleration voltage in kV.
    semi_angle_mrad : float
        Semi-convergence angle in mrad.
    orientations : sequence of str
        Labels such as ``"[100]"``, ``"[100] + 30 deg"`` and ``"random"``.
    configurations, thin_configurations, zone_axis_configurations, speckles, seed : int
        See :class:`Plan`.
    workers : int
        Number of processes; the result does not depend on it.
    device : str
        ``"cpu"``, or ``"gpu"`` where CuPy is installed.
    progress : callable
        Receives the fraction done and a message; may raise to stop.

    Returns
    -------
    ReferenceTable
        The table, as written.
    """
    beam = BeamSettings.for_microscope(voltage_kv, semi_angle_mrad)
    plan = Plan(
        thickness_nm=thickness_nm,
        beam=beam,
        configurations=configurations,
        thin_configurations=thin_configurations,
        zone_axis_configurations=zone_axis_configurations,
        speckles=speckles,
        seed=seed,
    )
    return simulate_plan(crystal, Path(out_path), plan, orientations, workers, progress, device)


def simulate_plan(
    crystal: str | Path,
    out_path: Path,
    plan: Plan,
    orientations: Sequence[str] = ORIENTATIONS,
    workers: int = 1,
    progress: Progress = no_progress,
    device: str = "cpu",
) -> ReferenceTable:
    """Do what :func:`simulate_reference` does, with every setting open.

    Parameters
    ----------
    crystal, out_path, orientations, workers, progress, device
        See :func:`simulate_reference`.
    plan : Plan
        All settings.
    """
    import_abtem(device)
    structure = load_crystal(crystal)
    simulated = dict.fromkeys(shared_views(structure, orientations).values())
    store = PartialRuns.for_settings(out_path, identity(structure, plan))
    runs = [
        Run(label, index)
        for label in simulated
        for index in range(plan.total_configurations(label))
    ]
    missing = [
        run
        for run in runs
        if not store.has(run, plan.depths_of(run.orientation, run.configuration).size)
    ]
    perform(_Task(structure, plan, store, device), missing, len(runs), workers, progress)
    table = assemble(structure, plan, orientations, store)
    table.save(out_path)
    store.remove(runs)
    return ReferenceTable.load(out_path)


@dataclass(frozen=True)
class _Task:
    """Performs runs, here or in another process, and stores their results."""

    crystal: Crystal
    plan: Plan
    store: PartialRuns
    device: str = "cpu"

    def __call__(self, run: Run, report: Callable[[float], None]) -> None:
        result = simulate_configuration(
            self.crystal, run.orientation, run.configuration, self.plan, report, self.device
        )
        self.store.write(run, result)


def simulate_configuration(
    crystal: Crystal,
    orientation: str,
    configuration: int,
    plan: Plan,
    report: Callable[[float], None],
    device: str = "cpu",
) -> NDArray[np.float64]:
    """Simulate one thermal configuration of one view.

    Parameters
    ----------
    crystal : Crystal
        The crystal.
    orientation : str
        Label of the viewing direction.
    configuration : int
        Number of the configuration; it selects the seed and the thickness.
    plan : Plan
        All settings.
    report : callable
        Receives the fraction done; may raise to stop.
    device : str
        ``"cpu"`` or ``"gpu"``.

    Returns
    -------
    ndarray of shape (T, B)
        Fraction of the incident electrons in every angular bin, mean over the speckles.
    """
    box = box_of(crystal, orientation, plan.seed)
    origin = np.random.default_rng(seeds_of(crystal, orientation, plan.seed)).uniform(size=3)
    origin = (origin + configuration * _ORIGIN_STEP) % 1.0
    rng = np.random.default_rng(seeds_of(crystal, orientation, plan.seed, configuration))
    depths = plan.depths_of(orientation, configuration)
    specimen = frozen_atoms(crystal, box, float(depths[-1]) * 10.0, origin, rng)
    waves = speckle_waves(box, plan.beam, plan.speckles, rng)
    full = float(depths[-1])

    def reached(depth_nm: float) -> None:
        report(depth_nm / full)

    profiles = scatter(waves, specimen, box, depths, plan.beam, reached, device)
    return np.asarray(profiles.mean(axis=0))


def combine(
    long: Sequence[NDArray[np.float64]], thin: Sequence[NDArray[np.float64]] = ()
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Average thermal configurations, some of which end at a smaller thickness.

    Up to the end of the thin ones all count alike. Beyond it the growth seen by the long
    ones is added to the mean of all, which keeps the curve unbiased and without a step.

    Parameters
    ----------
    long, thin : sequence of ndarray of shape (T, B)
        Results of the configurations; the thin ones have fewer rows.

    Returns
    -------
    fraction, standard_error : ndarray of shape (T, B)
        Mean and its standard error, which is 0 for a single configuration.
    """
    whole = np.stack(long)
    if not thin:
        return whole.mean(axis=0), _standard_error(whole)
    rows = thin[0].shape[0]
    start = np.concatenate([whole[:, :rows], np.stack(thin)])
    share = len(long) / start.shape[0]
    growth = whole[:, rows:] - whole[:, rows - 1 : rows]
    fraction = np.concatenate([start.mean(axis=0), start[:, -1].mean(axis=0) + growth.mean(axis=0)])
    beyond = _standard_error(growth + share * whole[:, rows - 1 : rows])
    rest = _standard_error(start[:, -1]) * np.sqrt(1.0 - share)
    error = np.concatenate([_standard_error(start), np.hypot(beyond, rest)])
    return fraction, error


def _standard_error(runs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the standard error of the mean over the first axis; 0 for a single run."""
    if runs.shape[0] < 2:
        return np.zeros(runs.shape[1:])
    return np.asarray(runs.std(axis=0, ddof=1) / np.sqrt(runs.shape[0]))


def assemble(
    crystal: Crystal, plan: Plan, orientations: Sequence[str], store: PartialRuns
) -> ReferenceTable:
    """Combine stored runs into a table.

    Parameters
    ----------
    crystal : Crystal
        The crystal.
    plan : Plan
        All settings.
    orientations : sequence of str
        Viewing directions whose runs are all stored.
    store : PartialRuns
        The stored runs.
    """
    curves = []
    for label in shared_views(crystal, orientations).values():
        runs = [store.read(Run(label, k)) for k in range(plan.total_configurations(label))]
        long = plan.long_configurations(label)
        curves.append(combine(runs[:long], runs[long:]))
    return ReferenceTable(
        crystal=crystal.name,
        thickness_nm=plan.depths_nm,
        angle_edges_mrad=plan.beam.angle_edges_mrad,
        orientations=tuple(orientations),
        fraction=np.stack([fraction for fraction, _ in curves]),
        standard_error=np.stack([error for _, error in curves]),
        settings=provenance(crystal, plan, orientations),
    )
