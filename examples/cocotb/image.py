"""image.py — a container as decoder_axi reads it (rtl/AXI.md, "Memory"): the file, tables, rows, descriptors."""
# SPDX-License-Identifier: Apache-2.0

import struct
from collections.abc import Iterable
from typing import NamedTuple

import transom
from transom.container import Container
from transom.spec import LANE_KINDS, STREAMS_PER_LANE, VALUES_PER_BEAT

HEADER_BYTES = 16  # of a container, in front of its first record
BLOCK_BYTES = 64  # what the driver writes begins at a multiple of this
KIND_OF_CODING = {codec.name: codec.lane for codec in transom.codecs()}


class Unit(NamedTuple):
    """A shape of decoder_axi."""

    kind: str  # of LANE_KINDS
    lanes: int
    table_log: int  # R of its largest table

    @property
    def n_streams(self) -> int:
        return self.lanes * STREAMS_PER_LANE[self.kind]

    @property
    def values_per_beat(self) -> int:
        """Of the stream of values."""
        return self.lanes * VALUES_PER_BEAT[self.kind]


class Image(NamedTuple):
    """Memory from its base on."""

    memory: bytes
    descriptors: int  # address of the first


def is_raw(tensor: transom.CodedTensor) -> bool:
    """Raw values lie flat in a file: one stream for the unit."""
    return bool(tensor.code.coding == "raw")


def n_streams(tensor: transom.CodedTensor) -> int:
    """Streams that the unit sees."""
    return 1 if is_raw(tensor) else tensor.n_streams


def stream_of(tensor: transom.CodedTensor, index: int) -> int:
    """The stream of a value of the tensor."""
    return index // tensor.chunk % tensor.n_streams


def stream_values(tensor: transom.CodedTensor) -> list[int]:
    """How many values each stream has that the unit sees."""
    counts = [0] * n_streams(tensor)
    for index in range(tensor.n_values):
        counts[0 if is_raw(tensor) else stream_of(tensor, index)] += 1
    return counts


def kind_of(container: Container) -> str:
    """The kind of lane that decodes all tensors. Raises ValueError where none does."""
    kinds = sorted({KIND_OF_CODING[tensor.code.coding] for tensor in container})
    if len(kinds) != 1:
        raise ValueError(f"the tensors are for {len(kinds)} kinds of lane ({', '.join(kinds)}): one unit has one")
    return kinds[0]


def check(container: Container, unit: Unit) -> None:
    """Raises ValueError naming the first tensor that the unit cannot decode."""
    if container.version != 1:
        raise ValueError("a container of version 2 is for the wide unit")
    for tensor in container:
        code, streams = tensor.code, n_streams(tensor)
        if KIND_OF_CODING[code.coding] != unit.kind:
            raise ValueError(f"tensor '{tensor.name}': coding {code.coding} is not for lanes of kind {unit.kind}")
        if streams > unit.n_streams:
            raise ValueError(f"tensor '{tensor.name}': {streams} streams; the unit has {unit.n_streams}")
        if code.table_log > unit.table_log:
            raise ValueError(f"tensor '{tensor.name}': table log {code.table_log}; the unit has {unit.table_log}")


def make_image(container: Container, base: int, unit: Unit) -> Image:
    """Of a container that passed check()."""
    memory = bytearray(container.to_bytes())

    def append(words: Iterable[int]) -> int:
        """Words at the next block; its address."""
        memory.extend(bytes(-(base + len(memory)) % BLOCK_BYTES))
        address = base + len(memory)
        for word in words:
            memory.extend(struct.pack("<I", word))
        return address

    descriptors: list[int] = []
    record = base + HEADER_BYTES
    for tensor in container:
        code = tensor.code
        size = transom.record_bytes(tensor)
        payload = record + size.header + size.name + size.table + size.streams
        record += size.total

        table = [int(word) for word in code.unit_table]
        table += [0] * (-len(table) % 4)
        rows = [row.vmin | row.offset_bits << 16 for row in code.rows]
        records = [tensor.n_values, 0, size.payload // 4, 0]
        if not is_raw(tensor):
            records, first = [], 0
            for n, words in zip(stream_values(tensor), tensor.streams, strict=True):
                records += [n, len(words.symbols), len(words.offsets), first]
                first += len(words.symbols) + len(words.offsets)
        control = code.table_log | LANE_KINDS[unit.kind] << 8 | n_streams(tensor) << 16
        descriptors += [control, tensor.n_values, len(table), len(rows)]
        for address in (append(table), append(rows), append(records), payload):
            descriptors += [address & 0xFFFFFFFF, address >> 32]
        descriptors += [0] * 4
    at = append(descriptors)
    return Image(bytes(memory), at)
