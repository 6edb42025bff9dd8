"""The whole unit: its parts mapped apart and added up, its memories by a model, share by share."""
# SPDX-License-Identifier: Apache-2.0
