"""What the pages of the wizard ask for, as data."""

from dataclasses import replace

from heteroagg_gui.core.theta import PAPER_CLUSTER_SIZES
from heteroagg_gui.gui.retrain.pair_row import PairField
from heteroagg_gui.gui.simulation_fields import LARGEST_SIZE as LARGEST_SIZE_ROW
from heteroagg_gui.gui.simulation_fields import SMALLEST_SIZE, Field, Span, sections
from heteroagg_gui.gui.symbols import theta_quantities
from heteroagg_gui.learning.ranges import TrainingRanges
from heteroagg_gui.learning.retraining.effort import Effort
from heteroagg_gui.workflow.actions.simulate import SIMULATE
from heteroagg_gui.workflow.retraining.checks import LARGEST_ANGLE_MRAD, VOLTAGES_KV

_SIMULATED = {field.name: field for part in sections(("", "")) for field in part.fields}
_RANGES = TrainingRanges()
_PARTICLES = 10_000


def _like_simulated(known_as: str, span: Span, **changes: object) -> Field:
    return replace(_SIMULATED[known_as], span=span, **changes)  # type: ignore[arg-type]


RADIUS_FIELDS: tuple[Field, ...] = (
    _like_simulated("radius_mean_nm", Span(2.0, 30.0, 2)),
    _like_simulated("radius_sd_nm", Span(0.0, 12.0, 2)),
)
UNKNOWN_RADII: tuple[PairField, ...] = (
    PairField(
        "radius_means_nm",
        "Mean radius not known",
        "nm",
        "The mean radius of each image is drawn log-uniformly from this range.",
        0.1,
        10_000.0,
        (6.0, 20.0),
        1,
        optional=True,
    ),
    PairField(
        "radius_relative_sds",
        "Spread not known",
        "",
        "The standard deviation of the radius is drawn from this range, as a share of the mean.",
        0.0,
        1.0,
        (0.1, 0.4),
        2,
        optional=True,
    ),
)
SIZE_FIELDS: tuple[Field | PairField, ...] = (
    _like_simulated(SMALLEST_SIZE, Span(1, 300), name="smallest_size", default=20),
    _like_simulated(LARGEST_SIZE_ROW, Span(1, 300), name="largest_size", default=80),
    PairField(
        "largest_sizes",
        "Most particles not known",
        "",
        "The largest number of particles of each image is drawn from this range.",
        1,
        _PARTICLES,
        (40, 160),
        0,
        optional=True,
    ),
)
MODEL_FIELDS: tuple[Field, ...] = (
    Field(
        "prefactor",
        "Fractal prefactor k<sub>f</sub>",
        1.3,
        "",
        0.01,
        100.0,
        "Prefactor of the power law of the fractal dimension; Eq. (5).",
        Span(0.5, 2.5, 2),
    ),
    Field(
        "contact_factor",
        "Contact factor",
        1.01,
        "",
        1.001,
        2.0,
        "Largest distance of two particles in contact, in sums of their radii; Eq. (2).",
        Span(1.001, 1.2, 3),
    ),
)


def theta_fields(names: tuple[str, str]) -> tuple[PairField | Field, ...]:
    """Return the ranges of theta in the words of two materials."""
    dimension, ratio, _, _ = theta_quantities(names)
    pairs = [
        PairField(
            quantity.key,
            f"{quantity.title} {quantity.symbol}",
            "",
            f"{quantity.help} Each aggregate gets a value from this range.",
            low,
            high,
            getattr(_RANGES, quantity.key),
        )
        for quantity, low, high in ((dimension, 1.01, 2.99), (ratio, 0.0, 1.0))
    ]
    largest = max(PAPER_CLUSTER_SIZES)
    clusters = Field(
        "largest_cluster",
        "Largest cluster θ<sub>0</sub>, θ<sub>1</sub>",
        largest,
        "",
        1,
        largest,
        f"Primary clusters of {names[0]} and of {names[1]} have 1 to so many particles; Eq. (7).",
        Span(1, largest),
    )
    return (*pairs, clusters)


def _beam(name: str, title: str, span: Span, limits: tuple[float, float]) -> Field:
    parameter = SIMULATE.parameter(name)
    return Field(name, title, parameter.default, parameter.unit, *limits, parameter.help, span)


