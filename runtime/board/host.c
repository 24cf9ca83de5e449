/* SPDX-License-Identifier: 0BSD */
/* board.h on a computer: standard C, no clock, no stack. */
#include "board.h"

#include <stdio.h>

#define FILES 8
static FILE *files[FILES];

static int open_file(const char *path, const char *mode)
{
  int file;
  for (file = 0; file < FILES; ++file) {
    if (files[file] == NULL) {
      files[file] = fopen(path, mode);
      return files[file] != NULL ? file : -1;
    }
  }
  return -1;
}

int board_open_to_read(const char *path)
{
  return open_file(path, "rb");
}

int board_open_to_write(const char *path)
{
  return open_file(path, "wb");
}

uint32_t board_read(int file, void *bytes, uint32_t count)
{
  return (uint32_t)fread(bytes, 1, count, files[file]);
}

int board_write(int file, const void *bytes, uint32_t count)
{
  return fwrite(bytes, 1, count, files[file]) == count ? 0 : -1;
}

void board_close(int file)
{
  (void)fclose(files[file]);
  files[file] = NULL;
}

void board_print(const char *text)
{
  (void)fputs(text, stdout);
}

void board_print_number(const char *before, uint32_t number, const char *after)
{
  (void)printf("%s%lu%s", before, (unsigned long)number, after);
}

uint32_t board_stack_pointer(void)
{
  return 0;
}

void board_paint_stack(void)
{
}

uint32_t board_stack_used(uint32_t below)
{
  (void)below;
  return 0;
}

void board_start_clock(void)
{
}

uint32_t board_clock(void)
{
  return 0;
}
