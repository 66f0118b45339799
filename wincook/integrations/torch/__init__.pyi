# What is public here; each module is loaded when one of its names is used.

from .config import WinogradConfig as WinogradConfig
from .convert import convert_ as convert_
from .convert import unconvert_ as unconvert_
from .domain.model import prune_ as prune_
from .domain.model import to_domain_ as to_domain_
from .domain.module import DomainConv2d as DomainConv2d
from .fusing.graph import fuse as fuse
from .modules import WinogradConv1d as WinogradConv1d
from .modules import WinogradConv2d as WinogradConv2d
from .modules import WinogradConv3d as WinogradConv3d
from .plan import ModelPlan as ModelPlan
from .plan import PlannedModule as PlannedModule
from .plan import plan as plan
