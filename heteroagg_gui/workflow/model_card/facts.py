"""What a network was made for and how it was trained, line by line."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heteroagg_gui.core.progress import duration
from heteroagg_gui.workflow.materials import system_or_stand_in
from heteroagg_gui.workflow.model_card.entries import number, part, percent, words
from heteroagg_gui.workflow.model_store import is_own

if TYPE_CHECKING:
    from heteroagg_gui.learning.model_card import ModelCard

_KINDS = {
    "compact-set": "compact set network: any number of images, with intervals",
    "paper-five": "the paper's five networks: 12 images, point estimates",
}


@dataclass(frozen=True)
class Fact:
    """One line: what is said, and what it says."""

    label: str
    text: str


@dataclass(frozen=True)
class Section:
    """Lines that belong together, under a heading."""

    title: str
    facts: tuple[Fact, ...]


def sections(card: "ModelCard") -> list[Section]:
    """Return what the card says of purpose, training data and training, without gaps."""
    ranges = part(card.document, "trained_on", "ranges")
    found = (
        _section("Network", _identity(card)),
        _section("Aggregates", _aggregates(ranges)),
        _section("Microscope and images", _microscope(ranges)),
        _section("Trained on", _examples(card.document)),
        _section("Training", _training(card.document)),
    )
    return [section for section in found if section.facts]


def _section(title: str, lines: Mapping[str, str]) -> Section:
    return Section(title, tuple(Fact(label, text) for label, text in lines.items() if text))


def system_title(card: "ModelCard") -> str:
    """Return the name of the card's material system for people."""
    return system_or_stand_in(card.material_system).name


def origin(card: "ModelCard") -> str:
    """Return whether the network came with the program or is the user's own."""
    return "own" if is_own(card.folder) else "bundled"


def _identity(card: "ModelCard") -> dict[str, str]:
    document = card.document
    return {
        "Materials": system_title(card),
        "Kind": _KINDS.get(card.kind, words(card.kind)),
        "Origin": {"own": "your own", "bundled": "came with the program"}[origin(card)],
        "Made on": words(document.get("created")),
        "Program version": words(document.get("program_version")),
    }


def _aggregates(ranges: Mapping[str, Any]) -> dict[str, str]:
    size = part(ranges, "aggregation")
    low, high = (_pair(ranges.get("largest_sizes"))) or (None, None)
    largest = f", the upper limit drawn from {low} to {high}" if low is not None else ""
    particles = words(size.get("size_range"))
    return {
        "Fractal dimension theta_Df": words(ranges.get("fractal_dimension")),
        "Mixing ratio theta_rho": words(ranges.get("mixing_ratio")),
        "Cluster sizes theta_0, theta_1": _up_to(ranges.get("largest_cluster")),
        "Particles": f"{particles}{largest}" if particles else "",
        "Particle radius, log-normal": _radius(ranges, size),
        "Fractal prefactor k_f": words(size.get("prefactor")),
    }


def _pair(value: Any) -> tuple[str, str] | None:
    if isinstance(value, list | tuple) and len(value) == 2:
        return words(value[0]), words(value[1])
    return None


def _up_to(value: Any) -> str:
    return f"1 to {words(value)}" if number(value) is not None else ""


def _radius(ranges: Mapping[str, Any], size: Mapping[str, Any]) -> str:
    mean = words(ranges.get("radius_means_nm") or size.get("radius_mean_nm"), "nm")
    shares = ranges.get("radius_relative_sds")
    spread = words(size.get("radius_sd_nm"), "nm")
    if isinstance(shares, list | tuple) and all(number(share) is not None for share in shares):
        spread = words([100.0 * share for share in shares], "% of the mean")
    if not mean:
        return ""
    return f"mean {mean}, standard deviation {spread}" if spread else f"mean {mean}"


def _microscope(ranges: Mapping[str, Any]) -> dict[str, str]:
    scope = part(ranges, "microscope")
    inner, outer = words(scope.get("detector_inner_mrad")), words(scope.get("detector_outer_mrad"))
    effects = ranges.get("effects")
    share = number(ranges.get("imperfect"))
    return {
        "Voltage": words(scope.get("voltage_kv"), "kV"),
        "Semi-convergence angle": words(scope.get("semi_angle_mrad"), "mrad"),
        "Detector": f"{inner} to {outer} mrad" if inner and outer else "",
        "Dose": _usual(scope.get("dose_e_per_a2"), ranges.get("doses_e_per_a2"), "e/Å²"),
        "Scan noise": words(scope.get("scan_noise_nm"), "nm"),
        "Focus offset where varied": _deviation(ranges.get("focus_offset_sd_nm")),
        "Pixel size": _usual(ranges.get("pixel_size_nm"), ranges.get("pixel_sizes_nm"), "nm"),
        "Images with varied conditions": percent(ranges.get("varied")),
        "Images with imperfections": percent(share) if share else "",
        "Imperfections": words(effects).replace("_", " ") if share else "",
    }


def _deviation(value: Any) -> str:
    text = words(value, "nm")
    return f"standard deviation {text}" if text else ""


def _usual(usual: Any, others: Any, unit: str) -> str:
    first, rest = words(usual, unit), words(others, unit)
    return f"{first}; where varied, {rest}" if first and rest else first or rest


def _examples(document: Mapping[str, Any]) -> dict[str, str]:
    trained = part(document, "trained_on")
    curves = part(trained, "reference_curves")
    return {
        "Simulated images": words(trained.get("single_images") or trained.get("images")),
        "Configurations of theta": words(trained.get("configurations")),
        "Sets of images": words(trained.get("sets")),
        "Images in a set": words(trained.get("images_per_set")),
        "Further sets": words(trained.get("short_sets")),
        "Images in one of these": words(trained.get("images_per_short_set")),
        "Orientations of each crystal": ", ".join(
            f"{name} {words(count)}" for name, count in curves.items() if words(count)
        ),
    }


def _training(document: Mapping[str, Any]) -> dict[str, str]:
    training = part(document, "training")
    notes = [part(entry, "training") for entry in part(document, "networks").values()]
    notes = [training, *notes]
    took = [
        seconds
        for note in notes
        for key, value in note.items()
        if str(key).endswith("seconds") and (seconds := number(value)) is not None
    ]
    steps = [words(note.get("trunk_steps") or note.get("updates")) for note in notes]
    devices = dict.fromkeys(words(note.get("device")) for note in notes)
    return {
        "Took": duration(sum(took)) if took else "",
        "Updates": ", ".join(step for step in steps if step),
        "Device": ", ".join(device for device in devices if device),
        "Processor": words(training.get("processor")),
        "PyTorch": words(next((note["torch"] for note in notes if "torch" in note), None)),
        "Began with": words(training.get("began_with") or training.get("start")),
    }
