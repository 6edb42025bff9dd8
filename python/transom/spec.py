# Written by golden/emit_sv --python from model/base/spec.hpp: do not edit.
"""spec.py — numbers and names that the Python shares with the golden model."""
# SPDX-License-Identifier: Apache-2.0

MAX_VALUE_BITS = 16  # W
MAX_TABLE_LOG = 14  # R: a table has 2^R slots
MIN_LANE_TABLE_LOG = 4  # of parameter TableLog of a unit
MAX_ALPHABET = 256  # A
MAX_APACK_ROWS = 16  # rows of an APack table
RANS_LANE_TABLE_LOG = 12  # R of the largest table of a rANS lane
ARITH_TABLE_LOG = 10  # APack's counts sum to 2^this
NRANS_BLOCK_LOG = 2  # b: state bits of narrow rANS beyond R
MAX_TAKE = 16  # bits of a symbol stream in a lane's step
WORD_BITS = 32  # streams travel in words, bit 0 first
MAX_DECODER_LANES = 64  # lanes of a unit
LOAD_ENTRIES = 4  # table words per write of the load port

# Widths in bits, of rtl/codec_pkg.sv.
SYMBOL_BITS = 8  # symbols 0..A-1
ENTRY_BITS = 26  # a tANS table word's bits in use
RANS_ENTRY_BITS = 32  # a rANS table word's
ROW_BITS = 21  # a row word's
CUM_BITS = 11  # a cumulative count of the arithmetic coder
RETIRE_BITS = 20  # a retired step: symbol, take, fill
STATUS_BITS = 3  # a Status
STALL_BITS = 3  # a Stall

# Float types of values: bits, and those of the exponent.
FLOAT_TYPES = {
    "bf16": (16, 8),
    "fp16": (16, 5),
    "fp8_e4m3": (8, 4),
    "fp8_e5m2": (8, 5),
}

# Kinds of lanes: parameter Kind of rtl/decoder.sv.
LANE_KINDS = {
    "tans": 0,
    "rans": 1,
    "arith": 2,
    "tans_pair": 3,
    "nrans": 4,
}

# Streams that a lane decodes in turn.
STREAMS_PER_LANE = {
    "tans": 1,
    "rans": 2,
    "arith": 2,
    "tans_pair": 1,
    "nrans": 1,
}

# Values that leave a lane in a cycle.
VALUES_PER_BEAT = {
    "tans": 1,
    "rans": 1,
    "arith": 1,
    "tans_pair": 2,
    "nrans": 1,
}

# R of a lane's largest table.
MAX_LANE_TABLE_LOG = {
    "tans": 14,
    "rans": 12,
    "arith": 10,
    "tans_pair": 14,
    "nrans": 12,
}

# The state that a lane retires, in bits.
STATE_BITS = {
    "tans": 14,
    "rans": 32,
    "arith": 48,
    "tans_pair": 14,
    "nrans": 14,
}

# How a stream ended; a lane knows the first four.
STATUSES = {
    "ok": 0,
    "truncated": 1,
    "bad_state": 2,
    "trailing": 3,
    "bad_value": 4,
    "bad_table": 5,
    "bad_header": 6,
    "bad_checksum": 7,
}

# What a lane spent a cycle on.
STALLS = {
    "none": 0,
    "fill": 1,
    "symbol_words": 2,
    "offset_words": 3,
    "consumer": 4,
    "turn": 5,
}
