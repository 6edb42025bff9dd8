"""transom.energy — netlists of the units replayed against the RTL, and what their toggles take, first order."""
# SPDX-License-Identifier: Apache-2.0
