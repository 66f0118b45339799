/* Where the products of a layer begin in the tables: groups that are computed in turn have a calibration each. */
SOMETIMES static inline int64_t first_product(const layer *of) {
#if CALIBRATIONS > 1
  return of->dims.variant * PRODUCTS;
#else
  (void)of;
  return 0;
#endif
}

