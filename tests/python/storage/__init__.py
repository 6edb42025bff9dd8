"""Kills, errors of the disk, hostile files."""
# SPDX-License-Identifier: Apache-2.0
