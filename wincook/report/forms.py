"""Which form each kind of value has: plain data, a view, records, and HTML for notebooks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from wincook.analysis.analyse import ErrorReport
from wincook.analysis.bounds.tolerance import Tolerance
from wincook.analysis.compare import Comparison
from wincook.analysis.conditioning.gauges import GaugedConditions
from wincook.analysis.dynamic_range.ranges import Ranges
from wincook.analysis.dynamic_range.remedies import remedies
from wincook.analysis.landscape import Landscape
from wincook.analysis.quantisation.calibrated import CalibrationReport
from wincook.analysis.quantisation.of_scheme import QuantisationReport
from wincook.bilinear import BilinearAlgorithm, Transforms
from wincook.construct.residue.system import ResidueSystem
from wincook.errors import NotationError, quoted
from wincook.interchange.write.plain import Plain, plain_algorithm, plain_program, plain_programs, plain_transforms
from wincook.kernels.measurement.sparsity import SparsityCurve
from wincook.program.cost import cost
from wincook.program.ir import Program
from wincook.program.programs import Programs
from wincook.report.data.plain.comparison import comparison_record
from wincook.report.data.plain.conditions import plain_gauged_conditions
from wincook.report.data.plain.errors import plain_report
from wincook.report.data.plain.landscape import landscape_records, plain_landscape
from wincook.report.data.plain.quantisation import plain_calibration, plain_quantisation
from wincook.report.data.plain.ranges import plain_ranges
from wincook.report.data.plain.reproduction import plain_reproduction
from wincook.report.data.plain.residues import plain_residues
from wincook.report.data.plain.search import plain_winner
from wincook.report.data.plain.sparsity import plain_sparsity
from wincook.report.data.plain.tolerance import plain_tolerance
from wincook.report.data.values import flat
from wincook.report.html.algorithm import codes_of, matrices_of
from wincook.report.html.pieces import Code, Piece
from wincook.report.table import Heading, Table, View
from wincook.report.tables.comparison import comparison_table
from wincook.report.tables.conditions import conditions_view
from wincook.report.tables.errors import reports_view
from wincook.report.tables.landscape import landscapes_view
from wincook.report.tables.quantisation import calibration_view, quantisation_view
from wincook.report.tables.ranges import ranges_view
from wincook.report.tables.reproduction import reproduction_view
from wincook.report.tables.residues import residues_table
from wincook.report.tables.search import winners_table
from wincook.report.tables.sparsity import sparsity_view
from wincook.report.tables.tolerance import tolerance_view
from wincook.reproduce.finding import Reproduction
from wincook.search import Winner

_PLAIN: dict[type, Callable[[Any], Plain]] = {
    ErrorReport: plain_report,
    Comparison: comparison_record,
    Landscape: plain_landscape,
    Ranges: lambda ranges: plain_ranges(ranges, remedies(ranges)),
    Tolerance: plain_tolerance,
    QuantisationReport: plain_quantisation,
    SparsityCurve: plain_sparsity,
    CalibrationReport: plain_calibration,
    GaugedConditions: plain_gauged_conditions,
    Reproduction: plain_reproduction,
    Winner: plain_winner,
    ResidueSystem: lambda system: plain_residues(system, system.verify()),
    BilinearAlgorithm: plain_algorithm,
    Transforms: plain_transforms,
    Programs: plain_programs,
    Program: plain_program,
}
_VIEWS: dict[type, Callable[[Any], View]] = {
    ErrorReport: lambda report: reports_view([report]),
    Comparison: lambda row: View((comparison_table([row]),)),
    Landscape: lambda landscape: landscapes_view([landscape]),
    Ranges: lambda ranges: ranges_view(ranges, remedies(ranges)),
    Tolerance: tolerance_view,
    QuantisationReport: lambda report: quantisation_view([report]),
    SparsityCurve: sparsity_view,
    CalibrationReport: lambda report: calibration_view([report]),
    GaugedConditions: lambda conditions: conditions_view([conditions]),
    Reproduction: reproduction_view,
    Winner: lambda winner: View((winners_table(winner.search, [winner]),)),
    ResidueSystem: lambda system: View((residues_table(system, system.verify()),)),
}
_RECORDS: dict[type, Callable[[Any], list[Plain]]] = {
    ErrorReport: lambda report: [{"algorithm": report.algorithm.name} | flat(plain_report(report))],
    Comparison: lambda row: [{"algorithm": row.algorithm.name} | comparison_record(row)],
    Landscape: landscape_records,
    BilinearAlgorithm: lambda algorithm: [{"algorithm": algorithm.name} | flat(plain_algorithm(algorithm))],
    Transforms: lambda axis: [{"tile": str(axis.tile), "multiplications": axis.multiplications}],
    Programs: lambda programs: [
        {"transform": code.heading, **asdict(cost(program))} for code, program in codes_of(programs)
    ],
    Program: lambda program: [asdict(cost(program))],
}
_PIECES: dict[type, Callable[[Any], list[Piece]]] = {
    BilinearAlgorithm: lambda algorithm: [Heading(str(algorithm)), *matrices_of(algorithm.axes)],
    Transforms: lambda axis: [*matrices_of((axis,))],
    Programs: lambda programs: [code for code, _ in codes_of(programs)],
    Program: lambda program: [Code(f"{program.source} to {program.target}", str(program))],
}


def plain_of(value: Any) -> Plain:
    """All of a value as plain data."""
    return _PLAIN[type(value)](value)


def view_of(value: Any) -> View:
    """What the commands print of a value of an analysis.

    Raises:
        NotationError: a value of which there is no view.
    """
    if type(value) not in _VIEWS:
        kinds = ", ".join(kind.__name__ for kind in _VIEWS)
        raise NotationError(f"there is no view of {quoted(value)}; give one of {kinds}")
    return _VIEWS[type(value)](value)


def records_of(value: Any) -> list[Plain]:
    """Flat records: their own, or the tables of the view put together."""
    return _RECORDS[type(value)](value) if type(value) in _RECORDS else view_of(value).records()


def html_of(value: Any) -> str:
    """What a notebook shows."""
    from wincook.report.html.notebook import fragment  # jinja2 is for this alone

    if isinstance(value, Table):
        return fragment(View((value,)))
    if isinstance(value, View):
        return fragment(value)
    return fragment(_PIECES[type(value)](value) if type(value) in _PIECES else view_of(value))
