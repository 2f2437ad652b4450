"""Parameters that describe the aggregates of a population, shared by two actions."""

from heteroagg_gui.workflow.action import Parameter
from heteroagg_gui.workflow.state import Settings
from heteroagg_gui.workflow.values import Kind

SEED = Parameter(
    "seed",
    "Seed",
    Kind.INTEGER,
    0,
    minimum=0,
    help="The same seed gives the same aggregates, bit for bit.",
    setting="seed",
)
SIZE_RANGE = Parameter(
    "size_range",
    "Particles per aggregate",
    Kind.RANGE,
    Settings.size_range,
    minimum=1,
    maximum=10_000,
    help="Fewest and most particles of an aggregate; sizes between are equally likely.",
    setting="size_range",
)
RADIUS_MEAN = Parameter(
    "radius_mean_nm",
    "Mean particle radius",
    Kind.NUMBER,
    Settings.radius_mean_nm,
    unit="nm",
    minimum=0.1,
    maximum=1000.0,
    help="Mean of the log-normal particle radius in nm.",
    setting="radius_mean_nm",
)
RADIUS_SD = Parameter(
    "radius_sd_nm",
    "Spread of the particle radius",
    Kind.NUMBER,
    Settings.radius_sd_nm,
    unit="nm",
    minimum=0.0,
    maximum=1000.0,
    help="Standard deviation of the log-normal particle radius in nm.",
    setting="radius_sd_nm",
)
JOBS = Parameter(
    "jobs",
    "Threads",
    Kind.INTEGER,
    1,
    minimum=1,
    maximum=1024,
    help="Threads that share the work; the result does not depend on their number.",
)
