"""The functions and values of the chapters, with each argument in turn replaced by what no one should give.

Here stand analysis, atlas, interchange, program, kernels, sparse, search, report, reproduce, direct, formats, epilogue
and quantisation.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

import wincook as wc
from wincook import analysis, atlas, interchange, program, quantisation, report, reproduce, search, sparse
from wincook.search.entries.entry import is_current, make_entry, published_sets
from wincook.search.entries.figures import counts_of, errors_of, predicted_error
from wincook.search.entries.ranking import rank

Table = dict[str, tuple[Callable[..., Any], dict[str, Any]]]

F23 = wc.algorithm("F(2,3)")
PROBLEM = {"format": "float32", "channels": 2, "law": "relu"}
TILES = {"d": np.ones((2, 3, 4)), "g": np.ones((2, 3, 3))}


def measured_by(**arguments: Any) -> Any:
    """A measurement whose engine and progress have the last word."""
    return analysis.measure("F(2,3)", samples=16, **arguments)


def saved(**arguments: Any) -> Any:
    """A run that is made, written and read."""
    return report.read_run(report.write_run("run.json", report.Run(**arguments)))


def drawn(**arguments: Any) -> Any:
    """Tiles of a sampler."""
    return analysis.Sampler(arguments["problem"], arguments["seed"]).take(arguments["number"])


def shown(**arguments: Any) -> Any:
    """A view by a layout of one's own."""
    return report.Layout(arguments["width"], arguments["spell"], arguments["strong"]).text(arguments["view"])


def examined(path: Any, other: Any) -> Any:
    """Two files, which have no names as arguments."""
    return interchange.examine(path, other)


@cache
def analysis_calls() -> Table:
    problem, moments = analysis.Problem.of("F(2,3)"), analysis.Moments
    return {
        "bound_by_stage": (analysis.bound_by_stage, {"problem": problem, "d_max": 1.0, "g_max": 2.0}),
        "candidates": (analysis.candidates, {"tiles": ["F(2,3)", "F(4,3)"], "sets": ["default", "0, ±1, ∞"]}),
        "compared": (analysis.compared, {"report": error_report()}),
        "compute": (analysis.compute, {"algorithm": F23, "precision": "float16", **TILES}),
        "expected_fractions": (
            analysis.expected_fractions,
            {"edges": [0, 1, float("inf")], "errors": [1e-7], "size": 1.0, "fmt": "float32"},
        ),
        "gauged_conditions": (analysis.gauged_conditions, {"algorithm": F23}),
        "landscape": (
            analysis.landscape,
            {"tile": "F(2,3)", "points": "0, ±a, ∞", "sweeps": {"a": [1, 2]}, **PROBLEM, "progress": lambda _: True},
        ),
        "measure": (analysis.measure, {"algorithm": F23, **PROBLEM, "samples": 8, "seed": 0}),
        "measure by an engine": (
            measured_by,
            {"engine": lambda d, _: np.ones((len(d), 2)), "progress": lambda done: done < 16},
        ),
        "measure by what an engine gives": (
            lambda y: measured_by(engine=lambda *_: y),
            {"y": np.ones((16, 2))},
        ),
        "measure by what a progress says": (lambda going: measured_by(progress=lambda _: going), {"going": True}),
        "pareto": (analysis.pareto, {"rows": analysis.compare("F(2,3)")}),
        "read_array": (analysis.read_array, {"path": array_file()}),
        "sum_factor": (
            analysis.sum_factor,
            {"odd": [1, 0], "first": np.ones(2), "second": np.ones(2), "total": 2 * np.ones(2)},
        ),
        "trace": (analysis.trace, {"algorithm": F23, "precision": "float16", **TILES}),
        "with_signs": (analysis.with_signs, {"law": "normal", "inputs": np.ones(4), "filters": np.ones(3)}),
        "Problem.of": (analysis.Problem.of, {"algorithm": F23, **PROBLEM, "purpose": "have errors"}),
        "Sampler": (drawn, {"problem": problem, "seed": 0, "number": 3}),
        "Moments": (moments, {"terms": ((np.eye(4),),), "mean": np.zeros(4), "zeros": 0.5}),
        "Moments.independent": (
            moments.independent,
            {"shape": (4, 4), "variance": 1.0, "mean": np.ones((4, 4)), "zeros": 0.0},
        ),
        "Moments.of_covariance": (
            moments.of_covariance,
            {"shape": (4,), "covariance": np.eye(4), "mean": 0.5, "zeros": 0.0},
        ),
        "Moments.of_inputs": (moments.of_inputs, {"law": "relu", "shape": (4, 4)}),
        "Moments.of_filters": (moments.of_filters, {"law": "relu", "shape": (3,), "channels": 2}),
    }


