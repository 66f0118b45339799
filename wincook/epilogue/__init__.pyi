# What is public here; each module is loaded when one of its names is used.

from .activation import Activation as Activation
from .epilogue import Epilogue as Epilogue
