/* Products: some rows of V times a block of U, summed over the terms. V stands in blocks of so many lines of LANES floats,
   one for each row, with IN_FLOAT terms in the room of a float. There is a micro-kernel for each number of rows up to
   ROWS, whose sums go to rows of M, so many floats apart. A step of a sum takes a word of V, and of U BLOCK words. */

#if defined __GNUC__
#define FETCH(place, floats) __builtin_prefetch((const void *)((uintptr_t)(place) + 4 * (uintptr_t)(floats)), 0, 2)
#else
#define FETCH(place, floats) ((void)(floats))
#endif

#define ROWS_1(DO) DO(0)
#define ROWS_2(DO) ROWS_1(DO) DO(1)
#define ROWS_3(DO) ROWS_2(DO) DO(2)
#define ROWS_4(DO) ROWS_3(DO) DO(3)
#define ROWS_5(DO) ROWS_4(DO) DO(4)
#define ROWS_6(DO) ROWS_5(DO) DO(5)
#define ROWS_7(DO) ROWS_6(DO) DO(6)
#define ROWS_8(DO) ROWS_7(DO) DO(7)
#define ROWS_9(DO) ROWS_8(DO) DO(8)
#define ROWS_10(DO) ROWS_9(DO) DO(9)
#define ROWS_11(DO) ROWS_10(DO) DO(10)
#define ROWS_12(DO) ROWS_11(DO) DO(11)
#define ROWS_13(DO) ROWS_12(DO) DO(12)
#define ROWS_14(DO) ROWS_13(DO) DO(13)

