"""From a plan to the text of a module.

families  which files make the module of a family of kernels
constants what stands before the body: sizes, formats, programs
joined    files of the body as one text
source    a plan as the text of one module: header, constants, body
clocked   the same with a clock around each stage, to be measured
footprint how much memory its calls take, known before it is compiled
body/     the parts of the generated module, as files that can be read, checked and typed
native/   the same loops as object files, for programs in C
"""
