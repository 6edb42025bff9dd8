/* transom_dpi.h — the golden decoder and the comparator as C functions: for DPI-C, ctypes, any C.
 *
 * transom_pkg.sv imports the same functions and describes every argument. A handle is a tensor of a
 * container; there may be any number of them. Whatever comes in, nothing crashes: a function that
 * cannot do what it was asked returns -1 (transom_open() 0) and transom_error() says why. Strings
 * that are returned stay until the next call of the same thread. Several threads may call.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TRANSOM_DPI_H
#define TRANSOM_DPI_H

#ifdef __cplusplus
extern "C" {
#endif
#define TRANSOM_DPI __attribute__((visibility("default")))

TRANSOM_DPI int transom_open(const char* path, const char* tensor);
TRANSOM_DPI int transom_open_number(const char* path, int number);
TRANSOM_DPI int transom_close(int handle);
TRANSOM_DPI const char* transom_error(void);

/* What a decoder is given. */
TRANSOM_DPI int transom_kind(int handle);
TRANSOM_DPI int transom_table_log(int handle);
TRANSOM_DPI int transom_table_words(int handle);
TRANSOM_DPI long long transom_table_word(int handle, int index);
TRANSOM_DPI int transom_rows(int handle);
TRANSOM_DPI long long transom_row_word(int handle, int index);
TRANSOM_DPI int transom_streams(int handle);
TRANSOM_DPI long long transom_stream_values(int handle, int stream);
TRANSOM_DPI long long transom_stream_steps(int handle, int stream);
TRANSOM_DPI long long transom_stream_words(int handle, int stream, int port);
TRANSOM_DPI long long transom_stream_word(int handle, int stream, int port, long long index);

/* The golden decoder. */
TRANSOM_DPI int transom_step(int handle, int stream, unsigned* symbol, unsigned* value,
                             unsigned long long* state, unsigned* bits);
TRANSOM_DPI int transom_end(int handle, int stream);

/* The comparator. */
TRANSOM_DPI int transom_at(int handle, unsigned long long cycle);
TRANSOM_DPI int transom_check_step(int handle, int stream, int shown, unsigned symbol,
                                   unsigned long long state, unsigned bits);
TRANSOM_DPI int transom_check_value(int handle, int stream, unsigned value);
TRANSOM_DPI int transom_check_end(int handle, int stream, int status);
TRANSOM_DPI int transom_finish(int handle);
TRANSOM_DPI int transom_difference(int handle, int* stream, unsigned long long* index,
                                   unsigned long long* bit, unsigned long long* want,
                                   unsigned long long* got);
TRANSOM_DPI const char* transom_difference_text(int handle);
TRANSOM_DPI const char* transom_difference_what(int handle);
TRANSOM_DPI const char* transom_difference_class(int handle);
TRANSOM_DPI int transom_restart(int handle);

#ifdef __cplusplus
}
#endif
#endif
