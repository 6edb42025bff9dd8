"""Property tests of the Python package: one at least of each public name (test_every_name.py holds them to that)."""
# SPDX-License-Identifier: Apache-2.0
