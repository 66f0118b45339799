
/* @title@ */
#define @LAYER@_METHOD "@method@"
#define @LAYER@_FORMAT "@format@" /* of products; weights and numbers of filters are float32 */
#define @LAYER@_POINTS "@points@"
#define @LAYER@_LAYOUT "@layout@" /* of x, the residual and y */
#define @LAYER@_CHANNELS_LAST @channels_last@
#define @LAYER@_EPILOGUE "@epilogue@" /* what follows the convolution */
#define @LAYER@_SCALED @scaled@ /* whether @layer@_pack takes a scale and a shift */
#define @LAYER@_RESIDUAL @residual@ /* whether @layer@_run adds a residual */
#define @LAYER@_POOLS @pools@ /* whether 2x2 outputs become one */
#define @LAYER@_ELEMENTS_OF_X @NAME@_@X_FORMAT@
#define @LAYER@_ELEMENTS_OF_Y @NAME@_@Y_FORMAT@
#define @LAYER@_ELEMENTS_OF_RESIDUAL @NAME@_@RESIDUAL_FORMAT@
#define @LAYER@_TYPE_OF_X @x_type@
#define @LAYER@_TYPE_OF_Y @y_type@
#define @LAYER@_TYPE_OF_RESIDUAL @residual_type@
#define @LAYER@_SCALE_OF_X @x_scale@ /* elements of 8 bits stand for scale (element - zero) */
#define @LAYER@_SCALE_OF_Y @y_scale@
#define @LAYER@_SCALE_OF_RESIDUAL @residual_scale@
#define @LAYER@_ZERO_OF_X @x_zero@
#define @LAYER@_ZERO_OF_Y @y_zero@
#define @LAYER@_ZERO_OF_RESIDUAL @residual_zero@
#define @LAYER@_CODE "@code@" /* which code this is, by its text */@calibrated@
@accuracy@
/* The layer that the code was planned for, as an initialiser of @name@_dims. @serves@ */
#define @LAYER@_DIMS { @dims@ }

int32_t @layer@_query(const @name@_dims *dims, int64_t *workspace_bytes, int64_t *packed_bytes, int64_t *alignment);

/* The sizes of y, in the order of the layout, and how many items there are. */
int32_t @layer@_shape(const @name@_dims *dims, int64_t y[4], int64_t *items);

/* Weights (filters, channels/groups, taps_down, taps_across); bias, scale and shift (filters) may be null. */
int32_t @layer@_pack(const @name@_dims *dims, const float *weights, const float *bias, const float *scale,
                     const float *shift, void *packed, int64_t packed_bytes);
@pack_sparse@
/* Compute the items from begin to end, the last one left out. @strides@ */
int32_t @layer@_run(const @name@_args *args, int64_t begin, int64_t end);
