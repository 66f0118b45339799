/* @title@

   Made by wincook @version@: C99 or C++17 that needs libc and libm alone. @name@.h says how it is called.

   With the vectors of GCC and Clang, each holds 16, 8 or 4 floats, as the instructions have that the compiler is told
   to use, as by -march=native. Without them, or with -DNO_VECTORS, it holds one, which is slow. The bits are the same:
   each operation rounds by itself, and fmaf alone is fused. What follows says so to GCC and to compilers that know the
   pragma of C; others need an option such as -ffp-contract=off. */

#include "@name@.h"

#include <float.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#if defined __FAST_MATH__ || defined __ASSOCIATIVE_MATH__ || defined __RECIPROCAL_MATH__ || \
    (defined __FINITE_MATH_ONLY__ && __FINITE_MATH_ONLY__)
#error "-ffast-math and its parts change results; compile without them"
#endif
#if FLT_EVAL_METHOD < 0 || FLT_EVAL_METHOD == 1 || FLT_EVAL_METHOD == 2
#error "float operations must round to float; on 32-bit x86 take -msse2 -mfpmath=sse"
#endif

#if defined __GNUC__ && !defined __clang__
#pragma GCC optimize("fp-contract=off")
#else
#pragma STDC FP_CONTRACT OFF
#endif

#define CODE INT64_C(0x@code@) /* what packed weights are for, with LANES and ROWS added */
#define L2 INT64_C(@l2@) /* bytes of the cache that panels should fit into */
@constants@

