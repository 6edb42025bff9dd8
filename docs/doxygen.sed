# The comment that opens a header is the file's. (The first line gets one more, for the command.)
1s|^// [a-z0-9_/]*\.hpp — |/// @file\n/// |
1,/^[^\/]/s|^//\( .*\)\?$|///\1|
# Pages that are not among these are named, not linked.
s|\[\([^]]*\)\](\.\./[^)]*)|\1|g
s|^/// SPDX-License-Identifier.*$||
