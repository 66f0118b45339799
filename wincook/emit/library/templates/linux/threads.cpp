/* One layer by threads of the program's own: with std::thread, with OpenMP, and as the callback of a pool. `make threads`
   builds it and runs it. Items are independent; only the workspace is not shared. */

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

#include "elements.h"

/* Memory that starts where the library wants it. */
template <typename Element> static Element *take(int64_t bytes) {
  void *memory = std::aligned_alloc(@NAME@_ALIGNMENT, size_t(bytes + @NAME@_ALIGNMENT - bytes % @NAME@_ALIGNMENT));
  if (!memory) std::exit(2);
  return static_cast<Element *>(memory);
}

template <typename Element> static Element *numbers(int elements, int64_t count) {
  Element *values = take<Element>(count * int64_t(sizeof *values));
  for (int64_t i = 0; i < count; ++i) @name@_put_element(elements, values, i, double(i % 17 - 8));
  return values;
}

/* What a pool calls for each item, with the number of the thread that does it: pthreadpool, for one, has such a form. */
struct work {
  @name@_args args; /* with the workspaces of all threads, one after another */
  int64_t bytes_each;
};

static void compute(void *context, size_t thread, size_t item) {
  const work *shared = static_cast<const work *>(context);
  @name@_args args = shared->args;
  args.workspace = static_cast<char *>(args.workspace) + int64_t(thread) * shared->bytes_each;
  args.workspace_bytes = shared->bytes_each;
  if (@layer@_run(&args, int64_t(item), int64_t(item) + 1)) std::exit(3);
}

static void with_std_thread(work &shared, size_t threads, size_t items) {
  std::atomic<size_t> next{0};
  std::vector<std::thread> pool;
  for (size_t thread = 0; thread < threads; ++thread) {
    pool.emplace_back([&, thread] {
      for (size_t item = next++; item < items; item = next++) compute(&shared, thread, item);
    });
  }
  for (std::thread &thread : pool) thread.join();
}

#ifdef _OPENMP
#include <omp.h>

static void with_openmp(work &shared, size_t threads, size_t items) {
#pragma omp parallel for schedule(dynamic) num_threads(int(threads))
  for (int64_t item = 0; item < int64_t(items); ++item) compute(&shared, size_t(omp_get_thread_num()), size_t(item));
}
#endif

int main() {
  const size_t threads = 4;
  @name@_dims dims = @LAYER@_DIMS;
  int64_t workspace_bytes, packed_bytes, alignment, shape[4], items;
  if (@layer@_query(&dims, &workspace_bytes, &packed_bytes, &alignment) || @layer@_shape(&dims, shape, &items)) return 1;
  const int64_t count = shape[0] * shape[1] * shape[2] * shape[3];

  float *weights =
      numbers<float>(@NAME@_FLOAT32, dims.filters * (dims.channels / dims.groups) * dims.taps_down * dims.taps_across);
  void *packed = take<char>(packed_bytes);
  if (@layer@_pack(&dims, weights, nullptr, nullptr, nullptr, packed, packed_bytes)) return 1;

  work shared{};
  shared.bytes_each = workspace_bytes + alignment - workspace_bytes % alignment;
  shared.args.dims = dims;
  shared.args.x.data =
      numbers<@LAYER@_TYPE_OF_X>(@LAYER@_ELEMENTS_OF_X, dims.batch * dims.channels * dims.height * dims.width);
  if (@LAYER@_RESIDUAL) {
    shared.args.residual.data =
        numbers<@LAYER@_TYPE_OF_RESIDUAL>(@LAYER@_ELEMENTS_OF_RESIDUAL, count * (@LAYER@_POOLS ? 4 : 1));
  }
  shared.args.packed = packed;
  shared.args.workspace = take<char>(int64_t(threads) * shared.bytes_each);
  shared.args.workspace_bytes = shared.bytes_each;

  std::vector<@LAYER@_TYPE_OF_Y *> results;
  const int64_t y_bytes = count * int64_t(sizeof(@LAYER@_TYPE_OF_Y));
  const auto run = [&](auto &&pool) {
    results.push_back(take<@LAYER@_TYPE_OF_Y>(y_bytes));
    shared.args.y.data = results.back();
    pool(shared, threads, size_t(items));
  };
  run([](work &alone, size_t, size_t number) {
    for (size_t item = 0; item < number; ++item) compute(&alone, 0, item);
  });
  run(with_std_thread);
#ifdef _OPENMP
  run(with_openmp);
#endif
  int different = 0;
  for (@LAYER@_TYPE_OF_Y *y : results) different |= std::memcmp(results[0], y, size_t(y_bytes));
  std::printf("%d ways to compute %lld items: %s\n", int(results.size()), static_cast<long long>(items),
              different ? "y DIFFERS" : "the same y");
  for (@LAYER@_TYPE_OF_Y *y : results) std::free(y);
  std::free(weights);
  std::free(packed);
  std::free(const_cast<@element@ *>(shared.args.x.data));
  std::free(const_cast<@element@ *>(shared.args.residual.data));
  std::free(shared.args.workspace);
  return different != 0;
}
