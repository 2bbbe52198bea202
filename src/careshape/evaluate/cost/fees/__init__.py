"""Fee models from cost lines: an hour of home care, a week in a care home. A cost model is not a fee."""

from careshape.evaluate.cost.fees.arithmetic import Line, Modelled, work_out
from careshape.evaluate.cost.fees.compare import Comparison, compare
from careshape.evaluate.cost.fees.entries import LABEL, Model, fee_model, models
from careshape.evaluate.cost.fees.uplift import uplift

__all__ = ["LABEL", "Comparison", "Line", "Model", "Modelled", "compare", "fee_model", "models", "uplift", "work_out"]
