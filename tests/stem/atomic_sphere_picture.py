"""``python tests/stem/atomic_sphere_picture.py OUT.png`` draws the comparison for the docs."""

import json
import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np

mpl.use("Agg")
from matplotlib import pyplot as plt

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.stem.test_atomic_sphere import distances_nm, fast_image


def main(path: Path) -> None:
    """Draw both images, their difference and the profiles."""
    with np.load(Path(__file__).with_name("atomic_sphere.npz"), allow_pickle=False) as stored:
        atoms, error = stored["intensity"], stored["standard_error"]
        settings = json.loads(str(stored["settings"]))
    fast, radii = fast_image(settings), distances_nm(settings)
    reach = (settings["points"] / 2) * settings["step_nm"]
    figure, panels = plt.subplots(
        1, 4, figsize=(10, 2.8), width_ratios=(1, 1, 1, 1.3), layout="constrained"
    )
    extent = (-reach, reach, -reach, reach)
    top = float(max(atoms.max(), fast.max()))
    for panel, image, title in (
        (panels[0], atoms, "multislice, real atoms"),
        (panels[1], fast, "fast renderer"),
    ):
        panel.imshow(image, cmap="gray", vmin=0.0, vmax=top, extent=extent)
        panel.set_title(title, fontsize=9)
    panels[2].imshow(atoms - fast, cmap="RdBu_r", vmin=-0.2 * top, vmax=0.2 * top, extent=extent)
    panels[2].set_title("difference, red to blue ±20 %", fontsize=9)
    for panel in panels[:3]:
        panel.set_xlabel("x in nm")
        panel.add_patch(plt.Circle((0, 0), settings["radius_nm"], fill=False, lw=0.6, color="c"))
    order = np.argsort(radii.ravel())
    across = radii.ravel()[order]
    panels[3].errorbar(
        across, atoms.ravel()[order], error.ravel()[order], fmt=".", ms=2, lw=0.5, color="#8a8a8a"
    )
    panels[3].plot(across, fast.ravel()[order], color="#3b7dd8")
    panels[3].set_xlabel("distance from the axis in nm")
    panels[3].set_ylabel("fraction of the beam")
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
