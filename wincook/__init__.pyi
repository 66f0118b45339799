# What is public here; each module is loaded when one of its names is used.

from . import (
    analysis as analysis,
)
from . import (
    atlas as atlas,
)
from . import (
    construct as construct,
)
from . import (
    direct as direct,
)
from . import (
    epilogue as epilogue,
)
from . import (
    errors as errors,
)
from . import (
    exact as exact,
)
from . import (
    formats as formats,
)
from . import (
    interchange as interchange,
)
from . import (
    kernels as kernels,
)
from . import (
    layers as layers,
)
from . import (
    precision as precision,
)
from . import (
    program as program,
)
from . import (
    quantisation as quantisation,
)
from . import (
    report as report,
)
from . import (
    reproduce as reproduce,
)
from . import (
    search as search,
)
from . import (
    sparse as sparse,
)
from . import (
    stages as stages,
)
from .analysis import (
    analyse as analyse,
)
from .analysis import (
    compare as compare,
)
from .analysis import (
    error_bound as error_bound,
)
from .analysis import (
    predict as predict,
)
from .analysis import (
    ranges as ranges,
)
from .analysis import (
    tolerance as tolerance,
)
from .bilinear import BilinearAlgorithm as BilinearAlgorithm
from .ceiling import no_limit as no_limit
from .construct import algorithm as algorithm
from .construct import gauge as gauge
from .emit import emit as emit
from .emit import emit_library as emit_library
from .errors import WincookError as WincookError
from .formats import Format as Format
from .interchange import load as load
from .judge import judge as judge
from .kernels import Kernel as Kernel
from .kernels import compile as compile
from .kernels import convolve as convolve
from .layers import Layer as Layer
from .points import Points as Points
from .precision import Precision as Precision
from .program import programs_of as programs_of
from .tile import Tile as Tile
from .transforms import Transforms as Transforms
from .version import __version__ as __version__