@cache
def interchange_calls() -> Table:
    programs = wc.programs_of(F23)
    return {
        "examine": (examined, {"path": "AT.csv", "other": "G.csv"}),
        "export": (
            interchange.export,
            {"algorithm": F23, "kind": "c", "programs": programs, "name": "f23", "number_type": "double"},
        ),
        "export_bytes": (interchange.export_bytes, {"algorithm": F23, "kind": "npz", "programs": programs}),
        "write_export": (
            interchange.write_export,
            {"algorithm": F23, "kind": "json", "path": "f23.json", "programs": programs},
        ),
        "readings_of": (interchange.readings_of, {"path": "f23.json"}),  # what the one before has written
    }


@cache
def program_calls() -> Table:
    programs, ones = wc.programs_of(F23), np.ones(3)
    (filters,), (inputs,) = programs.filter, programs.input
    matrix = program.exact(F23.axes[0].G)
    sums = program.dot_products(matrix)
    style = program.Style()
    return {
        "accumulate": (program.accumulate, {"M": ones, "U": ones, "V": ones, "policy": "float16"}),
        "add": (program.add, {"a": ones, "b": ones, "fmt": "bfloat16"}),
        "additions": (program.additions, {"programs": programs}),
        "ascending": (program.ascending, {"sums": sums}),
        "cost": (program.cost, {"program": filters}),
        "dot_products": (program.dot_products, {"matrix": [[1, 2], [3, 4]]}),
        "evaluate": (program.evaluate, {"program": filters, "inputs": [1, 2, 3], "arithmetic": program.Exact()}),
        "evaluate rounded": (
            partial(program.evaluate, filters),
            {"inputs": [ones, ones, ones], "arithmetic": program.Rounded(wc.Format.of("float16"))},
        ),
        "evaluate_axes": (
            program.evaluate_axes,
            {"programs": [inputs], "tensor": np.ones((2, 4)), "arithmetic": program.Rounded(wc.Format.of("float32"))},
        ),
        "exact": (program.exact, {"matrix": [[1, "1/2"], [0, "√2"]]}),
        "expand": (program.expand, {"sums": sums, "source": "g", "target": "U", "fma": False}),
        "fma": (program.fma, {"a": ones, "b": ones, "c": ones, "fmt": "float16"}),
        "fma in float64": (partial(program.fma, fmt="float64"), {"a": ones, "b": ones, "c": ones}),
        "fma of fractions": (partial(program.fma, fmt="exact"), {"a": ones, "b": ones, "c": ones}),
        "linear_forms": (program.linear_forms, {"program": filters}),
        "matrix_of": (program.matrix_of, {"program": filters}),
        "matrix_of_sums": (program.matrix_of_sums, {"sums": sums}),
        "operations_per_tile": (program.operations_per_tile, {"programs": programs.filter}),
        "program_of": (program.program_of, {"matrix": matrix, "source": "g", "target": "U", "style": style}),
        "round_to": (program.round_to, {"values": [0.1, 2.5], "fmt": "int8"}),
        "round_to float8": (partial(program.round_to, fmt="float8_e4m3fn"), {"values": [0.1, 2.5]}),
        "round_to exact": (partial(program.round_to, fmt="exact"), {"values": [0.1, 2.5]}),
        "share_columns": (program.share_columns, {"sums": sums}),
        "share_rows": (program.share_rows, {"sums": sums}),
        "share_terms": (program.share_terms, {"sums": sums}),
        "sums_after": (program.sums_after, {"algorithm": F23, "step": "share ± rows", "style": style}),
        "Program": (
            program.Program,
            {"source": "d", "target": "V", "inputs": filters.inputs, "ops": filters.ops, "outputs": filters.outputs},
        ),
        "Programs": (program.Programs, {"filter": (filters,), "input": (inputs,), "output": programs.output}),
        "Sums": (program.Sums, {"inputs": sums.inputs, "sums": sums.sums, "outputs": sums.outputs}),
    }


