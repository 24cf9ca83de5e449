/* SPDX-License-Identifier: 0BSD */
/* Calls what a firmware calls and nothing else, to see what the network takes of the flash. Never run. */
#include "network.h"

#if defined(NETWORK_SAMPLES)
extern int16_t rom_raw[];
#else
extern float rom_raw[];
#endif
extern int8_t rom_arena[];
void rom_entry(void);

void rom_entry(void)
{
#if defined(NETWORK_SAMPLES)
  (void)network_features(rom_arena, rom_raw);
#else
  network_quantize_input(rom_raw, rom_arena);
#endif
  (void)network_invoke(rom_arena);
}
