#!/bin/sh
# The code of a page is the file that is compiled, from its marker on: listing.sh PAGE FILE
# SPDX-License-Identifier: Apache-2.0
set -eu
page=$(sed -n '/^```cpp$/,/^```$/{/^```/!p}' "$1")
file=$(sed '1,/^\/\/ The page begins here\.$/d' "$2")
test -n "$page"
test "$page" = "$file" || { echo "$1 does not show what is in $2"; exit 1; }