@cache
def kernels_calls() -> Table:
    layer, algorithm = wc.Layer(2, 2, (4, 4), (3, 3)), wc.algorithm("F(2x2,3x3)")
    plan = wc.compile(layer, algorithm, target="generic", threads=1).plan
    return {
        "make_plan": (
            wc.kernels.make_plan,
            {"layer": layer, "algorithm": "F(2x2,3x3)", "points": None, "format": "float32", "threads": 1}
            | {"target": "generic", "max_error": 1e-5},
        ),
        "alternatives": (
            wc.kernels.alternatives,
            {"layer": layer, "max_error": "100 dB", "format": "any", "threads": 1, "target": "generic", "most": 2},
        ),
        "sparsity_curve": (
            wc.kernels.sparsity_curve,
            {"layer": layer, "algorithm": algorithm, "weights": np.ones(layer.weight_shape), "sparsities": (0.5,)}
            | {"inputs": "relu", "block": (32, 1), "threads": 1, "target": "generic", "seconds": 0.0, "seed": 0},
        ),
        "module_source": (wc.kernels.module_source, {"plan": plan.plans[0]}),
        "module_stem": (wc.kernels.module_stem, {"plan": plan.plans[0]}),
        "KernelEngine": (wc.kernels.KernelEngine, {"algorithm": algorithm, "channels": 2, "target": "generic"}),
        "KernelEngine.__call__": (
            wc.kernels.KernelEngine(algorithm, 3, "generic"),
            {"d": np.ones((2, 3, 4, 4)), "g": np.ones((2, 3, 3, 3))},
        ),
    }


def kept(**arguments: Any) -> Any:
    """What a store is told, and asked."""
    with search.Store(arguments["path"], writing=arguments["writing"]) as store:
        store.begin(arguments["search"], arguments["command"])
        store.add(arguments["run"], arguments["sweep"])
        store.keep_winners(arguments["run"], arguments["winners"])
        return store.find(arguments["name"]), list(store.sweeps(arguments["run"]))


@cache
def sparse_calls() -> Table:
    layer, weights = wc.Layer(2, 3, (4, 4), (3, 3)), np.ones((3, 2, 3, 3))
    mask = sparse.prune("F(2x2,3x3)", weights, sparsity=0.5)
    held = {field.name: getattr(mask, field.name) for field in dataclasses.fields(mask)}
    sparse.write_mask(path := Path(mkdtemp()) / "mask.json", mask)
    return {
        "Mask": (sparse.Mask, held),
        "Mask.of": (
            sparse.Mask.of,
            {"algorithm": "F(2x2,3x3)", "kept": mask.kept, "filters": 3, "channels": 2, "block": (32, 1)},
        ),
        "Mask.rows": (mask.rows, {"width": 16}),
        "as_json": (sparse.as_json, {"mask": mask}),
        "from_json": (sparse.from_json, {"text": sparse.as_json(mask)}),
        "read_mask": (sparse.read_mask, {"path": path}),
        "write_mask": (sparse.write_mask, {"path": path, "mask": mask}),
        "prune": (
            sparse.prune,
            {"algorithm": "F(2x2,3x3)", "weights": weights, "sparsity": 0.5, "inputs": "relu", "block": (32, 1)},
        ),
        "prune, error": (sparse.prune, {"algorithm": "F(2x2,3x3)", "weights": weights, "max_error": 0.5}),
        "pruning_error": (
            sparse.pruning_error,
            {"algorithm": "F(2x2,3x3)", "mask": mask, "weights": weights, "inputs": "relu", "tiles": 2, "seed": 0},
        ),
        "simulate": (
            sparse.simulate,
            {"algorithm": "F(2x2,3x3)", "mask": mask, "layer": layer, "x": np.ones(layer.input_shape)}
            | {"weights": weights, "bias": np.ones(3)},
        ),
        "transformed": (sparse.transformed, {"algorithm": "F(2x2,3x3)", "weights": weights}),
    }


