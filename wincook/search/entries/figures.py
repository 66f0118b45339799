"""What an algorithm costs, and how wrong it is by a measure of the atlas: predicted, and measured.

All errors are relative, over the RMS of the exact results, so that sets, formats and numbers of channels compare.
Predicted errors are normal: the mean of |e| is √(2/π) times the RMS.
"""

from __future__ import annotations

from math import pi, sqrt

import numpy as np

from wincook.analysis.measurement.measure import Measurement, measurement_of
from wincook.analysis.measurement.statistics import mean_of
from wincook.analysis.prediction.predict import Prediction, prediction_of
from wincook.analysis.problem import Problem
from wincook.analysis.quantisation.of_law import analyse_law, snr_of_law
from wincook.arguments import instance, whole_number
from wincook.arrays import Array
from wincook.atlas.parts import Conditions, Counts, Errors
from wincook.construct.subject import Subject, algorithm_of
from wincook.errors import AlgorithmError
from wincook.formats import Format
from wincook.precision import Precision
from wincook.program.programs import operations_per_tile, programs_of
from wincook.quantisation.integers import INTEGERS

BATCHES = 8
"""The fewest samples, and in how many parts a figure is measured that has no interval of its own."""


def conditions_of(conditions: Conditions) -> Conditions:
    """The conditions, if they are ones.

    Raises:
        NotationError: something else.
    """
    return instance("conditions", conditions, Conditions, "make them with Conditions('rms', channels=64)")


def counts_of(algorithm: Subject) -> Counts:
    """Products, and operations of the programs of the three transforms, for one tile.

    Raises:
        WincookError: as `wincook.programs_of`.
    """
    algorithm = algorithm_of(algorithm)
    programs = programs_of(algorithm)
    stages = (programs.filter, programs.input, programs.output)
    return Counts(algorithm.multiplications, *map(operations_per_tile, stages))


def predicted_error(
    algorithm: Subject,
    format: Precision | Format | str,
    conditions: Conditions = Conditions(),  # noqa: B008 (a frozen value)
) -> float:
    """The relative error that the full model predicts, for an algorithm that is in its gauge already.

    Args:
        algorithm: a correlation of real numbers.
        format: of all stages, or a policy; int8 and int16 are those of products, whose scales a calibration finds.
        conditions: which error, for what data.

    Raises:
        WincookError: as `wincook.predict`, or `snr_of_law`.
    """
    conditions = conditions_of(conditions)
    problem = Problem.of(algorithm, format, conditions.channels, conditions.law)
    if str(problem.precision) in INTEGERS:
        return quantised_error(problem)
    return error_of(prediction_of(problem), conditions.measure)


def quantised_error(problem: Problem) -> float:
    """The relative RMS error that is predicted of products of integers, calibrated on images of the law."""
    name = str(problem.precision)
    return _ratio(snr_of_law(problem.algorithm, name, problem.channels, problem.law))


def errors_of(
    algorithm: Subject,
    format: Precision | Format | str,
    conditions: Conditions,
    samples: int,
    seed: int,
) -> Errors:
    """The relative error, predicted and measured; other arguments as for `predicted_error`.

    Args:
        algorithm: a correlation of real numbers.
        format: as there.
        conditions: which error, for what data.
        samples: tiles, or layers of products of integers; at least `BATCHES`.
        seed: of the random numbers.

    Raises:
        AlgorithmError: outputs overflow, so that there is no error to tell.
        ShapeError: too few samples, or a seed below 0.
        WincookError: as `predicted_error`.
    """
    conditions = conditions_of(conditions)
    samples, seed = whole_number("samples", samples, BATCHES), whole_number("seed", seed, 0, None)
    problem = Problem.of(algorithm, format, conditions.channels, conditions.law)
    if str(problem.precision) in INTEGERS:
        return _quantised(problem, samples, seed)
    prediction = prediction_of(problem)
    predicted, size = error_of(prediction, conditions.measure), _size(prediction)
    if conditions.measure == "maximum":
        return _worst(problem, prediction, predicted, samples, seed)
    measured = _finite(problem, measurement_of(problem, samples, seed))
    if conditions.measure == "mean":
        interval = measured.mean_interval
        return Errors(predicted, measured.mean / size, interval.low / size, interval.high / size)
    interval = measured.relative_rms_interval
    return Errors(predicted, measured.relative_rms, interval.low, interval.high)


def error_of(prediction: Prediction, measure: str) -> float:
    """The relative error of a prediction: the rms, the mean |e|, or the maximum, the RMS of the worst output."""
    match measure:
        case "rms":
            return prediction.relative_rms
        case "mean":
            return float(np.mean(_positions(prediction))) * sqrt(2 / pi) / _size(prediction)
        case _:
            return float(np.max(_positions(prediction))) / _size(prediction)


def _positions(prediction: Prediction) -> Array:
    """The predicted RMS errors of the outputs of a tile, in C order."""
    return np.array(prediction.positions, dtype=float).ravel()


def _size(prediction: Prediction) -> float:
    """The RMS of the exact results; whatever it is where there is no error."""
    return prediction.rms / prediction.relative_rms if prediction.relative_rms else 1.0


def _worst(problem: Problem, prediction: Prediction, predicted: float, samples: int, seed: int) -> Errors:
    """The RMS error of the output that is predicted to have the largest one, in several parts of the sample."""
    place, size = int(np.argmax(_positions(prediction))), _size(prediction)
    parts = (_finite(problem, measurement_of(problem, samples // BATCHES, seed + part)) for part in range(BATCHES))
    square, interval = mean_of([part.position_rms[place] ** 2 for part in parts])
    return Errors(predicted, sqrt(square) / size, sqrt(interval.low) / size, sqrt(interval.high) / size)


def _quantised(problem: Problem, layers: int, seed: int) -> Errors:
    """Of so many layers, each calibrated on some images and measured on another."""
    name = str(problem.precision)
    reports = [
        analyse_law(problem.algorithm, name, problem.channels, problem.law, seed=seed + layer)
        for layer in range(layers)
    ]
    square, interval = mean_of([_ratio(report.measured) ** 2 for report in reports])
    return Errors(quantised_error(problem), sqrt(square), sqrt(interval.low), sqrt(interval.high))


def _ratio(decibels: float) -> float:
    """Noise over signal, as RMS."""
    return float(10 ** (-decibels / 20))


def _finite(problem: Problem, measured: Measurement) -> Measurement:
    if measured.overflows:
        raise AlgorithmError(
            f"{problem} overflows in {measured.overflows} of {measured.outputs} outputs, so that its error has no "
            "bound; take other points, a gauge or a wider format"
        )
    return measured
