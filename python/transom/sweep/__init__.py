"""transom.sweep — `transom sweep`: a grid of decoder units, simulated on all cores, and its report.

grid.py says which points there are, work.py runs one on any machine, engine.py hands them to Dask,
store.py keeps what is finished, report.py draws it. Nothing here codes or counts cycles: every
figure is one of `transom sim --json`, or of rtl/cost.json.
"""
# SPDX-License-Identifier: Apache-2.0
