/* The first layer of the library as operators of PyTorch, on its stable ABI: the same file serves each torch from 2.9 on
   and every Python. `make torch` builds it; then, without wincook,

   torch.ops.load_library("@name@_torch.so")
   packed = torch.ops.@name@.pack(weights, bias)
   y = torch.ops.@name@.convolve(x, packed, filters, top=1, bottom=1, left=1, right=1)

   Arrays are on the CPU; x is of @x_format@, y of @y_format@, a residual of @residual_format@, and all others of float32. x and y have the memory format of the layout, @layout@. Operators are for inference. */

#define TORCH_TARGET_VERSION (((0ULL + 2) << 56) | ((0ULL + 9) << 48)) /* no function that 2.9 lacks */

#include <torch/csrc/stable/library.h>
#include <torch/csrc/stable/tensor.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "@name@.h"

namespace {

using torch::stable::Tensor;
using MaybeTensor = std::optional<Tensor>;
using Sizes = std::array<int64_t, 4>; /* image, channel, row, column */

void require(bool holds, const std::string &what) {
  if (!holds) throw std::runtime_error("@name@: " + what);
}

void check(int32_t status) {
  static const char *const meanings[] = {"", "sizes, memory or packed weights that cannot be",
                                         "no code for such filters, strides or processors", "too little memory"};
  require(status == @NAME@_OK, meanings[status & 3]);
}

void require_type(const Tensor &tensor, const char *name, int32_t wanted, const char *of) {
  int32_t type;
  TORCH_ERROR_CODE_CHECK(aoti_torch_get_dtype(tensor.get(), &type));
  require(type == wanted, std::string(name) + " must be of " + of);
}

void require_floats(const Tensor &tensor, const char *name) {
  require_type(tensor, name, aoti_torch_dtype_float32(), "float32");
}

/* How far neighbours are apart in memory. */
Sizes strides_of(const Sizes &sizes) {
  const auto [images, channels, rows, columns] = sizes;
  (void)images;
#if @LAYER@_CHANNELS_LAST
  return {channels * rows * columns, 1, channels * columns, channels};
#else
  return {channels * rows * columns, rows * columns, columns, 1};
#endif
}

Sizes sizes_of(const Tensor &tensor, const char *name) {
  require(tensor.dim() == 4, std::string(name) + " must have four axes");
  return {tensor.size(0), tensor.size(1), tensor.size(2), tensor.size(3)};
}

/* The elements of an array whose places follow one another in the order of the layout. */
void *elements_of(const Tensor &tensor, const char *name) {
  const Sizes sizes = sizes_of(tensor, name), strides = strides_of(sizes);
  for (int64_t axis = 0; axis < 4; ++axis) {
    require(sizes[size_t(axis)] == 1 || tensor.stride(axis) == strides[size_t(axis)],
            std::string(name) + " must be contiguous" + (@LAYER@_CHANNELS_LAST ? " in torch.channels_last" : ""));
  }
  return tensor.data_ptr();
}

/* Numbers that follow one another, or null. */
const float *numbers_of(const MaybeTensor &tensor, const char *name, int64_t count) {
  if (!tensor) return nullptr;
  require_floats(*tensor, name);
  require(tensor->is_contiguous() && tensor->numel() == count,
          std::string(name) + " must have a number for each filter");
  return static_cast<const float *>(tensor->data_ptr());
}

template <size_t axes>
Tensor empty(const std::array<int64_t, axes> &sizes, const std::array<int64_t, axes> &strides, int32_t type,
             int32_t device) {
  AtenTensorHandle made;
  TORCH_ERROR_CODE_CHECK(aoti_torch_empty_strided(int64_t(axes), sizes.data(), strides.data(),
                                                  type, device, 0, &made));
  return Tensor(made);
}

@name@_dims dims_of(int64_t filters, int64_t channels, int64_t groups) {
  @name@_dims dims = @LAYER@_DIMS;
  dims.filters = filters;
  dims.channels = channels;
  dims.groups = groups;
  return dims;
}

int64_t packed_floats(const @name@_dims &dims) {
  int64_t workspace_bytes, packed_bytes, alignment;
  check(@layer@_query(&dims, &workspace_bytes, &packed_bytes, &alignment));
  return packed_bytes / int64_t(sizeof(float));
}

/* Weights (filters, channels/groups, *taps), and numbers for each filter, into packed ones. */
Tensor pack_on(int32_t device, const Tensor &weights, const MaybeTensor &bias, const MaybeTensor &scale,
               const MaybeTensor &shift, int64_t groups) {
  const Sizes sizes = sizes_of(weights, "weights");
  @name@_dims dims = dims_of(sizes[0], sizes[1] * groups, groups);
  dims.taps_down = sizes[2];
  dims.taps_across = sizes[3];
  dims.height = 1 + (dims.taps_down - 1) * dims.dilation_down; /* any will do */
  dims.width = 1 + (dims.taps_across - 1) * dims.dilation_across;
  Tensor packed = empty<1>({packed_floats(dims)}, {1}, aoti_torch_dtype_float32(), device);
  if (device != aoti_torch_device_type_cpu()) return packed;
  require_floats(weights, "weights");
  require(weights.is_contiguous(), "weights must be contiguous");
  check(@layer@_pack(&dims, static_cast<const float *>(weights.data_ptr()), numbers_of(bias, "bias", dims.filters),
                     numbers_of(scale, "scale", dims.filters), numbers_of(shift, "shift", dims.filters),
                     packed.data_ptr(), packed.numel() * int64_t(sizeof(float))));
  return packed;
}

/* Memory that a thread of torch's works in, and keeps. */
void *workspace_of(int64_t bytes) {
  thread_local std::unique_ptr<void, decltype(&std::free)> kept(nullptr, &std::free);
  thread_local int64_t kept_bytes = 0;
  if (kept_bytes < bytes) {
    kept_bytes = 0;
    const int64_t lines = (bytes + @NAME@_ALIGNMENT - 1) / @NAME@_ALIGNMENT;
    kept.reset(std::aligned_alloc(@NAME@_ALIGNMENT, size_t(lines * @NAME@_ALIGNMENT)));
    kept_bytes = kept ? bytes : 0;
  }
  return kept.get();
}

Tensor convolve_on(int32_t device, const Tensor &x, const Tensor &packed, int64_t filters, const MaybeTensor &residual,
                   int64_t groups, const std::array<int64_t, 4> &padding) {
  const auto [images, channels, rows, columns] = sizes_of(x, "x");
  @name@_dims dims = dims_of(filters, channels, groups);
  dims.batch = images;
  dims.height = rows;
  dims.width = columns;
  dims.top = padding[0];
  dims.bottom = padding[1];
  dims.left = padding[2];
  dims.right = padding[3];
  int64_t workspace_bytes, packed_bytes, alignment, items;
  Sizes sizes;
  check(@layer@_query(&dims, &workspace_bytes, &packed_bytes, &alignment));
  check(@layer@_shape(&dims, sizes.data(), &items));
  if (@LAYER@_CHANNELS_LAST) sizes = {sizes[0], sizes[3], sizes[1], sizes[2]};
  Tensor y = empty<4>(sizes, strides_of(sizes), aoti_torch_dtype_@y_format@(), device);
  if (device != aoti_torch_device_type_cpu()) return y;

  require_floats(packed, "packed");
  require(packed.is_contiguous() && packed.numel() * int64_t(sizeof(float)) == packed_bytes,
          "packed must be weights that were packed for so many filters");
  require(residual.has_value() == bool(@LAYER@_RESIDUAL),
          @LAYER@_RESIDUAL ? "the residual is missing" : "no residual is added");
  @name@_args args = {};
  args.dims = dims;
  require_type(x, "x", aoti_torch_dtype_@x_format@(), "@x_format@");
  args.x.data = static_cast<@LAYER@_TYPE_OF_X *>(elements_of(x, "x"));
  if (residual) {
    const int64_t side = @LAYER@_POOLS ? 2 : 1;
    require(sizes_of(*residual, "residual") == Sizes{sizes[0], sizes[1], side * sizes[2], side * sizes[3]},
            "residual must have the sizes of what it is added to");
    require_type(*residual, "residual", aoti_torch_dtype_@residual_format@(), "@residual_format@");
    args.residual.data = static_cast<@LAYER@_TYPE_OF_RESIDUAL *>(elements_of(*residual, "residual"));
  }
  args.y.data = static_cast<@LAYER@_TYPE_OF_Y *>(elements_of(y, "y"));
  args.packed = packed.data_ptr();
  args.workspace_bytes = workspace_bytes;
  std::atomic<int32_t> status{@NAME@_OK};
#pragma omp parallel
  {
    @name@_args mine = args;
    mine.workspace = workspace_of(workspace_bytes);
#pragma omp for schedule(dynamic)
    for (int64_t item = 0; item < items; ++item) {
      if (int32_t failed = @layer@_run(&mine, item, item + 1)) status = failed;
    }
  }
  check(status);
  return y;
}

Tensor pack(Tensor weights, MaybeTensor bias, MaybeTensor scale, MaybeTensor shift, int64_t groups) {
  return pack_on(aoti_torch_device_type_cpu(), weights, bias, scale, shift, groups);
}

Tensor pack_of_sizes(Tensor weights, MaybeTensor bias, MaybeTensor scale, MaybeTensor shift, int64_t groups) {
  return pack_on(aoti_torch_device_type_meta(), weights, bias, scale, shift, groups);
}

Tensor convolve(Tensor x, Tensor packed, int64_t filters, MaybeTensor residual, int64_t groups, int64_t top,
                int64_t bottom, int64_t left, int64_t right) {
  return convolve_on(aoti_torch_device_type_cpu(), x, packed, filters, residual, groups, {top, bottom, left, right});
}

Tensor convolve_of_sizes(Tensor x, Tensor packed, int64_t filters, MaybeTensor residual, int64_t groups, int64_t top,
                         int64_t bottom, int64_t left, int64_t right) {
  return convolve_on(aoti_torch_device_type_meta(), x, packed, filters, residual, groups, {top, bottom, left, right});
}

} // namespace

STABLE_TORCH_LIBRARY(@name@, library) {
  library.def("pack(Tensor weights, Tensor? bias=None, Tensor? scale=None, Tensor? shift=None, int groups=1) -> Tensor");
  library.def("convolve(Tensor x, Tensor packed, int filters, Tensor? residual=None, int groups=1, int top=0, "
              "int bottom=0, int left=0, int right=0) -> Tensor");
}

STABLE_TORCH_LIBRARY_IMPL(@name@, CPU, library) {
  library.impl("pack", TORCH_BOX(&pack));
  library.impl("convolve", TORCH_BOX(&convolve));
}

STABLE_TORCH_LIBRARY_IMPL(@name@, Meta, library) { /* sizes alone, for compilers */
  library.impl("pack", TORCH_BOX(&pack_of_sizes));
  library.impl("convolve", TORCH_BOX(&convolve_of_sizes));
}