@cache
def search_calls() -> Table:
    asked = search.Search.of("F(2,3)", strategy="exhaustive", height=2)
    best = (search.Scored((1e-7,), "0, ±1, ∞"),)
    return {
        "Search.of": (
            search.Search.of,
            {"tile": "F(2,3)", "format": "float32", "channels": 2, "law": "relu", "objective": ("rms", "products")}
            | {"strategy": "refine", "seed": 0, "start": "0, 1, ∞", "roots": (2,)},
        ),
        "Space": (
            search.Space,
            {
                "height": 3,
                "denominator": 2,
                "family": "pairs",
                "zero": "yes",
                "infinity": "no",
                "extra": 1,
                "roots": (),
            },
        ),
        "Store": (
            kept,
            {"path": "searches", "writing": True, "search": asked, "command": "wincook search 2,3", "run": 1}
            | {"sweep": search.Sweep(0, 1, best), "winners": [{"gain": 0.5}], "name": asked.name},
        ),
        "objective_of": (search.objective_of, {"name": "rms"}),
        "published": (search.published, {"search": asked, "samples": 16, "seed": 0}),
        "run": (
            search.run,
            {"search": asked, "seconds": 5.0, "evaluations": 10, "executor": None, "workers": 1, "store": "searches"}
            | {"resume": True, "watch": lambda progress: progress.tasks < 1},
        ),
        "winners": (
            search.winners,
            {"search": asked, "best": best, "number": 1, "samples": 16, "seed": 0, "progress": lambda done: done < 1},
        ),
    }


@cache
def report_calls() -> Table:
    rows = analysis.compare(["F(2,3)", "F(4,3)"])
    view = report.view_of(rows[0])
    chart = report.front_chart(rows)
    run = report.Run("compare", {"channels": 1}, rows[0].to_dict(), view)
    (cells,) = report.Table("t", "T", (), ((),)).rows
    return {
        "csv_text": (report.csv_text, {"view": view}),
        "difference": (report.difference, {"before": run, "after": run}),
        "draw": (report.draw, {"picture": chart, "path": "front.svg", "theme": "dark"}),
        "draw_into": (report.draw_into, {"axes": [Figure().subplots()], "chart": chart, "theme": "light"}),
        "error_curves": (report.error_curves, {"rows": rows}),
        "figure_of": (report.figure_of, {"picture": chart, "theme": "light"}),
        "front_chart": (report.front_chart, {"rows": rows}),
        "landscape_chart": (report.landscape_chart, {"landscapes": [family_of_pairs()]}),
        "landscape_figure": (
            report.landscape_figure,
            {"landscapes": family_of_pairs(), "ax": Figure().subplots(), "theme": "light"},
        ),
        "latex_text": (report.latex_text, {"view": view.tables[0]}),
        "pictures_of": (report.pictures_of, {"report": error_report()}),
        "read_run": (report.read_run, {"path": report.write_run(Path(mkdtemp()) / "run.json", run)}),
        "view_of": (report.view_of, {"value": rows[0]}),
        "write_page": (report.write_page, {"path": "page.html", "reports": [error_report()], "title": "Errors"}),
        "write_run": (report.write_run, {"path": "run.json", "run": run}),
        "write_view_page": (
            report.write_view_page,
            {"path": "view.html", "title": "Rows", "lead": "Two tiles.", "view": view},
        ),
        "ErrorReport.figure": (
            error_report().figure,
            {"kind": "error", "ax": list(Figure().subplots(1, 2)), "theme": "light"},
        ),
        "Layout": (shown, {"width": 80, "spell": str, "strong": str, "view": view}),
        "Run": (
            saved,
            {"command": "compare", "asked": {"channels": 1}, "results": [1.5], "view": view, "version": "1"},
        ),
        "Table": (
            report.Table,
            {"name": "t", "title": "T", "columns": (), "rows": (cells,), "caption": "", "headed": True}
            | {"constants": (("channels", 1),)},
        ),
        "View": (report.View, {"parts": view.parts}),
    }


