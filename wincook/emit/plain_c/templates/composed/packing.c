/* Weights of the layer that are weights of a kernel: from where to where, and how far along each axis. */
typedef struct {
  int64_t @of_weight_move@;
} weight_move;

static const weight_move weight_moves[] = {
@weight_moves@
};

static void move_weights(const float *weights, const weight_move *move, float *target) {
  for (int64_t k = 0; k < move->filters; ++k) {
    for (int64_t c = 0; c < move->channels; ++c) {
      for (int64_t i = 0; i < move->rows; ++i) {
        const float *source = weights + move->source + k * move->from_filter + c * move->from_channel + i * move->from_row;
        float *place = target + move->target + k * move->to_filter + c * move->to_channel + i * move->to_row;
        for (int64_t j = 0; j < move->columns; ++j) {
          place[j * move->to_column] = source[j * move->from_column] * SCALE_OF_X;
        }
      }
    }
  }
}

/* Weights into those of each kernel. */
static void pack_weights(const layer *of, const float *weights, float *U) {
  float *taken = U + packed_floats();
  const float *bias = no_bias(taken);
  (void)of;
  for (int64_t number = 0; number < CALLS; ++number) {
    const call *kernel = calls + number;
    const @name@_dims dims = dims_of(kernel, 1);
    const int64_t packed = floats_of_call(kernel, 1).packed;
    for (int64_t i = 0; i < PART_WEIGHTS; ++i) taken[i] = 0.0f;
    for (int64_t i = kernel->weights_begin; i < kernel->weights_end; ++i) move_weights(weights, weight_moves + i, taken);
    (void)kernel->pack(&dims, taken, ADDS ? NULL : bias, NULL, NULL, U, 4 * packed);
    U += packed;
  }
}

