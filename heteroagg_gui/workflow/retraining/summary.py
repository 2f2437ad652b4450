"""A draft in words, with units."""

from heteroagg_gui.core.materials import Material
from heteroagg_gui.core.progress import duration
from heteroagg_gui.workflow.materials import system_or_stand_in
from heteroagg_gui.workflow.retraining.curves import curve_time, curves_to_compute
from heteroagg_gui.workflow.retraining.draft import Draft, Pair

Line = tuple[str, str]


def in_words(draft: Draft) -> dict[str, tuple[Line, ...]]:
    """Return what each page but the last says: titles and values."""
    return {
        "materials": _materials(draft),
        "particles": _particles(draft),
        "microscope": _microscope(draft),
        "effort": _effort(draft),
    }


def formulas_of(draft: Draft) -> tuple[str, str]:
    """Return what the materials of label 0 and 1 are called."""
    return draft.formulas if draft.own else system_or_stand_in(draft.system).names


def _span(pair: Pair, unit: str = "") -> str:
    return f"{pair[0]:g} to {pair[1]:g}{f' {unit}' if unit else ''}"


def _materials(draft: Draft) -> tuple[Line, ...]:
    lines = [(m.name, _described(m.title, m.density_g_cm3, m.phases)) for m in _listed(draft)]
    if draft.own:
        lines = [
            (name, _described(m.title, m.density_g_cm3, tuple(p.name for p in m.phases)))
            for name, m in zip(draft.formulas, draft.materials, strict=True)
        ]
    computed = curves_to_compute(draft)
    if computed:
        time = duration(curve_time(draft).all_s)
        lines.append(
            ("Reference curves", f"of {', '.join(computed)}: computed first, about {time}")
        )
    return tuple(lines)


def _listed(draft: Draft) -> tuple[Material, ...]:
    return () if draft.own else system_or_stand_in(draft.system).materials


def _described(title: str, density_g_cm3: float, phases: tuple[str, ...]) -> str:
    return f"{title}, {density_g_cm3:g} g/cm³: {', '.join(phases)}"


def _particles(draft: Draft) -> tuple[Line, ...]:
    mean = f"{draft.radius_mean_nm:g} nm"
    if draft.radius_means_nm is not None:
        mean = _span(draft.radius_means_nm, "nm")
    spread = f"{draft.radius_sd_nm:g} nm"
    if draft.radius_relative_sds is not None:
        spread = f"{_span(draft.radius_relative_sds)} of the mean"
    most = f"{draft.largest_size}"
    if draft.largest_sizes is not None:
        most = f"at most {_span(draft.largest_sizes)}"
    zero, one = formulas_of(draft)
    return (
        ("Particle radius", f"mean {mean}, standard deviation {spread}"),
        ("Particles of an aggregate", f"{draft.smallest_size} to {most}"),
        ("Fractal dimension", _span(draft.fractal_dimension)),
        (f"Mixing ratio ({zero})", _span(draft.mixing_ratio)),
        (f"Primary clusters of {zero} and {one}", f"1 to {draft.largest_cluster} particles"),
    )


def _microscope(draft: Draft) -> tuple[Line, ...]:
    ring = f"{draft.detector_inner_mrad:g} to {draft.detector_outer_mrad:g} mrad"
    if draft.sensitivity is not None:
        ring += f", sensitivity measured ({draft.sensitivity_source or 'curve of the plan'})"
    dose = f"{draft.dose_e_per_a2:g} e/Å²" if draft.dose_e_per_a2 else "no shot noise"
    lines = [
        ("Beam", f"{draft.voltage_kv:g} kV, semi-angle {draft.semi_angle_mrad:g} mrad"),
        ("Detector", ring),
        ("Image", f"{draft.pixel_size_nm:g} nm a pixel, {dose}"),
    ]
    if draft.varied > 0.0:
        lines.append(
            (
                "Varied",
                (
                    f"in {draft.varied:.0%} of the images: {_span(draft.pixel_sizes_nm, 'nm')} a "
                    f"pixel, {_span(draft.doses_e_per_a2, 'e/Å²')}, focus ± "
                    f"{draft.focus_offset_sd_nm:g} nm"
                ),
            )
        )
    imperfect = "none"
    if draft.imperfect > 0.0:
        imperfect = f"in {draft.imperfect:.0%} of the images: {', '.join(draft.effects)}"
    return (*lines, ("Imperfections", imperfect))


def _counted(processes: int) -> str:
    return f"{processes} simulating process{'' if processes == 1 else 'es'}"


def _effort(draft: Draft) -> tuple[Line, ...]:
    effort = draft.effort
    amount = f"{effort.updates} updates of {effort.images_per_update} images"
    if effort.minutes is not None:
        amount = f"{effort.minutes:g} minutes of training"
    return (
        ("Begins with", draft.start or "random weights"),
        ("Training", amount),
        (
            "Sets of images",
            (
                f"{effort.training_sets} to learn from, {effort.calibration_sets} to "
                f"calibrate, {effort.test_sets} to test"
            ),
        ),
        ("Device", f"{draft.device}, {_counted(draft.workers)}, seed {draft.seed}"),
    )