@cache
def atlas_calls() -> Table:
    entry = atlas.entries()[0]
    fields = {field.name: getattr(entry, field.name) for field in dataclasses.fields(entry)}
    return {
        "look_up": (atlas.look_up, {"tile": "F(2,3)", "format": "float32", "extra": 0}),
        "points_for": (atlas.points_for, {"tile": "F(2,3)", "format": "float32", "extra": 0}),
        "read_atlas": (atlas.read_atlas, {"path": atlas.__path__[0] + "/atlas.json"}),
        "reasons": (atlas.reasons, {"entry": entry}),
        "write_atlas": (atlas.write_atlas, {"path": "atlas.json", "entries": [entry]}),
        "Conditions": (
            atlas.Conditions,
            {"objective": "rms", "channels": 1, "law": "uniform", "gauge": None},
        ),
        "Counts": (atlas.Counts, {"products": 4, "filter": 3, "input": 4, "output": 4}),
        "Entry": (atlas.Entry, fields),
        "Entry.from_json": (atlas.Entry.from_json, {"text": entry.as_json()}),
        "Entry.from_plain": (atlas.Entry.from_plain, {"data": json.loads(entry.as_json())}),
        "Errors": (atlas.Errors, {"predicted": 1e-7, "measured": 1e-7, "low": 1e-8, "high": 1e-6}),
        "Origin": (
            atlas.Origin,
            {"command": "wincook search 4,3", "strategy": "descent", "seed": 0, "evaluations": 9, "version": "0.1.0"},
        ),
        "Proven": (atlas.Proven, {"height": 8, "sets": 100}),
        "Published": (
            atlas.Published,
            {"points": "0, ±1, ∞", "source": "Winograd 1980", "counts": entry.counts, "errors": entry.errors},
        ),
        "make_entry": (
            make_entry,
            {"tile": "F(2,3)", "format": "float32", "extra": 0, "points": "0, ±1, ∞", "origin": None}
            | {"conditions": entry.conditions, "published": [("0, ±1, ∞", "Winograd")], "samples": 8, "seed": 0},
        ),
        "is_current": (is_current, {"entry": entry}),
        "published_sets": (published_sets, {"tile": "F(2,3)"}),
        "rank": (rank, {"algorithms": ["F(2,3)"], "format": "float32", "samples": 8, "seed": 0}),
        "counts_of": (counts_of, {"algorithm": F23}),
        "predicted_error": (
            predicted_error,
            {"algorithm": F23, "format": "float32", "conditions": entry.conditions},
        ),
        "errors_of": (
            errors_of,
            {"algorithm": F23, "format": "float32", "conditions": entry.conditions, "samples": 8, "seed": 0},
        ),
    }


@cache
def direct_calls() -> Table:
    x, weights = np.ones((1, 2, 4, 4)), np.ones((2, 2, 3, 3))
    steps = {"padding": ((1, 1), (1, 1)), "stride": (1, 2), "dilation": (1, 1), "groups": 1}
    return {
        "correlate": (wc.direct.correlate, {"d": np.ones((2, 4)), "g": np.ones(3)}),
        "convolve": (wc.direct.convolve, {"x": x, "weights": weights, **steps}),
        "convolve_transposed": (
            wc.direct.convolve_transposed,
            {"x": x, "weights": weights, **steps, "output_padding": (0, 1)},
        ),
    }


@cache
def formats_calls() -> Table:
    return {
        "Format.nearest": (wc.Format.of("float16").nearest, {"value": 0.1}),
        "official_name": (wc.formats.official_name, {"name": "fp16"}),
    }


@cache
def epilogue_calls() -> Table:
    layer = wc.Layer(2, 2, (4, 4), (3, 3))
    every = wc.epilogue.Epilogue("leaky(0.1)", scale=True, residual=True, pool="max")
    return {
        "Activation": (wc.epilogue.Activation, {"name": "clamp", "numbers": (-1, 1)}),
        "Activation.of": (wc.epilogue.Activation.of, {"activation": "clamp(-1, 1)"}),
        "Epilogue": (
            wc.epilogue.Epilogue,
            {"activation": "relu", "scale": False, "residual": True, "pool": "average"},
        ),
        "Epilogue.of": (wc.epilogue.Epilogue.of, {"epilogue": every}),
        "Epilogue.output_size": (every.output_size, {"layer": layer}),
        "Epilogue.output_shape": (every.output_shape, {"layer": layer}),
    }