BEAM_FIELDS: tuple[Field, ...] = (
    _beam("voltage_kv", "Voltage", Span(60.0, 300.0, 0), VOLTAGES_KV),
    _beam("semi_angle_mrad", "Convergence semi-angle", Span(5.0, 40.0, 1), (0.0, 199.0)),
    _like_simulated("detector_inner_mrad", Span(25.0, 150.0, 1), maximum=LARGEST_ANGLE_MRAD),
    _like_simulated("detector_outer_mrad", Span(60.0, LARGEST_ANGLE_MRAD, 1)),
)
IMAGE_FIELDS: tuple[Field, ...] = (
    _like_simulated("pixel_size_nm", Span(0.3, 5.0, 3, logarithmic=True), minimum=0.01),
    _like_simulated("dose_e_per_a2", Span(1.0, 1e5, 2, logarithmic=True, off=0.0)),
    _like_simulated("scan_noise_nm", Span(0.0, 3.0, 3)),
    _like_simulated("focus_offset_nm", Span(-400.0, 400.0, 1)),
)
VARIED_FIELDS: tuple[Field | PairField, ...] = (
    Field(
        "varied",
        "Share of images",
        _RANGES.varied,
        "of the images",
        0.0,
        1.0,
        "Share of the training images whose pixel size, dose and focus are drawn anew.",
        Span(0.0, 1.0, 2),
    ),
    PairField(
        "pixel_sizes_nm",
        "Pixel size",
        "nm",
        "Edge of a pixel of these images.",
        0.01,
        1000.0,
        _RANGES.pixel_sizes_nm,
    ),
    PairField(
        "doses_e_per_a2",
        "Dose",
        "e/Å²",
        "Electrons per square angstrom of these images, drawn log-uniformly.",
        0.001,
        1e9,
        _RANGES.doses_e_per_a2,
        1,
    ),
    Field(
        "focus_offset_sd_nm",
        "Focus, spread",
        _RANGES.focus_offset_sd_nm,
        "nm",
        0.0,
        10_000.0,
        "Standard deviation of the height of the focal plane in these images.",
        Span(0.0, 200.0, 1),
    ),
)
IMPERFECT_FIELD = Field(
    "imperfect",
    "Share of images",
    _RANGES.imperfect,
    "of the images",
    0.0,
    1.0,
    "Share of the training images that have imperfections of real ones; 0 for none.",
    Span(0.0, 1.0, 2),
)

_EFFORT = Effort()
_EFFORT_ROWS: tuple[tuple[str, str, str, float, int], ...] = (
    ("updates", "Updates", "Updates of the weights of the per-image network.", 1e7, 1),
    ("batch", "Images of a batch", "Images of a padded batch.", 1024, 1),
    ("batches", "Batches of an update", "Batches whose gradients are added up.", 1024, 1),
    ("training_sets", "Training sets", "Sets of images that the set heads learn from.", 1e6, 16),
    ("images_per_set", "Images of a training set", "Images of each training set.", 1024, 1),
    ("calibration_sets", "Calibration sets", "Sets that the doubt is calibrated on.", 1e6, 16),
    ("test_sets", "Test sets", "Sets that the finished network is evaluated on.", 1e6, 16),
    ("test_images", "Images of a test set", "Images of each set of the evaluation.", 1024, 1),
    ("head_updates", "Updates of a head", "Updates of the weights of each set head.", 1e7, 1),
    ("heads", "Set heads", "Heads whose distributions are averaged.", 64, 1),
)
EFFORT_FIELDS: tuple[Field, ...] = (
    *(
        Field(
            name,
            title,
            getattr(_EFFORT, name),
            "",
            least,
            most,
            text,
            Span(least, 5.0 * getattr(_EFFORT, name)),
        )
        for name, title, text, most, least in _EFFORT_ROWS
    ),
    Field(
        "learning_rate",
        "Learning rate",
        _EFFORT.learning_rate,
        "",
        1e-6,
        0.999,
        "Peak of the schedule, which falls to zero in the end.",
        Span(1e-5, 1e-2, 6, logarithmic=True),
    ),
)
