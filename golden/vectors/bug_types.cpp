// bug_types.cpp — what the flags of vectors mean.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/vectors/plan.hpp"

namespace transom::golden {

std::span<const BugType> bug_types() {
  static constexpr BugType kTypes[] = {
      {"BackToBack", "a job takes a table, words or an error of the one before it"},
      {"BadLoad", "a load of which a word is of no table is taken for one"},
      {"Checksum", "the values' checksum is not compared with what was decoded"},
      {"Chunks", "values of several chunks are put back in another order"},
      {"ContainerCrc", "a CRC of the container is not compared, or covers other bytes"},
      {"ContainerCut", "a container that ends early is read past its end"},
      {"ContainerDirectory", "what a directory or an index says is believed"},
      {"ContainerHeader", "a field of a header is believed"},
      {"ContainerPadding", "filling of a container is not looked at"},
      {"ContainerTable", "frequencies or rows that are no table are believed"},
      {"ContainerTrailing", "bytes behind the last tensor are not noticed"},
      {"DroppedSymbol", "the second symbol of the last pair of an odd stream is not dropped"},
      {"EmptyStream", "a stream without values is waited for, or reads a state"},
      {"EndState", "the last state is not compared with the encoder's first"},
      {"EveryState", "an entry of a table is read wrong, or lost when its step has to wait"},
      {"FirstState", "the first state is not read from the stream's bits"},
      {"FlippedOffset", "offset bits are read wrong where the checksum alone can tell"},
      {"FlippedSymbol", "symbol bits are read wrong"},
      {"ForgedDescriptor", "what a descriptor says of table, rows, records or streams is believed"},
      {"LargeRow", "a row of a great frequency is decoded wrong in some of its states"},
      {"LastWord", "the end is looked for in the wrong word where a stream ends within a new one"},
      {"Lockstep", "lanes that share words take those of another lane"},
      {"LongStream", "counters of values, bits or words are too narrow"},
      {"ManyRows", "more than 16 rows, or their offsets, have no room"},
      {"MaxRenormalisation", "a step cannot take as many bits as one may"},
      {"MissingFirstState", "a stream that ends before its first state is not noticed"},
      {"NumberOfValues", "a bit of the number of a stream's values is not looked at"},
      {"OffsetFilling", "filling of the last offset word is not looked at"},
      {"OffsetOutsideRow", "a container's offset that is not below its row's size is taken"},
      {"OneSymbol", "a symbol that owns all slots takes no bits: a frequency of 2^R overflows"},
      {"OverLongOffsets", "offset words that are left over are not noticed"},
      {"OverLongSymbols", "symbol words that are left over are not noticed"},
      {"Spread", "symbols are laid over the table in another order"},
      {"StreamOrder", "streams are taken in another order, which the checksum alone can tell"},
      {"SymbolFilling", "filling of the last symbol word is not looked at"},
      {"TableSize", "tables of some size are loaded or looked up wrong"},
      {"TruncatedOffsets", "offset bits that are missing are not noticed"},
      {"TruncatedSymbols", "symbol bits that are missing are not noticed"},
      {"Underflow", "the arithmetic coder's underflow is lost when it lasts"},
      {"WideOffset", "offsets of 16 bits are cut, or their sign is taken for one"},
      {"Width", "values of some width are cut or extended wrong"},
  };
  return kTypes;
}

}  // namespace transom::golden
