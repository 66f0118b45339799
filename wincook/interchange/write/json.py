"""Matrices and programs in JSON, every number an exact string: what `wincook.load` reads back."""

from __future__ import annotations

from wincook.digest import digest
from wincook.interchange.read.stated.seal import document_text
from wincook.interchange.write.document import Document
from wincook.interchange.write.plain import Plain, plain_algorithm, plain_programs
from wincook.version import __version__


def json_export(document: Document) -> str:
    """The object as text; what fits on a line stands on one."""
    return document_text(plain_document(document)) + "\n"


def plain_document(document: Document) -> Plain:
    """The object. Its digest is that of the text of all but the digest and the version."""
    contents = plain_algorithm(document.algorithm)
    if document.programs is not None:
        contents |= {"programs": plain_programs(document.programs)}
    return {"made_by": f"wincook {__version__}", "digest": digest(document_text(contents)), **contents}
