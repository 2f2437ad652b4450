"""A prediction as people read it."""

from typing import Any

from heteroagg_gui.core.prediction import RANGE_WORDS
from heteroagg_gui.workflow.materials import system_or_stand_in

_NAMES = (
    ("fractal_dimension", "Fractal dimension D_f"),
    ("mixing_ratio", "Mixing ratio rho ({0})"),
    ("theta_0", "Primary cluster size theta_0 ({0})"),
    ("theta_1", "Primary cluster size theta_1 ({1})"),
)


def prediction_text(document: dict[str, Any]) -> str:
    """Return a few lines on theta and one line per file."""
    lines = [f"Network: {document['model']}"]
    names = system_or_stand_in(document["system"]).names
    lines += [_parameter_line(document, key, title.format(*names)) for key, title in _NAMES]
    lines.append(RANGE_WORDS[document["inside_training_range"]])
    lines.append("")
    lines += [_image_line(entry) for entry in document["images"]]
    return "\n".join(lines)


def _parameter_line(document: dict[str, Any], key: str, title: str) -> str:
    value = document["theta"][key]
    shown = f"{value}" if isinstance(value, int) else f"{value:.3f}"
    interval = (document["interval_90"] or {}).get(key)
    odds = (document["probabilities"] or {}).get(key)
    doubt = "point estimate"
    if interval is not None:
        doubt = f"90 %: {interval[0]:.3f} to {interval[1]:.3f}"
    elif odds is not None:
        doubt = f"1 to {len(odds)}: " + " ".join(f"{p:.2f}" for p in odds)
    return f"{title:<36}{shown:>7}   {doubt}"


def _image_line(entry: dict[str, Any]) -> str:
    if entry["fractal_dimension"] is None:
        return f"{entry['status']:<8}  {entry['file']}: {entry['reason'] or ''}"
    figures = f"D_f {entry['fractal_dimension']:.2f}  rho {entry['mixing_ratio']:.2f}"
    note = f"  ({entry['reason']})" if entry["reason"] else ""
    size = entry["pixel_size_nm"]
    return f"{entry['status']:<8}  {figures}  {size:.4g} nm/pixel  {entry['file']}{note}"
