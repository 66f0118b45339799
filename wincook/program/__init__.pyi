# What is public here; each module is loaded when one of its names is used.

from .arithmetic import accumulate as accumulate
from .arithmetic import add as add
from .arithmetic import evaluate as evaluate
from .arithmetic import evaluate_axes as evaluate_axes
from .arithmetic import fma as fma
from .arithmetic import round_to as round_to
from .chain import Transform as Transform
from .cheapest_scaling import cheapest_scaling as cheapest_scaling
from .cost import Cost as Cost
from .cost import cost as cost
from .flat import flat_programs as flat_programs
from .interpret import Exact as Exact
from .interpret import Rounded as Rounded
from .ir import Add as Add
from .ir import Fma as Fma
from .ir import Mul as Mul
from .ir import Neg as Neg
from .ir import Op as Op
from .ir import Program as Program
from .ir import Sub as Sub
from .linear_forms import linear_forms as linear_forms
from .linear_forms import matrix_of as matrix_of
from .passes.columns import share_columns as share_columns
from .passes.common import share_terms as share_terms
from .passes.expand import expand as expand
from .passes.order import ascending as ascending
from .passes.rows import share_rows as share_rows
from .programs import (
    Additions as Additions,
)
from .programs import (
    Programs as Programs,
)
from .programs import (
    additions as additions,
)
from .programs import (
    exact as exact,
)
from .programs import (
    operations_per_tile as operations_per_tile,
)
from .programs import (
    program_of as program_of,
)
from .programs import (
    programs_of as programs_of,
)
from .style import (
    AIMS as AIMS,
)
from .style import (
    BALANCED as BALANCED,
)
from .style import (
    FEWEST_ADDITIONS as FEWEST_ADDITIONS,
)
from .style import (
    ORDERS as ORDERS,
)
from .style import (
    PASSES as PASSES,
)
from .style import (
    Style as Style,
)
from .sums import Sums as Sums
from .sums import dot_products as dot_products
from .sums import matrix_of_sums as matrix_of_sums
from .sums_after import TransformSums as TransformSums
from .sums_after import sums_after as sums_after
