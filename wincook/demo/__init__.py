"""The main job on a real photo: exact algorithms, compiled, run, judged and timed.

Three banks of real filters, 3×3, 5×5 and 7×7, run on a photo by float32 kernels. Every kernel is judged by the same sum
in float64, timed beside two ways of scipy, and stands beside what theory and samples say of its error. It needs the
`demo` extra, scipy.

    photo       the picture: matplotlib's portrait of Grace Hopper, or a file
    filters     the banks: each filter a formula with its source
    reference   the judge and the competition: direct sums and spectra by scipy
    run         the job itself: a `DemoResult`
    views       filter outputs as images for the eye; `wincook.report.picture` puts them together
"""
