/* SPDX-License-Identifier: 0BSD */
/* What the test programs need of the machine that they run on: files, text, stack and time. */
#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>

int board_open_to_read(const char *path);  /* a handle, or -1 */
int board_open_to_write(const char *path); /* a handle, or -1 */
uint32_t board_read(int file, void *bytes, uint32_t count); /* bytes read: fewer at the end of the file */
int board_write(int file, const void *bytes, uint32_t count); /* 0, or -1 */
void board_close(int file);
void board_print(const char *text);
void board_print_number(const char *before, uint32_t number, const char *after);

uint32_t board_stack_pointer(void);        /* 0 where the stack cannot be painted */
void board_paint_stack(void);              /* all that is free below the caller */
uint32_t board_stack_used(uint32_t below); /* [B] written below that stack pointer since it was painted */

void board_start_clock(void);
uint32_t board_clock(void); /* ticks since board_start_clock; 0 where there is no clock */

#endif
