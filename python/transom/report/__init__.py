"""transom.report — `transom report`: one page about traces, what each coding makes of them, and what a unit does.

runs.py runs the program, measure.py has its figures, quantisers.py codes weights that were quantised otherwise,
document.py makes the page. Nothing here codes or counts cycles: every figure is the program's or transom._core's.
"""
# SPDX-License-Identifier: Apache-2.0
