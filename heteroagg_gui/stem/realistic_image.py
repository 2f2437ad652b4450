"""HAADF-STEM images with the imperfections of real ones."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.core.errors import ParameterError
from heteroagg_gui.stem.curves import Curves
from heteroagg_gui.stem.detector import respond
from heteroagg_gui.stem.distortion import BeamPath, beam_path, read_along
from heteroagg_gui.stem.image import (
    add_projection,
    electrons_per_pixel,
    render_image,
    spheres_in_pixels,
)
from heteroagg_gui.stem.imperfections import Imperfections
from heteroagg_gui.stem.microscope import Frame, Microscope
from heteroagg_gui.stem.neighbours import place_neighbours
from heteroagg_gui.stem.noise import count_electrons
from heteroagg_gui.stem.support import support_film


def render_realistic(
    aggregate: Aggregate,
    curves: Curves,
    microscope: Microscope,
    frame: Frame,
    rng: np.random.Generator,
    imperfections: Imperfections | None = None,
    neighbours: Sequence[Aggregate] = (),
) -> NDArray[np.float32]:
    """Simulate the image of an aggregate with the imperfections of a real one.

    Parameters
    ----------
    aggregate
        The particles, nm.
    curves
        Reference curves; every particle gets a random phase and orientation.
    microscope, frame
        Imaging conditions and pixel grid.
    rng
        Source of randomness.
    imperfections
        None, or all of them off, gives the image of
        :func:`~heteroagg_gui.stem.image.render_image` to the last bit.
    neighbours
        As many aggregates as ``imperfections.neighbours`` asks for.

    Returns
    -------
    NDArray
        Fractions of the incident beam or, with a detector gain, counts; shape
        (height, width), float32.

    Raises
    ------
    ParameterError
        If the number of neighbours is another one, or the beam leaves the field.

    Notes
    -----
    The order is that of the experiment. The specimen scatters: aggregate, neighbours and
    support film. The beam reads it where drift, jitter, flyback and scan noise have taken
    it. The uniform background adds to the electrons, which are counted (shot noise). The
    detector applies gain, offset, saturation and quantisation.
    """
    imperfections = imperfections or Imperfections()
    if len(neighbours) != imperfections.neighbours:
        raise ParameterError(
            f"{imperfections.neighbours} neighbours were asked for and {len(neighbours)} "
            "aggregates given: give one aggregate per neighbour."
        )
    if not imperfections.active:
        return render_image(aggregate, curves, microscope, frame, rng)
    chosen = curves.choose(aggregate.labels, rng)
    path = beam_path(imperfections, frame, rng)
    specimen = _project_all((aggregate, *neighbours), chosen, curves, microscope, frame, path, rng)
    if imperfections.support_intensity > 0:
        specimen += support_film(imperfections, frame, path.margin, rng)
    sigma = microscope.scan_noise_nm / frame.pixel_size_nm
    image = read_along(specimen, path.margin, path.down, path.right, path.settling, sigma, rng)
    image += imperfections.background_intensity
    if microscope.dose_e_per_a2 > 0:
        count_electrons(image, electrons_per_pixel(microscope, frame.pixel_size_nm), rng)
    return respond(image, imperfections)


def _project_all(
    aggregates: Sequence[Aggregate],
    chosen: NDArray[np.int64],
    curves: Curves,
    microscope: Microscope,
    frame: Frame,
    path: BeamPath,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Project the aggregate, whose curves are chosen, and the neighbours beside it."""
    margin = path.margin
    specimen = np.zeros((frame.height + 2 * margin, frame.width + 2 * margin))
    curves_of = [chosen, *(curves.choose(other.labels, rng) for other in aggregates[1:])]
    own, *others = (spheres_in_pixels(each, microscope, frame) for each in aggregates)
    placed = place_neighbours(own, others, frame, rng)
    for spheres, chosen_ones in zip([own, *placed], curves_of, strict=True):
        add_projection(
            specimen, (-margin, -margin), spheres, curves, chosen_ones, frame.pixel_size_nm
        )
    return specimen
