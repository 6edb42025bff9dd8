"""bbans — variational autoencoders as integer networks: read, quantised, evaluated (model/vae/README.md)."""
# SPDX-License-Identifier: Apache-2.0
