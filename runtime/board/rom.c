/* SPDX-License-Identifier: 0BSD */
/* Calls what a firmware calls and nothing else, to see what the network takes of the flash. Never run. */
#include "network.h"

extern float rom_raw[];
extern int8_t rom_arena[];
void rom_entry(void);

void rom_entry(void)
{
  network_quantize_input(rom_raw, rom_arena);
  (void)network_invoke(rom_arena);
}
