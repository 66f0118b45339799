# What is public here; each module is loaded when one of its names is used.

from .read.examine import Examined as Examined
from .read.examine import examine as examine
from .read.examine import readings_of as readings_of
from .read.load import load as load
from .read.sets.reading import Reading as Reading
from .write.document import Document as Document
from .write.export import KINDS as KINDS
from .write.export import export as export
from .write.export import export_bytes as export_bytes
from .write.export import write_export as write_export
