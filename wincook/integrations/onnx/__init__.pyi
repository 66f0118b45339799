# What is public here; each module is loaded when one of its names is used.

from .converted.convert import Conversion as Conversion
from .converted.convert import ConvertedLayer as ConvertedLayer
from .converted.convert import convert as convert
from .layers import ModelLayer as ModelLayer
from .layers import onnx_layers as onnx_layers
from .runner import Runner as Runner
