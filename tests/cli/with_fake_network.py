"""Runs the command line with a network that answers at once."""

import sys

from heteroagg_gui.__main__ import main
from heteroagg_gui.workflow.actions import predict
from tests.workflow.fakes import FakePredictor

unfit = [name for name in sys.argv[1].split(",") if name]
predict.load_predictor_named = lambda name, device: FakePredictor(unfit=unfit)
sys.exit(main(sys.argv[2:]))
