"""transom.figures — the figures of README.md and docs/figures.md, each behind the command that prints it."""
# SPDX-License-Identifier: Apache-2.0