@cache
def reproduce_calls() -> Table:
    return {
        "kappa_finite": (reproduce.kappa_finite, {"points": "0, ±1, ∞"}),
        "reproduce": (
            reproduce.reproduce,
            {"key": "meng2019", "samples": 2, "seed": 0, "progress": lambda _, so_far=None: so_far},
        ),
    }


@cache
def quantisation_calls() -> Table:
    layer, images = wc.Layer(2, 2, (4, 4), (3, 3)), np.arange(64.0).reshape(2, 2, 4, 4) ** 2
    made = quantisation.calibrate(layer, "F(2x2,3x3)", images)
    fields = {field.name: getattr(made, field.name) for field in dataclasses.fields(made)}
    text = quantisation.as_json(made)
    affine = quantisation.Affine(0.5, 3)
    weights = np.ones(layer.weight_shape)
    given = {"calibration": made, "algorithm": "F(2x2,3x3)", "weights": weights, "input_format": "uint8"}
    return {
        "Affine": (quantisation.Affine, {"scale": 0.5, "zero_point": 3}),
        "Affine.covering": (affine.covering, {"lowest": -1.0, "highest": 2.0, "kind": "int8"}),
        "Affine.quantised": (affine.quantised, {"values": np.ones(3), "kind": "uint8"}),
        "Affine.real": (affine.real, {"integers": np.ones(3, np.uint8)}),
        "Calibration": (quantisation.Calibration, fields),
        "Calibration.check": (made.check, {"layer": layer, "algorithm": wc.algorithm("F(2x2,3x3)")}),
        "calibrate": (
            quantisation.calibrate,
            {"layer": layer, "algorithm": "F(2x2,3x3)", "images": images, "format": "int16", "input_scales": "tap"}
            | {"powers_of_two": True, "margin": 1.5, "x": affine, "y": affine},
        ),
        "as_json": (quantisation.as_json, {"calibration": made}),
        "from_json": (quantisation.from_json, {"text": text}),
        "write_calibration": (quantisation.write_calibration, {"path": "c.json", "calibration": made}),
        "read_calibration": (quantisation.read_calibration, {"path": "c.json"}),  # what the one before has written
        "predict_snr": (analysis.predict_snr, given | {"signal": 2.0}),
        "snr_of_law": (
            analysis.snr_of_law,
            {"algorithm": "F(2,3)", "format": "int8", "channels": 2, "law": "relu"},
        ),
        "analyse_calibration": (analysis.analyse_calibration, given | {"layer": layer, "images": images}),
        "simulate": (
            partial(analysis.simulate, "F(2x2,3x3)"),
            {"layer": layer, "x": images[:1], "weights": weights, "calibration": made},
        ),
    }


@cache
def error_report() -> Any:
    return wc.analyse("F(2,3)", samples=16)


@cache
def family_of_pairs() -> Any:
    return analysis.landscape("F(2,3)", "0, ±a, ∞", {"a": [1, 2]})


@cache
def array_file() -> Path:
    path = Path(mkdtemp()) / "images.npy"
    np.save(path, np.ones((1, 2, 4)))
    return path


def chapter_calls() -> Table:
    """Each public function of these chapters, and the values that they take, with arguments that are right."""
    chapters = {
        "analysis": analysis_calls,
        "atlas": atlas_calls,
        "interchange": interchange_calls,
        "program": program_calls,
        "kernels": kernels_calls,
        "sparse": sparse_calls,
        "search": search_calls,
        "report": report_calls,
        "reproduce": reproduce_calls,
        "direct": direct_calls,
        "formats": formats_calls,
        "epilogue": epilogue_calls,
        "quantisation": quantisation_calls,
    }
    return {f"{chapter}.{name}": call for chapter, calls in chapters.items() for name, call in calls().items()}


@pytest.mark.slow
def test_right_calls_of_chapters_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for function, arguments in chapter_calls().values():
        function(**arguments)


@pytest.mark.slow
def test_wrong_calls_of_chapters_in_a_sample(failures_of: Callable[..., list[str]]) -> None:
    assert failures_of(chapter_calls()) == []


@pytest.mark.nightly
def test_all_wrong_calls_of_chapters(failures_of: Callable[..., list[str]]) -> None:
    assert failures_of(chapter_calls(), every=True) == []
