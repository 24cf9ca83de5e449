/* SPDX-License-Identifier: 0BSD */
/* board.h on a Cortex-M under QEMU: start-up, semihosting, painted stack, SysTick. */
#include "board.h"

extern uint32_t board_data_load[], board_data_begin[], board_data_end[];
extern uint32_t board_bss_begin[], board_bss_end[];
extern uint32_t board_stack_limit[], board_stack_top[];

int main(void);
void board_reset(void);
void board_fault(void);
void board_tick(void);

#define CCR (*(volatile uint32_t *)0xE000ED14u)
#define CPACR (*(volatile uint32_t *)0xE000ED88u)
#define SYST_CSR (*(volatile uint32_t *)0xE000E010u)
#define SYST_RVR (*(volatile uint32_t *)0xE000E014u)
#define SYST_CVR (*(volatile uint32_t *)0xE000E018u)
#define SYST_PERIOD 0x1000000u

static volatile uint32_t clock_wraps;

/* ---- semihosting ---- */

enum { SYS_OPEN = 1, SYS_CLOSE = 2, SYS_WRITE0 = 4, SYS_WRITE = 5, SYS_READ = 6, SYS_EXIT_EXTENDED = 0x20 };

static int32_t semihosting(int32_t operation, const void *argument)
{
  register int32_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

static void leave(uint32_t status)
{
  const uint32_t block[2] = {0x20026u, status};
  for (;;) {
    (void)semihosting(SYS_EXIT_EXTENDED, block);
  }
}

static int open_file(const char *path, uint32_t mode)
{
  uint32_t block[3];
  uint32_t length = 0;
  while (path[length] != '\0') {
    ++length;
  }
  block[0] = (uint32_t)(uintptr_t)path;
  block[1] = mode;
  block[2] = length;
  return (int)semihosting(SYS_OPEN, block);
}

int board_open_to_read(const char *path)
{
  return open_file(path, 1u);
}

int board_open_to_write(const char *path)
{
  return open_file(path, 5u);
}

uint32_t board_read(int file, void *bytes, uint32_t count)
{
  uint32_t done = 0;
  while (done < count) {
    const uint32_t block[3] = {(uint32_t)file, (uint32_t)(uintptr_t)bytes + done, count - done};
    const int32_t missing = semihosting(SYS_READ, block);
    if (missing < 0 || (uint32_t)missing >= count - done) {
      break;
    }
    done = count - (uint32_t)missing;
  }
  return done;
}

int board_write(int file, const void *bytes, uint32_t count)
{
  const uint32_t block[3] = {(uint32_t)file, (uint32_t)(uintptr_t)bytes, count};
  return semihosting(SYS_WRITE, block) == 0 ? 0 : -1;
}

void board_close(int file)
{
  const uint32_t block[1] = {(uint32_t)file};
  (void)semihosting(SYS_CLOSE, block);
}

void board_print(const char *text)
{
  (void)semihosting(SYS_WRITE0, text);
}

void board_print_number(const char *before, uint32_t number, const char *after)
{
  char digits[11];
  int at = 10;
  digits[at] = '\0';
  do {
    digits[--at] = (char)('0' + (char)(number % 10u));
    number /= 10u;
  } while (number != 0u);
  board_print(before);
  board_print(digits + at);
  board_print(after);
}

/* ---- stack and clock ---- */

#define PAINT 0xC5A3965Au

uint32_t board_stack_pointer(void)
{
  uint32_t pointer;
  __asm__ volatile("mov %0, sp" : "=r"(pointer));
  return pointer;
}

void board_paint_stack(void)
{
  volatile uint32_t *at = board_stack_limit;
  const uint32_t top = board_stack_pointer();
  while ((uint32_t)(uintptr_t)at < top) {
    *at++ = PAINT;
  }
}

uint32_t board_stack_used(uint32_t below)
{
  const volatile uint32_t *at = board_stack_limit;
  while ((uint32_t)(uintptr_t)at < below && *at == PAINT) {
    ++at;
  }
  return below - (uint32_t)(uintptr_t)at;
}

void board_start_clock(void)
{
  clock_wraps = 0;
  SYST_CSR = 0;
  SYST_RVR = SYST_PERIOD - 1u;
  SYST_CVR = 0;
  SYST_CSR = 7u; /* processor clock, interrupt, on */
}

uint32_t board_clock(void)
{
  uint32_t wraps, left;
  do {
    wraps = clock_wraps;
    left = SYST_CVR;
  } while (wraps != clock_wraps);
  SYST_CSR = 0;
  return wraps * SYST_PERIOD + (SYST_PERIOD - left) % SYST_PERIOD;
}

void board_tick(void)
{
  ++clock_wraps;
}

/* ---- start-up ---- */

void board_fault(void)
{
  board_print("fault\n");
  leave(3);
}

void board_reset(void)
{
  volatile uint32_t *to;
  const uint32_t *from = board_data_load;
#if defined(__ARM_FP)
  CPACR |= 0xFu << 20;
  __asm__ volatile("dsb\n\tisb" : : : "memory");
#endif
#if __ARM_ARCH_6M__
  CCR |= 1u << 3; /* unaligned words fault, as they do on the core that this code is for */
#endif
  for (to = board_data_begin; to != board_data_end; ++to) {
    *to = *from++;
  }
  for (to = board_bss_begin; to != board_bss_end; ++to) {
    *to = 0;
  }
  leave(main() != 0 ? 1u : 0u);
}

typedef void (*vector)(void);
struct vectors {
  uint32_t *stack_top;
  vector handlers[15];
};

__attribute__((section(".vectors"), used)) static const struct vectors vectors = {
  board_stack_top,
  {board_reset, board_fault, board_fault, board_fault, board_fault, board_fault, 0, 0, 0, 0, board_fault,
   board_fault, 0, board_fault, board_tick}};
