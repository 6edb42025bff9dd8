# readme.awk — the C++ of a page as a program: blocks that define something, then main() of all the others.
# SPDX-License-Identifier: Apache-2.0
/^```cpp$/ { block = ""; inside = 1; next }
/^```$/ && inside {
  inside = 0
  if (block ~ /^(#include|struct|template|Generator<)/) definitions = definitions block "\n"
  else statements = statements block "\n"
}
inside { block = block $0 "\n" }
END { printf "%sint main() {\n%s}\n", definitions, statements }
