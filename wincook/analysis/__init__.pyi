# What is public here; each module is loaded when one of its names is used.

from .analyse import ErrorReport as ErrorReport
from .analyse import analyse as analyse
from .bounds.adversary import Adversary as Adversary
from .bounds.adversary import adversary as adversary
from .bounds.probabilistic import LikelyBound as LikelyBound
from .bounds.probabilistic import likely_bound as likely_bound
from .bounds.tolerance import Tolerance as Tolerance
from .bounds.tolerance import tolerance as tolerance
from .bounds.worst_case import ErrorBound as ErrorBound
from .bounds.worst_case import bound_by_stage as bound_by_stage
from .bounds.worst_case import error_bound as error_bound
from .compare import (
    Comparison as Comparison,
)
from .compare import (
    Operations as Operations,
)
from .compare import (
    candidates as candidates,
)
from .compare import (
    compare as compare,
)
from .compare import (
    compared as compared,
)
from .compare import (
    pareto as pareto,
)
from .conditioning.condition import Condition as Condition
from .conditioning.condition import Conditions as Conditions
from .conditioning.condition import conditions as conditions
from .conditioning.gauges import GaugedConditions as GaugedConditions
from .conditioning.gauges import gauged_conditions as gauged_conditions
from .data.arrays import law_of as law_of
from .data.arrays import read_array as read_array
from .data.distributions import (
    LAWS as LAWS,
)
from .data.distributions import (
    NORMAL as NORMAL,
)
from .data.distributions import (
    RELU as RELU,
)
from .data.distributions import (
    UNIFORM as UNIFORM,
)
from .data.distributions import (
    Law as Law,
)
from .data.distributions import (
    with_signs as with_signs,
)
from .data.reach import Reach as Reach
from .direct import Direct as Direct
from .dynamic_range.extent import Extents as Extents
from .dynamic_range.ranges import Range as Range
from .dynamic_range.ranges import Ranges as Ranges
from .dynamic_range.ranges import ranges as ranges
from .dynamic_range.remedies import Remedies as Remedies
from .dynamic_range.remedies import Remedy as Remedy
from .dynamic_range.remedies import remedies as remedies
from .landscape import Landscape as Landscape
from .landscape import landscape as landscape
from .measurement.measure import Engine as Engine
from .measurement.measure import Measurement as Measurement
from .measurement.measure import Progress as Progress
from .measurement.measure import measure as measure
from .measurement.simulate_direct import simulate_direct as simulate_direct
from .measurement.simulate_layer import simulate as simulate
from .measurement.tiles import Sampler as Sampler
from .measurement.tiles import Trace as Trace
from .measurement.tiles import compute as compute
from .measurement.tiles import trace as trace
from .measurement.ulp_distribution import expected_fractions as expected_fractions
from .prediction.batch.batch import predict_batch as predict_batch
from .prediction.moments import Moments as Moments
from .prediction.predict import Prediction as Prediction
from .prediction.predict import predict as predict
from .prediction.rounding_constant import ROUNDING as ROUNDING
from .prediction.rounding_constant import sum_factor as sum_factor
from .problem import OfProblem as OfProblem
from .problem import Problem as Problem
from .quantisation.calibrated import CalibrationReport as CalibrationReport
from .quantisation.calibrated import analyse_calibration as analyse_calibration
from .quantisation.of_law import snr_of_law as snr_of_law
from .quantisation.of_scheme import QuantisationReport as QuantisationReport
from .quantisation.of_scheme import analyse_quantisation as analyse_quantisation
from .quantisation.predict_snr import predict_snr as predict_snr
from .quantisation.scheme import Scheme as Scheme
